import LinearAlgebra
import Recommenders
import RoutingData

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
}

/// Evaluates routers over benchmarks × pool sizes × groups, one cell after the other.
///
/// A pool that was published with the benchmark is used as it is; else one is constructed.
public struct EvaluationGrid: Sendable {
  /// The numbers of candidates.
  public let sizes: [Int]
  /// The groups.
  public let groups: [CandidateGroup]
  /// Who gets a query where several candidates share the highest score.
  public let ties: TieRule
  /// The seed of constructed pools.
  public let seed: UInt64
  /// How intervals are made.
  public let bootstrap: Bootstrap

  /// A grid of sizes, each at least 1, and groups.
  public init(
    sizes: [Int], groups: [CandidateGroup] = CandidateGroup.allCases, ties: TieRule = .trainMean,
    seed: UInt64 = 0, bootstrap: Bootstrap = Bootstrap()
  ) {
    precondition(sizes.allSatisfy { $0 > 0 }, "pool sizes \(sizes)")
    self.sizes = sizes
    self.groups = groups
    self.ties = ties
    self.seed = seed
    self.bootstrap = bootstrap
  }

  /// The cells of some benchmarks of a dataset, and those whose size the data do not allow.
  ///
  /// Cost: that of `PoolConstruction` where pools are not published.
  public func plan(
    _ benchmarks: [Benchmark], of dataset: Dataset
  ) -> (cells: [EvaluationCell], skipped: [SkippedCell]) {
    var cells: [EvaluationCell] = []
    var skipped: [SkippedCell] = []
    for benchmark in benchmarks {
      let llmNames = dataset.llmNames(of: benchmark)
      var construction: PoolConstruction?
      for size in sizes {
        for group in groups {
          let published = benchmark.publishedPools.first { $0.size == size && $0.group == group }
          if let published {
            cells.append(
              EvaluationCell(benchmark: benchmark, llmNames: llmNames, pool: published, source: .published))
            continue
          }
          let constructor = construction ?? PoolConstruction(benchmark)
          construction = constructor
          do throws(DataError) {
            let pool = try constructor.pool(size: size, group: group, seed: seed)
            cells.append(
              EvaluationCell(benchmark: benchmark, llmNames: llmNames, pool: pool, source: .constructed))
          } catch {
            skipped.append(
              SkippedCell(benchmark: benchmark.name, size: size, group: group, reason: error.description))
          }
        }
      }
    }
    return (cells, skipped)
  }

  /// Evaluates routers on every cell that the data allow; the others are reported as skipped.
  ///
  /// `embeddings` gives those of all queries of a benchmark and is called once for each; `routers`
  /// gives the routers of a cell, trained for it where they need to be; `onCell` hears how many of how
  /// many cells are done.
  ///
  /// - Throws: `DataError` where no cell can be evaluated, and whatever the closures and routers throw.
  public func evaluate(
    _ benchmarks: [Benchmark], of dataset: Dataset, embeddings: (Benchmark) throws -> Matrix,
    routers: (EvaluationCell) throws -> [any Router],
    onCell: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> GridResult {
    var (cells, skipped) = plan(benchmarks, of: dataset)
    var results: [CellResult] = []
    var current: (benchmark: String, embeddings: Matrix)?
    for (index, cell) in cells.enumerated() {
      let pool: PoolResponses
      do throws(DataError) {
        pool = try PoolResponses(cell.benchmark, llmNames: cell.llmNames, pool: cell.pool)
      } catch {
        skipped.append(
          SkippedCell(
            benchmark: cell.benchmark.name, size: cell.pool.size, group: cell.pool.group,
            reason: error.description))
        onCell(index + 1, cells.count)
        continue
      }
      let matrix: Matrix
      if let known = current, known.benchmark == cell.benchmark.name {
        matrix = known.embeddings
      } else {
        matrix = try embeddings(cell.benchmark)
        current = (cell.benchmark.name, matrix)
      }
      let evaluation = try PoolEvaluation(pool, of: cell.benchmark, embeddings: matrix)
      results.append(
        try evaluation.evaluate(try routers(cell), source: cell.source, ties: ties, bootstrap: bootstrap))
      onCell(index + 1, cells.count)
    }
    guard !results.isEmpty else {
      throw DataError(
        skipped.first.map { "nothing to evaluate: \($0.reason)" } ?? "nothing to evaluate: no cells asked for"
      )
    }
    return GridResult(cells: results, skipped: skipped)
  }
}
