import FileFormats
import NumericKernels
import Metrics
import Routing
import RoutingData
import Synchronization

/// One pool of one benchmark that routers are to be evaluated on.
public struct EvaluationCell: Sendable {
  /// The benchmark.
  public let benchmark: Benchmark
  /// The names of the benchmark's LLMs, by column.
  public let llmNames: [String]
  /// The candidates.
  public let pool: CandidatePool
  /// Where the pool came from.
  public let source: PoolSource
  /// The part of the split that routers are measured on.
  public let measured: MeasuredPart
}

/// The cells of a run.
public struct GridPlan: Sendable {
  /// The cells to evaluate: by benchmark, then size, then group.
  public let cells: [EvaluationCell]
  /// The cells whose size the data do not allow.
  public let skipped: [SkippedCell]
  /// What a user should know of how the pools were chosen, a line each.
  public let notes: [String]
}

/// Evaluates routers over benchmarks × pool sizes × groups.
///
/// A pool that was published with the benchmark is used as it is; else one is constructed. Where pools are
/// to be chosen on train queries alone, published ones are not used: they were chosen on all queries.
public struct EvaluationGrid: Sendable {
  /// The numbers of candidates.
  public let sizes: [Int]
  /// The groups.
  public let groups: [CandidateGroup]
  /// Pools of a user's own, which stand behind the groups of each benchmark.
  public let ownPools: [OwnPool]
  /// Which queries pools are chosen on.
  public let poolQueries: PoolQueries
  /// The share of the queries that pools are chosen on that an LLM of a constructed pool answered at least.
  public let leastAnswered: Double
  /// The part of the split that routers are measured on.
  public let measured: MeasuredPart
  /// What is done with queries that not every candidate answered.
  public let missing: MissingRule
  /// Who gets a query where several candidates share the highest score.
  public let ties: TieRule
  /// The seed of constructed pools.
  public let seed: UInt64
  /// How intervals are made.
  public let bootstrap: Bootstrap

  /// A grid of sizes, each at least 1, and groups.
  public init(
    sizes: [Int], groups: [CandidateGroup] = CandidateGroup.allCases, ownPools: [OwnPool] = [],
    poolQueries: PoolQueries = .all,
    leastAnswered: Double = PoolConstruction.usualAnsweredShare, missing: MissingRule = .complete,
    measured: MeasuredPart = .test, ties: TieRule = .trainMean,
    seed: UInt64 = 0, bootstrap: Bootstrap = Bootstrap()
  ) {
    precondition(sizes.allSatisfy { $0 > 0 }, "pool sizes \(sizes)")
    self.sizes = sizes
    self.groups = groups
    self.ownPools = ownPools
    self.poolQueries = poolQueries
    self.leastAnswered = leastAnswered
    self.missing = missing
    self.measured = measured
    self.ties = ties
    self.seed = seed
    self.bootstrap = bootstrap
  }

  /// The cells of some benchmarks of a dataset.
  ///
  /// Cost: that of `PoolConstruction` where pools are not published.
  public func plan(_ benchmarks: [Benchmark], of dataset: Dataset) -> GridPlan {
    var cells: [EvaluationCell] = []
    var skipped: [SkippedCell] = []
    var notes: [String] = []
    for benchmark in benchmarks {
      let llmNames = dataset.llmNames(of: benchmark)
      var pools = BenchmarkPools(benchmark, from: poolQueries, answering: leastAnswered)
      for size in sizes {
        for group in groups {
          do throws(DataError) {
            let chosen = try pools.pool(size: size, group: group, seed: seed)
            let constructed: PoolSource = poolQueries == .all ? .constructed : .constructedFromTrain
            cells.append(
              EvaluationCell(
                benchmark: benchmark, llmNames: llmNames, pool: chosen.pool,
                source: chosen.isPublished ? .published : constructed, measured: measured))
          } catch {
            skipped.append(
              SkippedCell(benchmark: benchmark.name, size: size, group: group, reason: error.description))
          }
        }
      }
      for own in ownPools {
        do throws(DataError) {
          let pool = try own.candidates(of: benchmark, llmNames: llmNames, from: poolQueries)
          cells.append(
            EvaluationCell(
              benchmark: benchmark, llmNames: llmNames, pool: pool, source: .own, measured: measured))
        } catch {
          skipped.append(
            SkippedCell(
              benchmark: benchmark.name, size: own.llms.count, group: .own(Name(own.name)),
              reason: error.description))
        }
      }
      if pools.sparseCount > 0 {
        notes.append(
          "benchmark '\(benchmark.name)': \(pools.sparseCount) of \(llmNames.count) LLMs answered under "
            + "\(leastAnswered) of the \(poolQueries == .all ? "" : "train ")queries and are in no pool; --min-answered "
            + "sets the share")
      }
    }
    return GridPlan(cells: cells, skipped: skipped, notes: notes)
  }

  /// Evaluates routers on every cell of a plan that the data allow; the others are reported as skipped.
  ///
  /// `embeddings` gives those of all queries of a benchmark, made by `encoder`, and `prepare` what makes the routers
  /// of its pools; both are called once for each benchmark. Cells of a benchmark are evaluated in parallel, the
  /// largest pools first. With a results folder, each cell is saved there as soon as it is done, and cells
  /// that are there already are read instead. `onPicks` hears what each cell's routers picked, and `onCell` how many cells
  /// are done, from several threads.
  ///
  /// - Throws: `DataError` where no cell can be evaluated, and whatever the closures and routers throw;
  ///   the cells that were done before an error stay in the results folder.
  public func evaluate(
    _ plan: GridPlan, encoder: String? = nil, costs: ResponseCosts? = nil,
    embeddings: (Benchmark) throws -> Matrix,
    prepare: (Benchmark, _ embeddings: Matrix) throws -> PoolRouters, saving folder: ResultsFolder? = nil,
    onPicks: PicksListener? = nil,
    onCell: @escaping @Sendable (_ done: Int) -> Void = { _ in }
  ) throws -> GridResult {
    let progress = CellCount(onCell: onCell)
    var results: [CellResult] = []
    var skipped = plan.skipped
    var rest = plan.cells[...]
    while let first = rest.first {
      let own = Array(rest.prefix { $0.benchmark.name == first.benchmark.name })
      rest = rest.dropFirst(own.count)
      for outcome in try evaluate(own, encoder, costs, embeddings, prepare, folder, progress, onPicks) {
        switch outcome {
        case .result(let result): results.append(result)
        case .skipped(let cell): skipped.append(cell)
        }
      }
    }
    guard !results.isEmpty else {
      throw DataError(
        skipped.first.map { "nothing to evaluate: \($0.reason)" } ?? "nothing to evaluate: no cells asked for"
      )
    }
    let result = GridResult(cells: results, skipped: skipped)
    try folder?.finish(result)
    return result
  }

  /// Hears what the routers of a cell picked, from several threads and in any order.
  public typealias PicksListener = @Sendable (EvaluationCell, CellPicks) -> Void

  private enum Outcome: Sendable {
    case result(CellResult)
    case skipped(SkippedCell)
  }

  /// The outcomes of one benchmark's cells, in their order.
  private func evaluate(
    _ cells: [EvaluationCell], _ encoder: String?, _ costs: ResponseCosts?,
    _ embeddings: (Benchmark) throws -> Matrix,
    _ prepare: (Benchmark, Matrix) throws -> PoolRouters, _ folder: ResultsFolder?, _ progress: CellCount,
    _ onPicks: PicksListener?
  ) throws -> [Outcome] {
    var outcomes: [Outcome?] = try cells.map { cell in try folder?.result(of: cell).map(Outcome.result) }
    progress.add(outcomes.count { $0 != nil })
    if let folder, let onPicks {
      for place in cells.indices where outcomes[place] != nil {
        onPicks(cells[place], try folder.picks(of: cells[place]))
      }
    }
    // The largest pools take longest; started last, one of them would leave the other threads idle.
    let toDo = cells.indices.filter { outcomes[$0] == nil }
      .sorted { (cells[$1].pool.size, $0) < (cells[$0].pool.size, $1) }
    guard let benchmark = cells.first?.benchmark, !toDo.isEmpty else { return outcomes.compactMap { $0 } }
    let matrix = try embeddings(benchmark)
    let routers = try prepare(benchmark, matrix)
    // Cells without missing responses measure the same queries, and so share their resamples.
    let draws = try? BootstrapDraws(
      bootstrap,
      for: PoolResponses(
        benchmark, llmNames: cells[0].llmNames, pool: cells[toDo[0]].pool, measuredOn: measured,
        missing: missing))
    let failed = Atomic(false)
    let done = Parallel.map(toDo.count) { place -> Result<Outcome, any Error>? in
      guard !failed.load(ordering: .relaxed) else { return nil }
      let outcome = Result {
        try evaluate(cells[toDo[place]], matrix, encoder, costs, routers, draws, folder, onPicks)
      }
      if case .failure = outcome { failed.store(true, ordering: .relaxed) }
      progress.add(1)
      return outcome
    }
    for (place, outcome) in zip(toDo, done) { outcomes[place] = try outcome?.get() }
    return outcomes.compactMap { $0 }
  }

  private func evaluate(
    _ cell: EvaluationCell, _ embeddings: Matrix, _ encoder: String?, _ costs: ResponseCosts?,
    _ routers: PoolRouters,
    _ draws: BootstrapDraws?, _ folder: ResultsFolder?, _ onPicks: PicksListener?
  ) throws -> Outcome {
    let pool: PoolResponses
    do throws(DataError) {
      pool = try PoolResponses(
        cell.benchmark, llmNames: cell.llmNames, pool: cell.pool, measuredOn: measured, missing: missing,
        costs: costs)
    } catch {
      return .skipped(
        SkippedCell(
          benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group,
          reason: error.description))
    }
    let evaluation = try PoolEvaluation(
      pool, of: cell.benchmark, embeddings: embeddings, encoder: encoder)
    let earlier = try folder?.earlier(of: cell, pool)
    let routed = try evaluation.route(
      try routers(cell.pool), ties: ties, besides: earlier?.routed.map(\.router) ?? [])
    let result = CellResult(
      pool, source: cell.source, routed: routed, after: earlier, bootstrap: bootstrap, draws: draws)
    if folder != nil || onPicks != nil {
      let picks = CellPicks(pool, (earlier?.routed ?? []) + routed)
      try folder?.save(result, picks)
      onPicks?(cell, picks)
    }
    return .result(result)
  }
}

/// How many cells are done, counted from several threads.
private final class CellCount: Sendable {
  private let done = Mutex(0)
  private let onCell: @Sendable (_ done: Int) -> Void

  init(onCell: @escaping @Sendable (_ done: Int) -> Void) { self.onCell = onCell }

  func add(_ count: Int) {
    guard count > 0 else { return }
    // Told under the lock, so that the numbers are heard in order.
    done.withLock {
      $0 += count
      onCell($0)
    }
  }
}
