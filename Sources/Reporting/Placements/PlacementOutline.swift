import ColdStart
import Evaluation
import FileFormats
import Foundation

/// Runs of placements in the order in which tables and figures show them: by benchmark, and of each benchmark by what was
/// held out.
struct PlacementOutline {
  /// One run's share of a benchmark.
  struct Panel {
    /// What was held out, and the run's folder where that does not tell runs apart.
    let title: String
    let summaries: [PlacementSummary]
    let answersNeeded: [AnswersNeeded]
    let estimates: [PlacedLLM]
    /// What LLMs add to pools; empty where the run does not route.
    let routing: [RoutingSummary]

    /// The numbers of answers, ascending; none of them 0.
    var counts: [Int] { Set(summaries.map(\.answers)).subtracting([0]).sorted() }

    /// The choices of anchors, in the order of the run.
    var anchors: [String] {
      AnchorPolicy.all.map(\.name).filter { name in summaries.contains { $0.anchors == name } }
    }

    /// The choice of anchors that figures of estimators show: adaptive, or else the first.
    var featuredAnchors: String {
      anchors.contains(AnchorPolicy.adaptive.name) ? AnchorPolicy.adaptive.name : anchors.first ?? ""
    }

    /// The number of answers of the figure of single LLMs: 50, or else the next smaller one, or the smallest.
    var featuredCount: Int { counts.last { $0 <= 50 } ?? counts.first ?? 0 }

    /// The summary of a cell; nil where the run has none.
    func summary(_ anchors: String, _ estimator: EstimatorName, _ answers: Int) -> PlacementSummary? {
      summaries.first { $0.anchors == anchors && $0.estimator == estimator && $0.answers == answers }
    }

    /// The answers that a curve needs for a mean absolute error.
    func needed(_ anchors: String, _ estimator: EstimatorName, for target: Double) -> AnswersNeeded? {
      answersNeeded.first {
        $0.anchors == anchors && $0.estimator == estimator && $0.target == target
      }
    }
  }

  /// A benchmark of one dataset.
  struct Section {
    /// Its name in file names, unique in the report.
    let name: String
    let title: String
    let panels: [Panel]
  }

  /// The estimator that stands for all: the mixture.
  static let featured = EstimatorName.stack
  /// What any choice of anchors has to beat: the mean of answers to random queries.
  static let floor = (anchors: AnchorMethod.random.rawValue, estimator: EstimatorName.mean)

  let sections: [Section]

  /// The outline of some runs.
  init(_ runs: [FinishedPlacements]) {
    struct Key: Hashable {
      let dataset: String?
      let benchmark: Name
    }
    let members = runs.flatMap { run in Self.benchmarks(of: run).map { (run: run, benchmark: Name($0)) } }
      .groupedInOrder { Key(dataset: $0.run.configuration.datasetHash, benchmark: $0.benchmark) }
    var used: [Name: Int] = [:]
    sections = members.map { key, found in
      let own = found.map(\.run)
      let isShared = members.count { $0.key.benchmark == key.benchmark } > 1
      used[key.benchmark, default: 0] += 1
      let number = used[key.benchmark] ?? 1
      let benchmark = key.benchmark.text
      return Section(
        // No benchmark has a plus sign in its name.
        name: number > 1 ? "\(benchmark)+\(number)" : benchmark,
        title: isShared ? "\(benchmark) of \(HTMLPage.list(own.map(Self.folderName)))" : benchmark,
        panels: own.map { run in
          let isAlone = own.count { $0.configuration.holdOut == run.configuration.holdOut } == 1
          func isOwn(_ name: String) -> Bool { Name(name) == key.benchmark }
          return Panel(
            title: isAlone
              ? run.configuration.holdOut.words
              : "\(run.configuration.holdOut.words) (\(Self.folderName(run)))",
            summaries: run.result.summaries.filter { isOwn($0.benchmark) },
            answersNeeded: run.result.answersNeeded.filter { isOwn($0.benchmark) },
            estimates: run.result.estimates.filter { isOwn($0.benchmark) },
            routing: run.result.routing.filter { isOwn($0.benchmark) })
        })
    }
  }

  /// The benchmarks that have results.
  private static func benchmarks(of run: FinishedPlacements) -> [String] {
    var seen: Set<Name> = []
    return run.result.summaries.map(\.benchmark).filter { seen.insert(Name($0)).inserted }
  }

  /// The name of a run's folder.
  static func folderName(_ run: FinishedPlacements) -> String { folderName(run.path) }

  /// The name of a folder.
  static func folderName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}

extension HoldOut {
  /// What was held out, in words.
  var words: String {
    switch self {
    case .family: return "families held out"
    case .frontier: return "frontier held out"
    case .llm: return "single LLMs held out"
    case .benchmark: return "benchmarks held out"
    case .subscenario: return "sub-scenarios held out"
    case .query: return "queries held out"
    }
  }
}
