import Evaluation
import FileFormats
import Learning
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData

/// Chooses for each pool of a benchmark how far the picks of a stored model may be spread, and measures it once on test.
///
/// Train queries that the model learned from would flatter it: it knows their answers, so its near-ties there are real. Two
/// kinds of queries do not: the validation queries, which this very model scores, and which chose its settings at most; and
/// train queries out of fold, ten times as many, scored by models like it that never saw them, made of a little less.
public struct ModelSpread {
  /// The queries that the walk looks at.
  public enum Choosing: Equatable, Sendable {
    /// The validation queries.
    case validation
    /// Train queries, each scored by a model that was trained on the other folds.
    case outOfFold(folds: Int)
  }

  /// What came of it.
  public struct Result: Sendable {
    /// The pools that could be measured.
    public let outcomes: [SpreadOutcome]
    /// The rules that were chosen.
    public let policy: SpreadPolicy
    /// The pools that were left out.
    public let skipped: [SkippedCell]
  }

  private let model: StoredModel
  private let dataset: Dataset
  private let benchmark: Benchmark
  private let walk: SpreadWalk
  private let choosing: Choosing

  /// A model and the benchmark to spread on.
  public init(
    _ model: StoredModel, on benchmark: Benchmark, of dataset: Dataset, walk: SpreadWalk, choosing: Choosing
  ) {
    self.model = model
    self.dataset = dataset
    self.benchmark = benchmark
    self.walk = walk
    self.choosing = choosing
  }

  /// Walks for each pool of a grid; `onPool` hears how many are done.
  ///
  /// Cost: scoring for each pool, and out of fold a training for each fold.
  ///
  /// - Throws: `DataError` where no pool can be measured, or for a model that can't be trained again; whatever training throws.
  public func result(
    _ grid: EvaluationGrid, onPool: (_ done: Int) -> Void = { _ in }
  ) throws -> Result {
    let encoder = try dataset.encoder(model.router.encoder, for: [benchmark])
    let embeddings = try benchmark.embeddings(encoder: encoder)
    let known = try outOfFold()
    let plan = grid.plan([benchmark], of: dataset)
    var outcomes: [SpreadOutcome] = []
    var rules: [SpreadPolicy.PoolRule] = []
    var skipped = plan.skipped
    for (done, cell) in plan.cells.enumerated() {
      do {
        let pool = try responses(of: cell, .test)
        let test = try sample(pool, embeddings, encoder)
        let choosing =
          try known?.sample(pool.candidates, cell, benchmark)
          ?? sample(try responses(of: cell, .validation), embeddings, encoder)
        let outcome = SpreadOutcome(walk, pool: pool, choosing: choosing, test: test)
        outcomes.append(outcome)
        if let rule = outcome.rule(choosing) {
          rules.append(SpreadPolicy.PoolRule(llms: pool.llms, rule: rule))
        }
      } catch let error as DataError {
        skipped.append(
          SkippedCell(
            benchmark: benchmark.name, size: cell.pool.size, group: cell.pool.group, reason: error.description
          ))
      }
      onPool(done + 1)
    }
    guard !outcomes.isEmpty else {
      throw DataError("nothing to spread: \(skipped.first?.reason ?? "no pools asked for")")
    }
    return Result(outcomes: outcomes, policy: SpreadPolicy(rules), skipped: skipped)
  }

  private func responses(of cell: EvaluationCell, _ part: MeasuredPart) throws(DataError) -> PoolResponses {
    try PoolResponses(benchmark, llmNames: cell.llmNames, pool: cell.pool, measuredOn: part)
  }

  private func sample(_ pool: PoolResponses, _ embeddings: Matrix, _ encoder: String?) throws -> SpreadSample
  {
    try SpreadSample(
      model.router, of: benchmark, rows: pool.queries, responses: pool.values, candidates: pool.candidates,
      embeddings: embeddings, encoder: encoder)
  }

  /// Scores of train queries by models that did not see them; nil where validation queries choose.
  private func outOfFold() throws -> OutOfFoldTable? {
    guard case .outOfFold(let count) = choosing else { return nil }
    guard let type = TrainerCatalog.type(named: model.record.algorithm) else {
      throw DataError(
        "a model of \(model.record.algorithm) can't be trained again out of fold: leave '--folds' out")
    }
    func table<T: Trainer>(_ type: T.Type) throws -> OutOfFoldTable {
      var trainer = T()
      try trainer.set(model.record.settings)
      trainer.seed = model.record.seed
      let known = Set(model.router.identity.llms.map(Name.init))
      let names = dataset.llmNames(of: benchmark)
      let columns = names.indices.filter { known.contains(Name(names[$0])) }
      // A model of one pool learned from its LLMs alone.
      let pool =
        columns.count == names.count
        ? nil : TrainingData.Pool(benchmark: benchmark.name, llms: columns)
      let data = try TrainingData(
        dataset, benchmarks: pool == nil ? model.record.benchmarks : [], encoder: model.record.encoder,
        pool: pool, empty: .skip)
      let folds = try QueryFolds(data, count: count, seed: model.record.seed)
      let scores = try OutOfFold.scores(trainer, on: data, folds: folds)
      guard let block = data.blocks.firstIndex(where: { Name($0.benchmark) == Name(benchmark.name) }) else {
        throw DataError("the model was not trained on benchmark '\(benchmark.name)'")
      }
      return OutOfFoldTable(
        scores: scores[block], rows: data.blocks[block].train.rows,
        llms: data.blocks[block].llms.map { data.llmNames[$0] })
    }
    return try table(type)
  }
}
