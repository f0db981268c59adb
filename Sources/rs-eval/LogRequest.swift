import CommandLineKit
import Debiasing
import Learning
import Models
import NumericKernels
import Routing
import RoutingData

/// What `rs-eval --log` is asked to evaluate: its options, read and loaded.
struct LogRequest {
  /// The rows that are evaluated.
  enum Part: String, CaseIterable, Sendable {
    case train, validation, test, all

    var parts: Set<SplitPart> {
      switch self {
      case .train: [.train]
      case .validation: [.validation]
      case .test: [.test]
      case .all: Set(SplitPart.allCases)
      }
    }
  }

  static let log = Option.string(
    "log", placeholder: "DIR",
    help: "dataset folder with a log: estimate from it what routers would earn (off-policy)"
  ).optional(meaning: "measure on --data")
  static let logName = Option.string(
    "log-name", placeholder: "NAME", help: "with --log: which log of the folder"
  ).optional(meaning: "the only one")
  static let part = Option.choice(
    "part", placeholder: "PART", of: Part.self, default: .test,
    help: "with --log: rows of which queries to evaluate on; no router may have learned from them")
  static let estimators = Option.list(
    "estimators", placeholder: "A,B", default: ["sndr", "snips", "dr"],
    help: "with --log: \(OffPolicyEstimator.forms.joined(separator: ", ")); the first one chooses")
  static let baseline = Option.string(
    "baseline", placeholder: "NAME",
    help: "with --log: router to compare with; best is the LLM that is best on the log's other rows"
  ).optional(meaning: LogEvaluation.best)
  static let intervals = Option.choice(
    "intervals", placeholder: "METHOD", of: IntervalMethod.self, default: .auto,
    help: "with --log: auto is cressie-read below 50 effective rows; betting is wider and guaranteed")
  static let temperature = Option.double(
    "temperature", placeholder: "T", in: 1e-6...1e6,
    help: "with --log: routers pick by the softmax of score/T"
  ).optional(meaning: "pick the highest score")

  /// The options of this mode alone.
  static let options: [any OptionDeclaration] = [
    log, logName, part, estimators, baseline, intervals, temperature,
  ]
  /// Those of the other mode, which say nothing here.
  private static var foreign: [any OptionDeclaration] {
    let shared = [EvaluationRequest.encoder.specification.name, EvaluationRequest.ties.specification.name]
    return EvaluationRequest.options.filter { !shared.contains($0.specification.name) }
  }

  /// Throws for an option of this mode where there is no log.
  static func refuseOptions(of arguments: Arguments) throws(UsageError) {
    for option in options where arguments.isGiven(option) {
      throw UsageError("option '--\(option.specification.name)' is for '--log'")
    }
  }

  private let evaluation: LogEvaluation
  private let suite: RouterSuite
  private let benchmark: Benchmark
  /// What routers of the log's LLMs are trained on.
  private let learnable: Benchmark
  private let encoder: String?
  private let part: Part

  /// Reads the options and loads the log, its dataset and the routers.
  init(_ arguments: Arguments, folder: String, routers: [RouterSpecification]) throws {
    for option in Self.foreign where arguments.isGiven(option) {
      throw UsageError(
        "option '--\(option.specification.name)' is about a whole dataset, not about a log: leave it out")
    }
    var options = LogEvaluation.Options()
    do throws(DataError) {
      for text in arguments[Self.estimators] { options.estimators.append(try OffPolicyEstimator(text)) }
    } catch { throw UsageError("option '--estimators': \(error.description)") }
    if let unknown = options.estimators.first(where: \.needsGroups) {
      throw UsageError(
        "option '--estimators': \(unknown.name) needs the logger's probabilities of all LLMs, which no log holds: leave it out"
      )
    }
    part = arguments[Self.part]
    options.parts = part.parts
    options.method = arguments[Self.intervals]
    options.policy = arguments[Self.temperature].map { SoftmaxPolicy(temperature: Float($0)) }
    options.ties = arguments[EvaluationRequest.ties]
    options.baseline = arguments[Self.baseline]
    options.seed = UInt64(arguments[CommonOptions.seed])
    let dataset = try DatasetFolder.open(folder)
    let log = try dataset.log(named: arguments[Self.logName])
    // Only what the log saw may be learned from, whatever else the folder knows.
    let seen = try dataset.seen(in: log, source: folder)
    let learners = LogLearners(seen, logged: log, folder: folder, parts: options.parts)
    try learners.require(routers)
    benchmark = try seen.benchmark(named: log.benchmark)
    suite = try RouterSuite(routers, benchmarks: [learners.benchmark()], of: seen, seed: options.seed)
    try learners.require(modelDatasets: suite.modelDatasets, hash: dataset.hash)
    for note in suite.notes { Log.note(note) }
    if suite.modelDatasets.contains(where: { $0 != dataset.hash }) {
      Log.note("a model was trained on another dataset: its train queries may be among the log's")
    }
    let wanted = arguments[EvaluationRequest.encoder] ?? suite.modelEncoder
    encoder =
      try suite.needsEmbeddings || wanted != nil
      ? seen.encoder(wanted, for: [benchmark]) : try? seen.encoder(nil, for: [benchmark])
    learnable = try learners.benchmark()
    evaluation = try LogEvaluation(
      log.moved(to: benchmark), of: seen, encoder: encoder, options: options)
  }

  /// Trains what is to be trained and estimates.
  func evaluate() throws -> LogEvaluationResult {
    let embeddings =
      try encoder.map { try benchmark.embeddings(encoder: $0) }
      ?? Matrix(rows: benchmark.queries.count, columns: 0)
    let measured: SplitPart = part == .validation ? .validation : .test
    let routers = try suite.prepare(
      learnable, embeddings: embeddings, encoder: encoder, measured: measured)
    let pool = CandidatePool(group: .strongToWeak, llms: Array(benchmark.llms.indices))
    return try evaluation.evaluate(routers(pool), embeddings: embeddings, encoder: encoder)
  }
}
