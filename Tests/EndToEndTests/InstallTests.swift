import Foundation
import Testing

/// `scripts/install` with programs that are built.
@Suite struct InstallTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scripts/install").path
  private static let programs = [
    "rs-bench", "rs-coldstart", "rs-data", "rs-debias", "rs-eval", "rs-export", "rs-predict", "rs-train",
  ]

  private func install(to prefix: String) throws -> Tool {
    try Tool("/bin/bash", Self.script, prefix, environment: ["ROUTEREC_BINARIES": Tool.folder])
  }

  @Test func everythingIsInPlaceAndWorksFromElsewhere() throws {
    let scratch = try Scratch()
    // Twice: an installation over an older one is the same.
    for _ in 0..<2 {
      let result = try install(to: scratch["p"])
      #expect(result.status == 0, "\(result.errors)")
    }
    func installed(_ folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: scratch["p/\(folder)"]).sorted()
    }
    #expect(try installed("bin").filter { $0.hasPrefix("rs-") } == Self.programs)
    #expect(try installed("bin").allSatisfy { !$0.hasPrefix(".") }, "nothing half-written is left")
    #expect(try installed("share/man/man1") == Self.programs.map { "\($0).1" })
    #expect(try installed("share/bash-completion/completions") == Self.programs)
    #expect(try installed("share/zsh/site-functions") == Self.programs.map { "_\($0)" })
    let page = try String(contentsOfFile: scratch["p/share/man/man1/rs-train.1"], encoding: .utf8)
    #expect(page.contains("OPTIONS WITH \\-\\-model svd"))
    let process = Tool.process(scratch["p/bin/rs-data"], ["fetch", "nobody"])
    process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(text.contains("there are: ") && text.contains("gsm8k"), "\(text)")
  }

  @Test func aPrefixThatCannotBeWrittenIsSaid() throws {
    let scratch = try Scratch()
    let result = try install(to: try scratch.write("file", "") + "/p")
    #expect(result.status == 1)
    #expect(result.errors.contains("can't be written: give another PREFIX"))
  }

  @Test(arguments: Self.programs) func manualPagesAreWellFormed(program: String) throws {
    let page = try Tool(program, "--print-manual")
    #expect(page.status == 0)
    for line in page.output.split(separator: "\n") where line.hasPrefix(".") {
      let request = line.prefix { $0 != " " }
      #expect([".TH", ".SH", ".TP", ".B", ".br", ".nf", ".fi"].contains(request), "\(line)")
    }
    #expect(!page.output.contains("\n'"))
  }
}
