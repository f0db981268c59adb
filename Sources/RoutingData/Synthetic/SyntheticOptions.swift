/// How much synthetic data to make, and from which seed.
public struct SyntheticOptions: Equatable, Sendable {
  /// The number of LLMs.
  public var llms: Int
  /// The number of queries over all twelve benchmarks.
  public var queries: Int
  /// The number of factors that decide about answers: general ability and specialities.
  public var factors: Int
  /// The dimension of the embeddings.
  public var dimensions: Int
  /// The seed; the same seed and sizes give the same bits at any thread count.
  public var seed: UInt64
  /// The share of responses that are missing, at random.
  public var missing: Double

  /// The bytes of memory that making the data may take.
  public var memoryLimit = 4 << 30

  /// Sizes and a seed; the defaults are those of `sample`.
  public init(
    llms: Int = 200, queries: Int = 6_000, factors: Int = 16, dimensions: Int = 64, seed: UInt64 = 0,
    missing: Double = 0
  ) {
    self.llms = llms
    self.queries = queries
    self.factors = factors
    self.dimensions = dimensions
    self.seed = seed
    self.missing = missing
  }

  /// 200 LLMs and 6,000 queries, made in about a second.
  public static let sample = SyntheticOptions()

  /// As many LLMs and responses as RouterEval has: 8,500 × 24,000, about 204 million.
  public static let full = SyntheticOptions(llms: 8_500, queries: 24_000)

  /// Throws unless the sizes make a dataset.
  func check() throws(DataError) {
    let subscenarios = RouterEvalBenchmarks.all.reduce(0) { $0 + $1.subscenarios.count }
    guard llms >= 1, llms <= 1 << 24 else {
      throw DataError("\(llms) LLMs: from 1 to \(1 << 24) are possible")
    }
    guard queries >= subscenarios, queries <= 1 << 24 else {
      throw DataError(
        "\(queries) queries: from \(subscenarios), one for each sub-scenario, to \(1 << 24) are possible")
    }
    guard factors >= 3, factors <= 1024 else {
      throw DataError("\(factors) factors: from 3 to 1024 are possible")
    }
    guard dimensions >= 2, dimensions <= 1 << 16 else {
      throw DataError("\(dimensions) dimensions: from 2 to \(1 << 16) are possible")
    }
    guard missing >= 0, missing < 1 else {
      throw DataError("missing share \(missing): from 0 to below 1 is possible")
    }
    guard byteCount <= memoryLimit else {
      throw DataError(
        "\(llms) LLMs × \(queries) queries with embeddings of \(dimensions) numbers take about "
          + "\(byteCount >> 20) MiB of memory; take fewer, or allow it with --memory-limit "
          + "\((byteCount >> 30) + 1)")
    }
  }

  /// About the bytes that making the data takes at its peak; no overflow where the sizes are possible.
  ///
  /// A right or wrong answer takes a bit, a graded one (1 of 40 queries) a `Float`, a mask a bit more; embeddings
  /// and factors are there twice for a moment, and names take some 100 bytes.
  var byteCount: Int {
    let cells = llms * queries
    let answers = cells / 8 + cells / 10 + (missing > 0 ? cells / 8 : 0)
    return 2 * answers + 8 * queries * (dimensions + 2 * factors) + llms * (8 * factors + 200)
  }

  /// The options as a dataset names its source.
  var description: String {
    "synthetic: llms \(llms), queries \(queries), factors \(factors), dimensions \(dimensions), seed \(seed), "
      + "missing \(missing)"
  }
}
