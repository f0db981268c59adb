import FileFormats
import Foundation
import Learning
import Metrics
import Models
import NumericKernels
import Regression
import Routing
import RoutingData

/// Training from a log: what only the picked LLM's answers say, with what is done about the policy that picked.
///
/// `auto` is the combined correction of `StackedRidge` for regressions in closed form. For any other model it is `ipw`
/// where weighted validation answers show, by more than their standard error, that it predicts better than `none`. Without
/// recorded propensities it is `none`, with a note.
public struct LogTraining: Sendable {
  /// What was asked for.
  public let debias: DebiasMethod
  /// What anybody should know before the result.
  public let notes: [String]
  private let evidence: LogEvidence
  private let answers: LoggedAnswers
  private let dataset: Dataset
  private let benchmark: Benchmark
  private let encoder: String?

  /// What a log of a dataset's benchmark teaches; the benchmark's own responses are not looked at.
  ///
  /// - Throws: `DataError` for a log without a grade or of one LLM, or without the propensities that the method needs.
  public init(_ log: Log, of dataset: Dataset, debias: DebiasMethod, encoder: String? = nil) throws(DataError)
  {
    self.debias = debias
    self.dataset = dataset
    self.encoder = encoder
    benchmark = try dataset.benchmark(named: log.benchmark)
    evidence = try LogEvidence(log)
    var notes: [String] = []
    switch (debias, evidence.obstacle) {
    case (.none, _), (_, nil): break
    case (.auto, .noPropensity(let row)):
      notes.append(
        "row \(row) of log '\(log.name)' has no propensity, so its bias can't be corrected: trained as with --debias none"
      )
    default: try evidence.requireWeights(for: debias)
    }
    if evidence.weighsAuditsOnly, debias != .none, evidence.obstacle == nil {
      notes.append(
        "grades of rows that were not audited may depend on the answer: audited rows alone say how good an LLM is"
      )
    }
    if debias != .none, evidence.obstacle == nil {
      let names = dataset.llmNames(of: benchmark)
      if let note = LogCheck.meanWeightNote(of: log, names: log.llms.map { names[$0] }) { notes.append(note) }
    }
    answers = LoggedAnswers(evidence, split: benchmark.split)
    self.notes = notes
  }

  /// The method for models in closed form, or for all others; nil where it is to be chosen between `none` and `ipw`.
  package func method(closedForm: Bool) -> DebiasMethod? {
    guard debias == .auto else { return debias }
    guard evidence.obstacle == nil else { return DebiasMethod.none }
    return closedForm ? .auto : nil
  }

  /// Whether a trainer is a regression in closed form, which corrections beyond weights need.
  package static func isClosedForm(_ trainer: some Trainer) -> Bool {
    trainer is KernelRidgeTrainer || trainer is RidgeTrainer
  }

  /// Trains a model; `run` trains on data, where that is all there is to do, and may be asked twice.
  ///
  /// - Throws: `DataError` for a method that the model can't have, or a log that nothing can be learned from;
  ///   what `run` throws.
  public func train<T: Trainer>(
    _ trainer: T, run: (T, TrainingData) throws -> TrainedModel<T.Fit.Model>
  ) throws -> StoredModel {
    let closed = Self.isClosedForm(trainer)
    switch method(closedForm: closed) {
    case DebiasMethod.none?: return try trained(trainer, .plain, DebiasMethod.none, run)
    case .ipw?: return try trained(trainer, .weighted, .ipw, run)
    case nil:
      let plain = try trained(trainer, .plain, DebiasMethod.none, run)
      let weighted = try trained(trainer, .weighted, .ipw, run)
      return try weightsHelp(plain, weighted) ? weighted : plain
    case let method?:
      guard closed else {
        throw DataError(
          "--debias \(method.rawValue) needs a regression in closed form: choose --model kernel-ridge or ridge, or "
            + "--debias ipw, which goes with every model")
      }
      return try corrected(trainer, by: method)
    }
  }

  /// Trains a model as it trains by default.
  public func train<T: Trainer>(_ trainer: T) throws -> StoredModel {
    try train(trainer) { try $0.train(on: $1) }
  }

  /// The train and validation parts of the log, LLMs and queries without an answer left out.
  package func data(weighted: Bool) throws -> TrainingData {
    try data(weighted ? .weighted : .plain, empty: .skip)
  }

  private func data(_ counting: LoggedAnswers.Counting, empty: TrainingData.EmptyRule) throws -> TrainingData
  {
    let own = try answers.benchmark(benchmark, counting)
    return try TrainingData(
      dataset.with(benchmarks: [own], hash: dataset.hash, truth: [:], logs: []),
      encoder: encoder, empty: empty)
  }

  private func trained<T: Trainer>(
    _ trainer: T, _ counting: LoggedAnswers.Counting, _ method: DebiasMethod,
    _ run: (T, TrainingData) throws -> TrainedModel<T.Fit.Model>
  ) throws -> StoredModel {
    var model = try run(trainer, try data(counting, empty: .skip))
    model.record.log = record(
      method, answers.cells(counting, part: .train), llms: evidence.log.llms.map { benchmark.llms[$0] })
    return StoredModel(model)
  }

  /// Whether weights lower the log-loss of weighted validation answers by more than the standard error of that.
  private func weightsHelp(_ plain: StoredModel, _ weighted: StoredModel) throws -> Bool {
    let part = try data(.weighted, empty: .keep).blocks[0].validation
    guard part.cells.observedCount > 1 else { return false }
    let names = weighted.router.identity.llms.filter { plain.router.identity.llms.containsName($0) }
    let places = NameIndex(evidence.log.llms.map { dataset.catalog.names[benchmark.llms[$0]] })
    let candidates = Candidates(names)
    guard let first = try plain.router.scores(for: part.queries, among: candidates).probabilities,
      let second = try weighted.router.scores(for: part.queries, among: candidates).probabilities
    else { return false }
    let responses = ResponseMatrix(part.cells)
    var gains: [(gain: Double, weight: Double)] = []
    for row in 0..<part.count {
      for (column, name) in names.enumerated() {
        guard let place = places[name], let response = responses[row, place] else { continue }
        let weight = part.cells.weights.map { Double($0[row, place]) } ?? 1
        gains.append(
          (
            LogLoss.of(Double(first[row, column]), Double(response))
              - LogLoss.of(Double(second[row, column]), Double(response)), weight
          ))
      }
    }
    let total = gains.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return false }
    let mean = gains.reduce(0) { $0 + $1.weight * $1.gain } / total
    let square = gains.reduce(0) { $0 + $1.weight * $1.weight * ($1.gain - mean) * ($1.gain - mean) }
    return mean > square.squareRoot() / total
  }

  /// A regression in closed form with a correction.
  private func corrected<T: Trainer>(_ trainer: T, by method: DebiasMethod) throws -> StoredModel {
    let data = try data(.weighted, empty: .keep)
    let train = data.blocks[0].train
    let place = Dictionary(uniqueKeysWithValues: train.rows.enumerated().map { ($1, $0) })
    // A log may have its LLMs in any order; data have them in the catalogue's.
    let column = Dictionary(uniqueKeysWithValues: data.llms.enumerated().map { ($1, $0) })
    let columns = evidence.log.llms.compactMap { column[benchmark.llms[$0]] }
    precondition(columns.count == evidence.log.llmCount, "data without LLMs of the log")
    func cells(_ counting: LoggedAnswers.Counting) -> LoggedCells {
      answers.cells(counting, part: .train).moved { place[$0] }.moved(llms: columns)
    }
    let plain = cells(.plain)
    guard let first = plain.responses.first else {
      throw DataError("log '\(evidence.log.name)': no row of a train query has a response")
    }
    guard plain.responses.contains(where: { $0 != first }) else {
      throw DataError(
        "log '\(evidence.log.name)': all train responses are the same: there is nothing to learn")
    }
    let correction = LogCorrection(method)
    let regression =
      (trainer as? KernelRidgeTrainer).map { LoggedRidge(correction, like: $0) }
      ?? (trainer as? RidgeTrainer).map { LoggedRidge(correction, like: $0) }
    guard let regression else { preconditionFailure("no regression in closed form") }
    let halves = try QueryFolds(data, count: 2, seed: trainer.seed).folds[0].map { $0 == 1 }
    let weighted = cells(.weighted)
    let result = try regression.fit(
      data,
      cells: .init(
        plain: plain, weighted: weighted, variance: cells(.variance),
        trustsPlainLevels: !evidence.weighsAuditsOnly), halves: halves)
    var log = record(method, weighted, llms: data.llms)
    log.weightedShare = result.fit.weightedShare
    log.spread = result.fit.spread
    log.confounding = result.fit.confounding
    log.standardErrors = named(result.fit.standardErrors, data.llms)
    var record = TrainingRecord(trainer, on: data)
    record.chosen = result.width.map { ["width": $0] } ?? [:]
    record.factors = result.model.factorCount
    record.validation = try ValidationSet(data)?.metrics(of: result.model)
    record.log = log
    return StoredModel(result.model, record: record)
  }

  /// What is known of the log; `llms` are the places of the cells' LLMs in the catalogue.
  private func record(_ method: DebiasMethod, _ cells: LoggedCells, llms: [Int]) -> LogRecord {
    let rows = evidence.log.picks.filter { benchmark.split.parts[$0.query] != .test }
    return LogRecord(
      name: evidence.log.name, debias: debias.rawValue,
      method: method == .auto ? LogCorrection.combined.rawValue : method.rawValue, rows: rows.count,
      graded: answers.rowCount, audited: rows.count { $0.isAudited && $0.response != nil },
      effectiveSampleSizes: named(cells.effectiveSampleSizes, llms))
  }

  private func named(_ values: [Double], _ llms: [Int]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(llms, values).map { (dataset.catalog.names[$0], $1) })
  }
}

extension LogCorrection {
  /// The correction that a method names.
  fileprivate init(_ method: DebiasMethod) {
    switch method {
    case .auto, .none, .ipw: self = .combined
    case .resid: self = .resid
    case .stack: self = .stack
    case .dr: self = .dr
    case .mrdr: self = .mrdr
    case .drjl: self = .drjl
    case .impute: self = .impute
    }
  }
}
