import NumericKernels

/// The resamples of a bootstrap, drawn once for all cells that measure the same queries.
///
/// How much each query counts depends on the seed, the benchmark and the sub-scenarios of the
/// queries, not on the pool, so the cells of a benchmark can share it. Results are the same bits with
/// and without sharing.
public struct BootstrapDraws: Sendable {
  private let bootstrap: Bootstrap
  private let benchmark: String
  private let strata: [Int]
  private let resampling: StratifiedResampling
  /// The resamples of each block.
  package let blocks: [Range<Int>]
  private let counts: [Matrix]?

  /// The draws of a bootstrap for the queries that a pool measures.
  ///
  /// Memory: 4 · resamples · n bytes. Where that is more than `bytes` (64 MiB by default) nothing is
  /// kept and every use draws anew. Cost: resamples · n random numbers.
  public init(_ bootstrap: Bootstrap, for pool: PoolResponses, keepingUpTo bytes: Int = 64 << 20) {
    self.bootstrap = bootstrap
    benchmark = pool.benchmark
    strata = pool.strata
    let resampling = StratifiedResampling(
      strata: pool.strata, benchmark: pool.benchmark, seed: bootstrap.seed)
    let blocks = Parallel.blocks(of: bootstrap.resamples, size: Bootstrap.blockSize)
    let size = MemoryLayout<Float>.size * bootstrap.resamples * pool.queries.count
    counts = size <= bytes ? Parallel.map(blocks.count) { resampling.counts(of: blocks[$0]) } : nil
    self.resampling = resampling
    self.blocks = blocks
  }

  /// Whether these are the draws of a bootstrap for the queries that a pool measures.
  public func serve(_ bootstrap: Bootstrap, for pool: PoolResponses) -> Bool {
    self.bootstrap.resamples == bootstrap.resamples && self.bootstrap.seed == bootstrap.seed
      && benchmark == pool.benchmark && strata == pool.strata
  }

  /// The queries of each stratum.
  package var members: [[Int]] { resampling.members }

  /// The order of the queries in the counts.
  package var order: [Int] { resampling.order }

  /// How much each query counts in each resample of a block, resamples × n.
  package func counts(ofBlock index: Int) -> Matrix { counts?[index] ?? resampling.counts(of: blocks[index]) }
}
