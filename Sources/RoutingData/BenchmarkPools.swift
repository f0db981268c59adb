/// The pools of a benchmark: those that were published with it, or else constructed ones.
///
/// Where pools are to be chosen on train queries alone, published ones are not used: they were chosen on all
/// queries.
public struct BenchmarkPools: Sendable {
  /// A pool and whether it was published.
  public struct Chosen: Sendable {
    /// The pool.
    public let pool: CandidatePool
    /// Whether it came with the data.
    public let isPublished: Bool
  }

  private let benchmark: Benchmark
  private let queries: PoolQueries
  private let leastShare: Double
  private var construction: PoolConstruction?

  /// The number of LLMs that are in no constructed pool because they answered too few queries; 0 until one is constructed.
  public var sparseCount: Int { construction?.sparseCount ?? 0 }

  /// The pools of a benchmark, chosen on some of its queries.
  ///
  /// An LLM of a constructed pool answered at least `leastShare` of these queries, in [0, 1].
  public init(
    _ benchmark: Benchmark, from queries: PoolQueries,
    answering leastShare: Double = PoolConstruction.usualAnsweredShare
  ) {
    self.leastShare = leastShare
    self.benchmark = benchmark
    self.queries = queries
  }

  /// The pool of a size, at least 1, and a group; cost of `PoolConstruction` for the first that is constructed.
  ///
  /// - Throws: `DataError` for more candidates than there are.
  public mutating func pool(
    size: Int, group: CandidateGroup, seed: UInt64
  ) throws(DataError) -> Chosen {
    if queries == .all,
      let published = benchmark.publishedPools.first(where: { $0.size == size && $0.group == group })
    {
      return Chosen(pool: published, isPublished: true)
    }
    let construction = construction ?? PoolConstruction(benchmark, from: queries, answering: leastShare)
    self.construction = construction
    return Chosen(pool: try construction.pool(size: size, group: group, seed: seed), isPublished: false)
  }
}

/// A pool by its name, `BENCHMARK/M/GROUP`, such as `gsm8k/5/all_strong`.
public struct PoolName: Equatable, Sendable, CustomStringConvertible {
  /// The benchmark's name.
  public let benchmark: String
  /// The number of candidates.
  public let size: Int
  /// The group.
  public let group: CandidateGroup

  /// A name from its parts.
  public init(benchmark: String, size: Int, group: CandidateGroup) {
    self.benchmark = benchmark
    self.size = size
    self.group = group
  }

  /// A name from its text.
  ///
  /// - Throws: `DataError` for a text of another form.
  public init(_ text: String) throws(DataError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, let group = CandidateGroup(rawValue: parts[parts.count - 1]),
      let size = Int(parts[parts.count - 2]), size > 0
    else {
      throw DataError("a pool is named BENCHMARK/M/GROUP, as in 'gsm8k/5/all_strong', not '\(text)'")
    }
    self.init(benchmark: parts.dropLast(2).joined(separator: "/"), size: size, group: group)
  }

  /// The text.
  public var description: String { "\(benchmark)/\(size)/\(group.rawValue)" }
}

extension Dataset {
  /// The pool of a name, and its benchmark.
  ///
  /// Cost as for `BenchmarkPools`.
  ///
  /// - Throws: `DataError` for an unknown benchmark, or a pool that can't be chosen.
  public func pool(
    _ name: PoolName, from queries: PoolQueries, seed: UInt64
  ) throws(DataError) -> (benchmark: Benchmark, pool: CandidatePool) {
    let benchmark = try benchmark(named: name.benchmark)
    var pools = BenchmarkPools(benchmark, from: queries)
    return (benchmark, try pools.pool(size: name.size, group: name.group, seed: seed).pool)
  }
}
