import FileFormats
import Foundation
import TestSupport
import Testing

@testable import RoutingData

/// Files of a user's own pools.
@Suite struct OwnPoolsTests {
  private func read(_ bytes: [UInt8], name: String = "mine.txt") throws -> [OwnPool] {
    let scratch = try ScratchFolder()
    let path = scratch.file(name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let catalog = try LLMCatalog(names: ["org/a", "org/b", "c d", "e\u{301}"])
    return try OwnPoolsFile.read(path, in: catalog) { _, names in names[0] }
  }

  private func read(_ text: String, name: String = "mine.txt") throws -> [OwnPool] {
    try read(Array(text.utf8), name: name)
  }

  @Test func oneALine() throws {
    let pool = OwnPool(name: "mine", llms: ["org/b", "c d"])
    #expect(try read("org/b\nc d\n") == [pool])
    #expect(try read("\u{FEFF}\n  org/b\t\r\n\r\nc d") == [pool])
    #expect(try read("org/b\nc d", name: "my.pool.txt").map(\.name) == ["my.pool"])
  }

  @Test func headersBeginPools() throws {
    let pools = try read("[x]\norg/b\norg/a\n\n[y.2]\norg/a\nc d\n", name: "two words")
    #expect(
      pools == [OwnPool(name: "x", llms: ["org/b", "org/a"]), OwnPool(name: "y.2", llms: ["org/a", "c d"])])
  }

  @Test(arguments: [
    ("", "names no LLM"), ("\n \n", "names no LLM"), ("org/a\n", "pool 'mine' has one LLM"),
    ("[x]\n[y]\norg/a\norg/b", "pool 'x' has no LLM"),
    ("org/a\norg/b\norg/a\n", "line 3: LLM 'org/a' stands twice"),
    ("org/a\norg/B\n", "line 2: unknown LLM 'org/B'; did you mean 'org/a'?"),
    ("org/a\n\u{E9}\n", "line 2: unknown LLM"), ("[a/b]\norg/a\norg/b", "line 1: 'a/b' is no name"),
    ("[all_weak]\norg/a\norg/b", "a group is called that"), ("[]\norg/a\norg/b", "'' is no name"),
    ("[x]\norg/a\norg/b\n[x]\norg/a\nc d", "pool 'x' stands twice"),
    ("org/a\norg/b\n[..]\norg/a\nc d", "line 3: '..' is no name"),
  ])
  func badFilesAreRefused(_ text: String, message: String) throws {
    #expect { try read(text) } throws: {
      let line = "\($0)"
      return line.contains(message) && line.contains("mine.txt") && !line.contains("\n")
    }
  }

  @Test func whatIsNoTextIsRefused() throws {
    #expect { try read([0x50, 0x4B, 0xFF, 0xFE]) } throws: { "\($0)".contains("line 1: is not valid UTF-8") }
    #expect { try read("org/a\norg/b", name: "none.txt") } throws: {
      "\($0)".contains("a group is called that; begin the file with a line [NAME]")
    }
  }

  @Test func candidatesAscend() throws {
    let table = try TableBenchmark(
      [[1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 1]], parts: [.train, .train, .test, .test])
    let pool = OwnPool(name: "mine", llms: ["llm2", "llm0", "llm1"])
    func columns(_ queries: PoolQueries) throws -> [Int] {
      let made = try pool.candidates(of: table.benchmark, llmNames: table.llmNames, from: queries)
      #expect(made.group.rawValue == "mine")
      return made.llms
    }
    #expect(try columns(.all) == [0, 1, 2] && columns(.train) == [1, 2, 0])
    #expect {
      try OwnPool(name: "p", llms: ["llm0", "x"]).candidates(
        of: table.benchmark, llmNames: table.llmNames, from: .all)
    } throws: { "\($0)" == "benchmark 'table' has no answers of LLM 'x' of pool 'p'" }
  }

  @Test func groupsAreNames() throws {
    let groups: [CandidateGroup] = [.allWeak, .own(Name("mine"))]
    let json = try JSONEncoder().encode(groups)
    #expect(String(decoding: json, as: UTF8.self) == #"["all_weak","mine"]"#)
    #expect(try JSONDecoder().decode([CandidateGroup].self, from: json) == groups)
    #expect(CandidateGroup(rawValue: "mine") == nil && CandidateGroup.allCases.count == 3)
    #expect(CandidateGroup.own(Name("\u{E9}")) != .own(Name("e\u{301}")))
  }
}
