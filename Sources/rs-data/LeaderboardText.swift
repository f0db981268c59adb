import CommandLineKit
import FileFormats
import Foundation
import Metrics

/// A leaderboard as a table for people, as CSV and as JSON.
struct LeaderboardText: Codable {
  struct Score: Codable {
    var benchmark: String
    var answered: Int
    var mean: Estimate?
    var cost: Double?
  }

  struct Entry: Codable {
    var rank: Int?
    var llm: String
    var answered: Int
    var overall: Estimate
    /// The mean cost of an answer; left out where it is not known.
    var cost: Double?
    var benchmarks: [Score]
  }

  var hash: String?
  var split: String
  var llms: [Entry]
  var withoutAnswers: Int

  /// LLMs that lack a benchmark have no rank: what they are compared by is another mean.
  init(_ leaderboard: Leaderboard, hash: String?, split: String) {
    self.hash = hash
    self.split = split
    withoutAnswers = leaderboard.unanswered
    llms = leaderboard.entries.enumerated().map { place, entry in
      Entry(
        rank: entry.isComplete ? place + 1 : nil, llm: entry.llm, answered: entry.answered,
        overall: entry.overall, cost: entry.cost,
        benchmarks: zip(leaderboard.benchmarks, entry.scores).map {
          Score(benchmark: $0, answered: $1?.answered ?? 0, mean: $1?.mean, cost: $1?.cost)
        })
    }
  }

  private var names: [String] { llms.first?.benchmarks.map(\.benchmark) ?? [] }

  private var hasCosts: Bool { llms.contains { $0.benchmarks.contains { $0.cost != nil } } }

  /// A cost in its own unit, to four digits.
  private static func cost(_ value: Double?) -> String {
    NumberFormatting.significant(value, 4)
  }

  /// An aligned table; of one benchmark the overall column is all.
  var table: String {
    let columns = names.count > 1 ? names : []
    var table = TextTable(
      [.right("rank"), .left("LLM"), .right("answers"), .right("mean"), .left("95% interval")]
        + (hasCosts ? [.right("cost")] : [])
        + columns.map { .right($0) })
    for entry in llms {
      table.append(
        [
          entry.rank.map(String.init) ?? NumberFormatting.missing, entry.llm,
          NumberFormatting.count(entry.answered), NumberFormatting.fixed(entry.overall.value, 4),
          "[\(NumberFormatting.fixed(entry.overall.low, 4)), \(NumberFormatting.fixed(entry.overall.high, 4))]",
        ]
          + (hasCosts ? [Self.cost(entry.cost)] : [])
          + (columns.isEmpty ? [] : entry.benchmarks.map { NumberFormatting.fixed($0.mean?.value, 4) }))
    }
    return table.render()
  }

  /// One row an LLM: overall, then answers, mean and ends for each benchmark, and last mean costs where some are known; what
  /// is not known is empty.
  var csv: String {
    func numbers(_ estimate: Estimate?) -> [String] {
      [estimate?.value, estimate?.low, estimate?.high].map { $0.map { "\($0)" } ?? "" }
    }
    let header =
      ["rank", "llm", "answered", "mean", "low", "high"]
      + names.flatMap { name in ["answered", "mean", "low", "high"].map { "\(name) \($0)" } }
      + (hasCosts ? ["cost"] + names.map { "\($0) cost" } : [])
    var text = CSVRow.text(header)
    for entry in llms {
      text += CSVRow.text(
        [entry.rank.map(String.init) ?? "", entry.llm, "\(entry.answered)"] + numbers(entry.overall)
          + entry.benchmarks.flatMap { ["\($0.answered)"] + numbers($0.mean) }
          + (hasCosts ? ([entry.cost] + entry.benchmarks.map(\.cost)).map { $0.map { "\($0)" } ?? "" } : []))
    }
    return text
  }
}
