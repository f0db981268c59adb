import CommandLineKit
import Evaluation
import FileFormats
import Foundation
import NumericKernels

/// `rs-eval compare`: paired differences of the routers of a finished run, by cell and over cells.
enum CompareCommand {
  static let words = Positional.many(
    "RUN", help: "results folder, then two routers of it; with --baseline the folder alone; or RUN1:A RUN2:B")
  static let baseline = Option.string(
    "baseline", placeholder: "NAME", help: "compare every other router of the run with this one"
  ).optional(meaning: "none")
  static let csv = Option.flag("csv", help: "print a CSV row for each difference on standard output")
  static let cells = Option.flag("cells", help: "print the differences of every pool too, not only means")

  static let command = Command(
    name: "compare",
    summary:
      "Compare routers of a finished run: paired differences in μ with intervals, p and Holm's adjustment.",
    options: [baseline, cells, csv, CommonOptions.threads, CommonOptions.json, CommonOptions.quiet],
    positional: [words],
    examples: [
      "rs-eval compare results/ knn mlp", "rs-eval compare results/ --baseline best-single --csv",
      "rs-eval compare results/:knn other/:knn --json",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    if arguments[csv] && arguments[CommonOptions.json] {
      throw UsageError("choose one of '--csv' and '--json'")
    }
    let comparison = try comparison(arguments[words], baseline: arguments[baseline])
    if arguments[CommonOptions.json] {
      try StandardOutput.writeJSON(comparison)
    } else if arguments[csv] {
      try StandardOutput.write(comparison.csv)
    } else {
      try StandardOutput.write(ComparisonText.text(comparison, cells: arguments[cells]))
    }
  }

  private static func comparison(_ words: [String], baseline: String?) throws -> RouterComparison {
    guard let baseline else { return try RouterComparison(pairs(words)) }
    guard words.count == 1 else {
      throw UsageError("'--baseline' takes a results folder alone: it compares every other router")
    }
    let run = try ComparedRun(FinishedRun(words[0]))
    try require(baseline, in: run)
    guard let comparison = try RouterComparison.toBaseline(baseline, of: run) else {
      throw FileError(
        words[0], "has no router but '\(baseline)', so that there is nothing to compare it with")
    }
    return comparison
  }

  private static func pairs(_ words: [String]) throws -> [RouterComparison.Pair] {
    if words.count == 3 {
      let run = try ComparedRun(FinishedRun(words[0]))
      return try [RouterComparison.Pair(side(words[1], of: run), minus: side(words[2], of: run))]
    }
    guard words.count == 2, let first = place(words[0]), let second = place(words[1]) else {
      throw UsageError(
        "expected a results folder and two of its routers, one with '--baseline NAME', or RUN1:A RUN2:B with two "
          + "results folders")
    }
    return try [
      RouterComparison.Pair(
        side(first.router, of: ComparedRun(FinishedRun(first.folder)), label: words[0]),
        minus: side(second.router, of: ComparedRun(FinishedRun(second.folder)), label: words[1]))
    ]
  }

  /// The folder and the router of `FOLDER:ROUTER`; nil where no part before a colon is there.
  private static func place(_ word: String) -> (folder: String, router: String)? {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    for count in 1..<max(parts.count, 1) {
      let folder = parts[..<count].joined(separator: ":")
      if FileManager.default.fileExists(atPath: folder) {
        return (folder, parts[count...].joined(separator: ":"))
      }
    }
    return nil
  }

  private static func side(
    _ router: String, of run: ComparedRun, label: String? = nil
  ) throws -> RouterComparison.Side {
    try require(router, in: run)
    return RouterComparison.Side(router, of: run, label: label)
  }

  /// Throws for a router that a run does not have, with the nearest that it has.
  static func require(_ router: String, in run: ComparedRun) throws(FileError) {
    guard !run.routers.containsName(router) else { return }
    let near = nearestName(to: router, among: run.routers).map { "did you mean '\($0)'?" }
    throw FileError(
      run.run.path,
      "has no router '\(FileError.excerpt(router))'; \(near ?? "it has " + run.routers.joined(separator: ", "))"
    )
  }
}
