import CommandLineKit
import Evaluation
import FileFormats
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData

/// What `rs-eval` and `rs-eval benchmark` are asked to evaluate: their shared options, read and loaded.
struct EvaluationRequest {
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let pools = Option.integers(
    "pools", placeholder: "M,M", default: [3, 5, 10], in: 1...100_000, help: "numbers of candidates")
  static let groups = Option.list(
    "groups", placeholder: "A,B", help: "all_strong, all_weak, strong_to_weak, all, or none"
  ).optional(meaning: "all")
  static let llms = Option.string(
    "llms", placeholder: "FILE",
    help:
      "your own pools beside the groups: an LLM a line, a line [NAME] before each pool if there are several; alone with "
      + "--groups none"
  ).optional(meaning: "none")
  static let poolsFrom = Option.choice(
    "pools-from", placeholder: "PART", of: PoolQueries.self, default: .all,
    help: "queries that pools are constructed on; all is the paper's way, which looks at test queries")
  static let minAnswered = Option.double(
    "min-answered", placeholder: "SHARE", default: PoolConstruction.usualAnsweredShare, in: 0...1,
    help: "share of the queries that an LLM must have answered to be in a constructed pool")
  static let missing = Option.choice(
    "missing", placeholder: "RULE", of: MissingRule.self, default: .complete,
    help:
      "queries that not every candidate answered: complete leaves them out, available routes each among those that "
      + "answered it, and measures the best single LLM likewise")
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "benchmarks to evaluate on"
  ).optional(meaning: "all")
  static let mix = Option.list(
    "mix", placeholder: "A,B",
    help:
      "evaluate on the queries of these benchmarks, or of all, as one benchmark 'mix', with the LLMs that all "
      + "of them have; beside those of --benchmarks, if it is given"
  ).optional(meaning: "none")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings to use"
  ).optional(meaning: "the model's, or the only one")
  static let split = Option.choice(
    "split", placeholder: "PART", of: MeasuredPart.self, default: .test,
    help: "queries to measure on: choose models and settings on validation, measure the chosen one on test")
  static let ties = Option.choice(
    "ties", placeholder: "RULE", of: TieRule.self, default: .trainMean,
    help: "who gets a query on which candidates tie; first is RouterEval's published code")
  static let resamples = Option.integer(
    "resamples", placeholder: "N", default: 10_000, in: 1...10_000_000,
    help: "bootstrap resamples of the measured queries behind each 95% interval")

  static let costs = Option.string(
    "costs", placeholder: "SOURCE",
    help:
      "what answers cost: a column of llms.csv, a CSV file with columns llm and cost, or 'responses' for each answer's own "
      + "cost in the dataset; adds what routers reach at each cost"
  ).optional(meaning: "none")
  static let picks = Option.string(
    "picks", placeholder: "FILE",
    help: "write what each router picked for each query: .csv or .jsonl"
  ).optional(meaning: "none")
  static let overwrite = Option.flag("overwrite", help: "replace a file of --picks that exists")

  /// The shared options, in the order of the help text.
  static let options: [any OptionDeclaration] = [
    pools, groups, llms, poolsFrom, minAnswered, missing, benchmarks, mix, encoder, split, ties, resamples,
    costs, picks, overwrite,
  ]

  let dataset: Dataset
  /// The file of picks that is asked for.
  let picksFile: PicksFile?
  let chosen: [Benchmark]
  let grid: EvaluationGrid
  private let plan: GridPlan
  /// What answers cost; nil where nobody asked.
  private let costs: ResponseCosts?
  /// Where that is known from.
  let costEntry: RunConfiguration.CostEntry?
  let suite: RouterSuite
  /// The encoder of the embeddings; nil where no router looks at them.
  let encoder: String?

  /// Reads the options and loads the dataset of a folder and the routers.
  ///
  /// Options that are not given are those of `run`, if there is one.
  init(
    _ arguments: Arguments, folder: String, routers: [RouterSpecification], like run: RunConfiguration? = nil
  ) throws {
    func value<Value>(_ option: Option<Value>, _ known: (RunConfiguration) throws -> Value) rethrows -> Value
    {
      try arguments.isGiven(option) ? arguments[option] : run.map(known) ?? arguments[option]
    }
    let sizes = value(Self.pools) { $0.sizes }
    guard Set(sizes).count == sizes.count else { throw UsageError("option '--pools' names a size twice") }
    let groups = try Self.groups(
      value(Self.groups) { $0.groups.isEmpty ? ["none"] : $0.groups } ?? ["all"])
    let seed = UInt64(value(CommonOptions.seed) { Int($0.bootstrap.seed) })
    if arguments[Self.overwrite], arguments[Self.picks] == nil {
      throw UsageError("'--overwrite' goes with '--picks'")
    }
    picksFile = try arguments[Self.picks].map {
      try PicksFile($0, inputs: [folder], replacing: arguments[Self.overwrite])
    }
    dataset = try DatasetFolder.open(folder)
    chosen = try dataset.benchmarks(
      named: value(Self.benchmarks) { $0.ownBenchmarks }, mixing: value(Self.mix) { $0.mix })
    suite = try RouterSuite(routers, benchmarks: chosen, of: dataset, seed: seed)
    let catalog = dataset.catalog
    let own =
      try arguments[Self.llms].map {
        try OwnPoolsFile.read($0, in: catalog, nearest: nearestName(to:among:))
      } ?? run?.ownPools
    if groups.isEmpty, own == nil {
      throw UsageError("option '--groups': none is for pools of your own: give --llms")
    }
    grid = EvaluationGrid(
      sizes: sizes, groups: groups, ownPools: own ?? [],
      poolQueries: value(Self.poolsFrom) {
        PoolQueries(rawValue: $0.poolQueries) ?? arguments[Self.poolsFrom]
      },
      leastAnswered: value(Self.minAnswered) { $0.leastAnswered ?? 0 },
      missing: value(Self.missing) { $0.missing ?? .complete }, measured: value(Self.split) { $0.measured },
      ties: value(Self.ties) { TieRule(rawValue: $0.ties) ?? arguments[Self.ties] }, seed: seed,
      bootstrap: Bootstrap(resamples: value(Self.resamples) { $0.bootstrap.resamples }, seed: seed))
    if let hash = dataset.hash, let other = suite.modelDatasets.first(where: { $0 != hash }) {
      Log.note(
        "the model was trained on another dataset (hash \(other.prefix(12))…, this one's is \(hash.prefix(12))…): its train queries "
          + "may be \(grid.measured.rawValue) queries of this one; if this one grew by --merge they are not, but the model knows "
          + "nothing of what is new: train it again"
      )
    }
    for note in suite.notes { Log.note(note) }
    // Validation and test may be of one size, so that a file can't tell.
    if grid.measured == .validation, !suite.scoresFiles.isEmpty {
      Log.note(
        "read as scores of the validation queries, not of the test queries: "
          + suite.scoresFiles.joined(separator: ", "))
    }
    plan = grid.plan(chosen, of: dataset)
    if let source = value(Self.costs, { $0.costs?.source }) {
      let llms = plan.cells.flatMap { cell in cell.pool.llms.map { cell.benchmark.llms[$0] } }
      let read: ResponseCosts
      do { read = try ResponseCosts.read(source, of: Set(llms), in: catalog) } catch let error as FileError
        where !arguments.isGiven(Self.costs)
      {
        throw FileError(
          source,
          "the run was made with these costs, which can't be read: \(error.reason); say by --costs where they are"
        )
      }
      costs = read
      costEntry = RunConfiguration.CostEntry(source: source, sha256: try read.fingerprint(of: chosen))
    } else {
      (costs, costEntry) = (nil, nil)
    }
    let wanted = value(Self.encoder) { $0.encoder } ?? suite.modelEncoder
    encoder = try suite.needsEmbeddings || wanted != nil ? dataset.encoder(wanted, for: chosen) : nil
  }

  /// The routers of a list of texts.
  static func routers(
    _ texts: [String], option: any OptionDeclaration = BenchmarkCommand.routers
  ) throws(UsageError) -> [RouterSpecification] {
    do throws(DataError) {
      return try RouterSpecification.list(texts)
    } catch {
      throw UsageError("option '--\(option.specification.name)': \(error.description)")
    }
  }

  /// Runs the grid with progress and says which cells were left out.
  func evaluate(saving folder: ResultsFolder? = nil) throws -> GridResult {
    for note in plan.notes { Log.note(note) }
    try suite.requireScores(forCells: plan.cells.count)
    func embeddings(_ benchmark: Benchmark) throws -> Matrix {
      try encoder.map { try benchmark.embeddings(encoder: $0) }
        ?? Matrix(rows: benchmark.queries.count, columns: 0)
    }
    for benchmark in chosen {
      try suite.requireRoutes(
        to: plan.cells.filter { Name($0.benchmark.name) == Name(benchmark.name) }.map(\.pool), of: benchmark,
        embeddings: { try embeddings(benchmark) }, encoder: encoder, measured: grid.measured.part)
    }
    let progress = ProgressLine("evaluating", total: plan.cells.count, unit: "pools")
    var onPicks: EvaluationGrid.PicksListener?
    if let picksFile { onPicks = { picksFile.add($0, $1) } }
    let result = try grid.evaluate(
      plan, encoder: encoder, costs: costs,
      embeddings: embeddings,
      prepare: {
        try suite.prepare($0, embeddings: $1, encoder: encoder, measured: grid.measured.part)
      }, saving: folder, onPicks: onPicks,
      onCell: { progress.update($0) })
    progress.finish()
    try picksFile?.write(inOrderOf: plan)
    for cell in result.skipped {
      Log.note("\(cell.benchmark) m = \(cell.size) \(cell.group.rawValue) left out: \(cell.reason)")
    }
    return result
  }

  private static func groups(_ names: [String]) throws(UsageError) -> [CandidateGroup] {
    do throws(DataError) { return try CandidateGroup.list(names) } catch {
      throw UsageError("option '--groups' \(error.description)")
    }
  }
}
