import NumericKernels

/// Which queries candidate pools are chosen on.
public enum PoolQueries: String, CaseIterable, Codable, Sendable {
  /// All of them, test queries included, as the paper does.
  case all
  /// The train queries.
  case train
}

/// RouterEval's choice of candidate pools from a benchmark's responses.
///
/// LLMs with a mean response of at most 0.1 or above 0.9 are left out and the rest sorted by it. So are those that answered too
/// small a share of the queries, where one is asked for.
/// All-weak and all-strong take the contiguous window with the best oracle score inside the weakest
/// and strongest fifth (of all LLMs, but at least m); strong-to-weak draws one LLM from each of m
/// strata as equal as can be. In the paper the means and oracle scores run over all queries.
public struct PoolConstruction: Sendable {
  private let responses: ResponseMatrix
  /// Binary responses with LLMs as rows.
  private let llmMajor: BitMatrix?
  private let benchmarkName: String
  /// The columns that may be candidates, in ascending accuracy.
  public let eligible: [Int]
  /// The number of LLMs that answered too small a share of the queries.
  public let sparseCount: Int
  private let leastShare: Double

  /// The share of the queries that an LLM of a pool usually answered, 0.9.
  ///
  /// A query that one of m candidates did not answer can't be measured for all of them: at 0.9, with answers missing at random, 3
  /// candidates leave 73% of the queries or more, where one that answered 4% of them leaves 4%.
  public static let usualAnsweredShare = 0.9

  /// Sorts and filters a benchmark's LLMs; LLMs of one mean keep the benchmark's order.
  ///
  /// `leastShare`, in [0, 1], is that of the queries that pools are chosen on.
  public init(_ benchmark: Benchmark, from queries: PoolQueries = .all, answering leastShare: Double = 0) {
    self.init(
      queries == .all
        ? benchmark.responses : benchmark.responses.selecting(queries: benchmark.split.queries(in: .train)),
      of: benchmark.name, answering: leastShare)
  }

  /// The same from the responses to the queries that may be looked at.
  package init(_ responses: ResponseMatrix, of benchmark: String, answering leastShare: Double = 0) {
    precondition((0...1).contains(leastShare), "a share of \(leastShare)")
    self.responses = responses
    if case .bits(let bits) = responses.cells.values { llmMajor = bits.transposed } else { llmMajor = nil }
    benchmarkName = benchmark
    let means = responses.llmMeans()
    var kept: [(llm: Int, mean: Double)] = []
    var sparse: Set<Int> = []
    if leastShare > 0, let counts = responses.cells.observed?.columnCounts() {
      sparse = Set(
        counts.indices.filter { Double(counts[$0]) < leastShare * Double(responses.queryCount) })
    }
    for (llm, mean) in means.enumerated() where !sparse.contains(llm) {
      if let mean, mean > 0.1, mean <= 0.9 { kept.append((llm, mean)) }
    }
    self.leastShare = leastShare
    sparseCount = sparse.count
    eligible = kept.sorted { ($0.mean, $0.llm) < ($1.mean, $1.llm) }.map(\.llm)
  }

  /// The pool of a size and a group.
  ///
  /// - Throws: `DataError` where fewer than `size` LLMs are eligible.
  public func pool(size: Int, group: CandidateGroup, seed: UInt64) throws(DataError) -> CandidatePool {
    precondition(size > 0, "pool of \(size) LLMs")
    guard eligible.count >= size else {
      throw DataError(
        "benchmark '\(benchmarkName)': a pool of \(size) needs as many LLMs with a mean response above 0.1 "
          + "and at most 0.9; there are \(eligible.count) of \(responses.llmCount)"
          + (sparseCount > 0 ? ", without \(sparseCount) that answered too few queries" : ""))
    }
    let fifth = min(max((responses.llmCount - sparseCount) / 5, size), eligible.count)
    switch group {
    case .allWeak: return CandidatePool(group: group, llms: bestWindow(Array(eligible.prefix(fifth)), size))
    case .allStrong: return CandidatePool(group: group, llms: bestWindow(Array(eligible.suffix(fifth)), size))
    case .strongToWeak: return CandidatePool(group: group, llms: strataDraw(size, seed: seed))
    case .own(let name): throw DataError("pool '\(name.text)' is its user's own, and is not constructed")
    }
  }

  /// The first contiguous window with the highest oracle score; a missing response counts as 0.
  private func bestWindow(_ llms: [Int], _ size: Int) -> [Int] {
    let scores =
      llmMajor.map { $0.unionCounts(ofWindows: size, over: llms).map(Double.init) }
      ?? windowMaxima(llms, size)
    var best = 0
    for start in scores.indices where scores[start] > scores[best] { best = start }
    return Array(llms[best..<best + size])
  }

  /// The sum over the queries of each window's best grade, for continuous grades.
  ///
  /// A sliding maximum by blocks (van Herk 1992): two passes give, for each query, every window's maximum.
  private func windowMaxima(_ llms: [Int], _ size: Int) -> [Double] {
    let windows = llms.count - size + 1
    let queryBlocks = Parallel.blocks(of: responses.queryCount, size: 256)
    let sums = Parallel.map(queryBlocks.count) { block -> [Double] in
      var sums = [Double](repeating: 0, count: windows)
      var values = [Float](repeating: 0, count: llms.count)
      var forward = values
      var backward = values
      for query in queryBlocks[block] {
        for (position, llm) in llms.enumerated() { values[position] = responses[query, llm] ?? 0 }
        for position in values.indices {
          forward[position] =
            position % size == 0 ? values[position] : max(forward[position - 1], values[position])
        }
        for position in values.indices.reversed() {
          let last = position % size == size - 1 || position == values.count - 1
          backward[position] = last ? values[position] : max(backward[position + 1], values[position])
        }
        for start in 0..<windows { sums[start] += Double(max(backward[start], forward[start + size - 1])) }
      }
      return sums
    }
    return (0..<windows).map { start in sums.reduce(0) { $0 + $1[start] } }
  }

  /// One LLM from each of `size` strata; the first `count mod size` strata are one longer.
  private func strataDraw(_ size: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed, stream: "pool/\(benchmarkName)", size)
    let (length, longer) = eligible.count.quotientAndRemainder(dividingBy: size)
    var start = 0
    return (0..<size).map { stratum in
      let count = length + (stratum < longer ? 1 : 0)
      defer { start += count }
      return eligible[start + generator.below(count)]
    }
  }
}
