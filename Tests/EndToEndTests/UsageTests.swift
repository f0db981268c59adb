import Foundation
import Testing

/// What the executables say of themselves and of words they don't understand.
@Suite struct UsageTests {
  @Test(arguments: ["rs-data", "rs-train", "rs-eval", "rs-export", "rs-bench"])
  func version(name: String) throws {
    let version = try Tool(name, "--version")
    #expect(version.status == 0)
    #expect(version.output == "\(name) 0.2.0\n")
    #expect(version.errors.isEmpty)
  }

  /// A command line with a mistake, and what the message must name.
  static let mistakes: [(words: String, named: [String])] = [
    ("rs-train --dta x --output y", ["'--dta'", "'--data'"]),
    ("rs-train --data x", ["--output"]),
    ("rs-train --data x --output y --factors many", ["--factors", "'many'"]),
    ("rs-train --data x --output y --factors 0", ["--factors", "'0'"]),
    ("rs-train --data x --output y --l2 -1", ["--l2", "'-1'"]),
    ("rs-train --data x --output y --model logistic", ["--model", "logistic-mf"]),
    ("rs-train --model logistic --help", ["--model", "logistic-mf"]),
    ("rs-train --data x --output y --model als --l2 0", ["--l2", "'0'"]),
    ("rs-train --data x --output y --model svd --l2 1", ["--l2"]),
    ("rs-train --data x --output y --search 3 --checkpoint-every 1", ["--search", "--checkpoint-every"]),
    ("rs-eval --data x --pool 3", ["'--pool'", "'--pools'"]),
    ("rs-eval --data x --pools 3,,5", ["--pools"]),
    ("rs-eval --data x --groups strong", ["--groups", "all_strong", "'strong'"]),
    ("rs-eval --data x --json --csv", ["--json", "--csv"]),
    ("rs-export --model x --format pny --output y", ["--format", "'pny'"]),
    ("rs-data synht --output x", ["'synht'", "'synth'"]),
    ("rs-data synth --queries 10 --output x", ["--queries", "'10'"]),
    ("rs-data import routereval --output x", ["--scores"]),
    ("rs-data import csv --output x", ["FILE"]),
    ("rs-data import csv a.csv --output x --add --overwrite", ["--add", "--overwrite"]),
    ("rs-bench --fracton 0.1", ["'--fracton'", "'--fraction'"]),
  ]

  @Test(arguments: mistakes)
  func mistakeIsNamed(words: String, named: [String]) throws {
    let parts = words.split(separator: " ").map(String.init)
    let run = try Tool(parts[0], Array(parts.dropFirst()))
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    let lines = run.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines.last == "", "\(run.errors)")
    #expect(lines.first?.hasPrefix("\(parts[0]): ") == true)
    for word in named { #expect(lines.first?.contains(word) == true, "\(run.errors)") }
    #expect(lines.dropFirst().first?.hasPrefix("Try '\(parts[0])") == true)
  }

  /// Results that don't reach their reader are an error, not a success.
  @Test func fullStandardOutput() throws {
    let process = Tool.process("rs-data", ["info", "--json", try Sample.shared().data])
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(text == "rs-data: error: standard output: No space left on device\n")
  }
}
