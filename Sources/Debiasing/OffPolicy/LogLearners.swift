import Models
import RoutingData

/// Who may be evaluated on which rows of a log: a router that learned from a row's answer is flattered by it.
package struct LogLearners: Sendable {
  private let dataset: Dataset
  private let log: Log
  private let folder: String
  private let parts: Set<SplitPart>

  /// Learners of a log; `dataset` is what the log saw, `parts` what is evaluated, `folder` what messages name.
  package init(_ dataset: Dataset, logged log: Log, folder: String, parts: Set<SplitPart>) {
    self.dataset = dataset
    self.log = log
    self.folder = folder
    self.parts = parts
  }

  /// The benchmark that routers of the log's LLMs are trained on: its train part holds the logged train queries alone.
  ///
  /// Other train queries have no answers, and so nothing to learn from; they go to the validation part, which these
  /// routers do not look at.
  package func benchmark() throws(DataError) -> Benchmark {
    let whole = try dataset.benchmark(named: log.benchmark)
    let answered = Set(log.picks.lazy.filter { $0.response != nil }.map(\.query))
    let split = whole.split.parts.enumerated().map { query, part in
      part == .train && !answered.contains(query) ? .validation : part
    }
    return try whole.with(split: Split(parts: split))
  }

  /// Throws for routers that need answers which no log has, and for those that would be evaluated on what they learn
  /// from.
  package func require(_ routers: [RouterSpecification]) throws(DataError) {
    for router in routers {
      if router.needsAnswers {
        throw DataError(
          "router '\(router.text)' needs all answers to a query, a log has one: measure it on a dataset with --data"
        )
      }
      guard case .trained = router.recipe else { continue }
      guard !parts.contains(.train) else {
        throw DataError(
          "router '\(router.text)' learns from the train queries of '\(folder)': give --part test")
      }
      guard log.picks.contains(where: { isTrain($0) }) else {
        throw DataError(
          "router '\(router.text)' learns from train queries, and the log has none: use model:DIR, or log queries of all parts"
        )
      }
    }
  }

  private func isTrain(_ pick: LoggedPick) -> Bool {
    guard let benchmark = dataset.benchmarks.first else { return false }
    return benchmark.split.parts[pick.query] == .train
  }

  /// Throws for models that were trained on this very log, unless the rows are those of test queries.
  package func require(modelDatasets: [String], hash: String?) throws(DataError) {
    guard parts != [.test], let hash, modelDatasets.contains(hash) else { return }
    throw DataError(
      "a model was trained on '\(folder)' itself, and would be evaluated on rows that it learned from or was chosen by: "
        + "give --part test")
  }
}
