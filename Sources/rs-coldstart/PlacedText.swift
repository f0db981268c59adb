import ColdStart
import CommandLineKit
import Foundation
import Learning

/// How placed LLMs are printed.
enum PlacedText {
  /// What `--json` prints of one LLM.
  private struct Entry: Encodable {
    let llm: String?
    let accuracies: [Accuracy]
  }

  private struct Accuracy: Encodable {
    let benchmark: String
    let queries: Int
    let answered: Int
    let accuracy: Double
    let low: Double
    let high: Double
    /// The place among the known LLMs and it, from 1.
    let rank: Int
    let of: Int
  }

  /// Prints the accuracy of placed LLMs on some benchmarks with their 95% intervals and their rank.
  ///
  /// `chosen` is how the queries of their answers were.
  static func print(
    _ llms: [(name: String?, placed: Placement.Placed)], benchmarks: [Int], _ trained: TrainedQueries,
    chosen: IntervalMultipliers.Choice, asJSON: Bool
  ) throws {
    let known = benchmarks.map { trained.knownAccuracies(of: $0) }
    let entries = llms.map { llm in
      let intervals = trained.model.intervals(of: llm.placed, chosen: chosen)
      return Entry(
        llm: llm.name,
        accuracies: zip(benchmarks, known).map { benchmark, known in
          let estimate = llm.placed.accuracies[benchmark]
          let interval = intervals[benchmark]
          return Accuracy(
            benchmark: estimate.benchmark, queries: estimate.queries, answered: estimate.answered,
            accuracy: estimate.mean, low: interval.lowerBound, high: interval.upperBound,
            rank: known.filter { $0 > estimate.mean }.count + 1, of: known.count + 1)
        })
    }
    if asJSON { return try StandardOutput.writeJSON(entries) }
    var table = TextTable([
      .left("LLM"), .left("benchmark"), .right("answers"), .right("of"), .right("accuracy"),
      .right("95% interval"), .right("rank"),
    ])
    for entry in entries {
      for accuracy in entry.accuracies {
        table.append([
          entry.llm ?? "new", accuracy.benchmark, NumberFormatting.count(accuracy.answered),
          NumberFormatting.count(accuracy.queries), NumberFormatting.fixed(accuracy.accuracy, 3),
          "\(NumberFormatting.fixed(accuracy.low, 3)) … \(NumberFormatting.fixed(accuracy.high, 3))",
          "\(accuracy.rank)/\(accuracy.of)",
        ])
      }
    }
    try StandardOutput.write(table.render())
  }
}
