import Foundation
import Testing

/// Input files that another program cuts short while they are being read.
@Suite(.serialized) struct CutShortTests {
  /// The system's signal (SIGBUS) becomes one line that names the file.
  @Test(arguments: ["import", "verify"]) func isOneLine(_ kind: String) throws {
    let scratch = try Scratch()
    let (words, file): ([String], String)
    if kind == "import" {
      var csv = "query,llm,score\n"
      for query in 0..<60_000 { csv += "question-\(query),a,1\nquestion-\(query),b,0\n" }
      file = try scratch.write("a.csv", csv)
      words = ["import", "csv", file, "--output", scratch["data"]]
    } else {
      try #require(
        Tool(
          "rs-data", "synth", "--llms", "20", "--queries", "12000", "--dimensions", "1024", "--output",
          scratch["data"]
        ).status == 0)
      let folder = scratch["data/embeddings/synthetic"]
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
      let largest = try names.max { try bytes($0).count < bytes($1).count }
      file = try #require(largest)
      words = ["verify", scratch["data"]]
    }
    let before = scratch.entries
    let run = try Tool("rs-data", words) { process in
      let deadline = Date(timeIntervalSinceNow: 60)
      let maps = "/proc/\(process.processIdentifier)/maps"
      while process.isRunning, try !String(contentsOfFile: maps, encoding: .utf8).contains(file) {
        try #require(Date() < deadline, "it was never mapped")
      }
      let handle = try #require(FileHandle(forUpdatingAtPath: file))
      try handle.truncate(atOffset: 100)
    }
    #expect(run.status == 1 && !run.wasKilled, "status \(run.status)")
    #expect(
      run.errors
        == "rs-data: error: \(file): was cut short while it was being read: run this again when the file is whole\n"
    )
    #expect(scratch.entries == before)
  }
}
