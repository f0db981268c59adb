import Foundation
import Testing

/// Every input of the corpus, read once: a value or one of our own errors, never a trap.
@Suite struct FuzzCorpusTests {
  @Test(arguments: Reader.all) func everyInputEndsInAValueOrAnError(reader: Reader) throws {
    let folder = try #require(
      Bundle.module.url(forResource: reader.name, withExtension: nil, subdirectory: "Corpus"),
      "\(reader.name) has no corpus")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let scratch = try Scratch()
    var values = 0
    var refusals: [String] = []
    for file in files.sorted(by: { $0.path < $1.path }) {
      let outcome = reader.outcome(of: [UInt8](try Data(contentsOf: file)), in: scratch)
      if case .fault(let reason) = outcome { Issue.record("\(file.lastPathComponent): \(reason)") }
      if case .refused(let reason) = outcome { refusals.append(reason) }
      if outcome == .value { values += 1 }
    }
    // A corpus that is refused as a whole would reach nothing behind the first check.
    #expect(values > 0, "no input of \(reader.name) is read to the end: \(refusals)")
  }

  @Test func everyFolderHasItsReader() throws {
    let corpus = try #require(Bundle.module.url(forResource: "Corpus", withExtension: nil))
    let folders = try FileManager.default.contentsOfDirectory(atPath: corpus.path).filter {
      $0 != "README.md"
    }
    #expect(folders.sorted() == Reader.all.map(\.name).sorted())
  }
}

extension Reader: CustomTestStringConvertible {
  var testDescription: String { name }
}
