import FileFormats
import LinearAlgebra

/// A dataset drawn from a multidimensional item-response model, shaped like RouterEval's, whose truth is known.
///
/// P(LLM j answers query i well) = σ(aᵢ·θⱼ − dᵢ): θ the LLM's traits, a the query's discriminations, d its
/// difficulty (multidimensional two-parameter logistic model, Reckase 2009). Twelve benchmarks with
/// RouterEval's sub-scenarios; grades are binary but for ifeval's, which come in quarters.
public enum SyntheticGenerator {
  /// The encoder's name of the embeddings.
  public static let encoder = "synthetic"
  private static let blockQueries = 64
  private static let gradedBenchmark = "ifeval"

  /// Draws a dataset; the same options give the same bits at any thread count. Cost n · m draws.
  ///
  /// `truth` holds `llm_factors` (m × F) and `query_factors/<benchmark>` (n × (F + 1), the last column d).
  /// - Throws: `DataError` for sizes that leave a benchmark without queries.
  public static func generate(
    _ options: SyntheticOptions, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DataError) -> Dataset {
    guard options.llms > 0, options.traits > 0, options.dimensions > 0,
      (0..<1).contains(options.missingShare)
    else { throw DataError("a synthetic dataset needs LLMs, traits, dimensions and a missing share below 1") }
    let llms = SyntheticLLMs(count: options.llms, traits: options.traits, seed: options.seed)
    let projection = Self.projection(options)
    var truth = ["llm_factors": NDArray(matrix: llms.abilities)]
    var benchmarks: [Benchmark] = []
    let shares = try Self.counts(options.queries)
    let total = shares.reduce(0) { $0 + $1.reduce(0, +) }
    var done = 0
    for (benchmark, counts) in zip(RouterEvalBenchmarks.all, shares) {
      let queries = SyntheticQueries(
        benchmark: benchmark, counts: counts, projection: projection, traits: options.traits,
        seed: options.seed)
      truth["query_factors/\(benchmark.name)"] = NDArray(matrix: queries.factors)
      let responses = Self.responses(
        queries.factors, llms.abilities, benchmark: benchmark.name, options: options)
      benchmarks.append(
        try Benchmark(
          name: benchmark.name,
          queries: QuerySet(
            subscenarioNames: queries.subscenarioNames, subscenarios: queries.subscenarios,
            embeddings: [encoder: NDArray(matrix: queries.embeddings)]),
          llms: Array(0..<options.llms), responses: responses,
          split: .stratified(
            subscenarios: queries.subscenarios, benchmark: benchmark.name, seed: options.seed)))
      done += queries.subscenarios.count
      progress(done, total)
    }
    return try Dataset(
      catalog: LLMCatalog(names: llms.names, fields: SyntheticLLMs.fields, metadata: llms.metadata),
      benchmarks: benchmarks, sources: ["synthetic, seed \(options.seed)"], truth: truth)
  }

  /// Queries of each sub-scenario of each benchmark, in RouterEval's proportions, at least ten each.
  static func counts(_ queries: Int) throws(DataError) -> [[Int]] {
    let real = RouterEvalBenchmarks.all.map { $0.subscenarios.map(\.queries) }
    let total = real.reduce(0) { $0 + $1.reduce(0, +) }
    let least = 10 * real.reduce(0) { $0 + $1.count }
    guard queries >= least else {
      throw DataError("RouterEval's sub-scenarios need at least \(least) synthetic queries, not \(queries)")
    }
    // Shares of what is left after ten each, by largest cumulative rounding, so that they add up.
    var passed = 0
    var given = 0
    return real.map { counts in
      counts.map { count in
        passed += count
        let upTo = (queries - least) * passed / total
        defer { given = upTo }
        return 10 + upTo - given
      }
    }
  }

  /// Query factors to embeddings, (F + 1) × d.
  private static func projection(_ options: SyntheticOptions) -> Matrix {
    var generator = SeededGenerator(seed: options.seed, stream: "synthetic/projection")
    return Matrix(
      rows: options.traits + 1, columns: options.dimensions,
      storage: (0..<(options.traits + 1) * options.dimensions).map { _ in generator.normal() })
  }

  /// What one block of queries draws.
  private struct Block {
    var bits: [UInt8] = []
    var grades: [Float] = []
    var observed: [UInt8] = []
  }

  private static func responses(
    _ factors: Matrix, _ abilities: Matrix, benchmark: String, options: SyntheticOptions
  ) -> ResponseMatrix {
    let ranges = Parallel.blocks(of: factors.rows, size: blockQueries)
    // −d is the weight of a trait that is 1 for every LLM.
    var extended = Matrix(rows: abilities.rows, columns: abilities.columns + 1, repeating: -1)
    for llm in 0..<abilities.rows {
      for trait in 0..<abilities.columns { extended[llm, trait] = abilities[llm, trait] }
    }
    let isGraded = benchmark == gradedBenchmark
    let llmTraits = extended
    let blocks = Parallel.map(ranges.count) { index in
      draw(
        ranges[index], factors: factors, llmTraits: llmTraits, benchmark: benchmark, isGraded: isGraded,
        options: options)
    }
    let (rows, columns) = (factors.rows, abilities.rows)
    let observed =
      options.missingShare > 0
      ? BitMatrix(rows: rows, columns: columns, bytes: blocks.flatMap(\.observed)) : nil
    if isGraded {
      let grades = Matrix(rows: rows, columns: columns, storage: blocks.flatMap(\.grades))
      return ResponseMatrix(LogisticTarget(.floats(grades), observed: observed))
    }
    let bits = BitMatrix(rows: rows, columns: columns, bytes: blocks.flatMap(\.bits))
    return ResponseMatrix(LogisticTarget(.bits(bits), observed: observed))
  }

  private static func draw(
    _ queries: Range<Int>, factors: Matrix, llmTraits: Matrix, benchmark: String, isGraded: Bool,
    options: SyntheticOptions
  ) -> Block {
    let chances = Elementwise.sigmoid(
      BLAS.multiply(factors.selecting(rows: Array(queries)), .asStored, llmTraits, .transposed))
    let columns = llmTraits.rows
    var block = Block()
    for (offset, query) in queries.enumerated() {
      var generator = SeededGenerator(seed: options.seed, stream: "synthetic/responses/\(benchmark)", query)
      var byte: UInt8 = 0
      var seen: UInt8 = 0
      for llm in 0..<columns {
        let chance = chances.storage[offset * columns + llm]
        let isMissing = options.missingShare > 0 && generator.uniform() < options.missingShare
        if isGraded {
          var grade: Float = 0
          for _ in 0..<4 where generator.uniform() < chance { grade += 0.25 }
          block.grades.append(isMissing ? 0 : grade)
        } else {
          byte = byte << 1 | (generator.uniform() < chance && !isMissing ? 1 : 0)
        }
        seen = seen << 1 | (isMissing ? 0 : 1)
        if llm % 8 == 7 || llm == columns - 1 {
          let shift = UInt8(7 - llm % 8)
          if !isGraded { block.bits.append(byte << shift) }
          if options.missingShare > 0 { block.observed.append(seen << shift) }
          byte = 0
          seen = 0
        }
      }
    }
    return block
  }
}
