import FileFormats
import NumericKernels

/// Makes data shaped like RouterEval from a multidimensional item-response model whose truth is known.
///
/// Twelve benchmarks with RouterEval's sub-scenarios, with queries in proportion to the real numbers. Responses
/// are right or wrong, those of `ifeval` graded in quarters. Model: Reckase 2009, "Multidimensional Item
/// Response Theory", compensatory two-parameter form.
public enum SyntheticGenerator {
  /// The name of the embeddings' encoder.
  public static let encoder = "synthetic"

  /// Makes a dataset; its truth holds `llm_factors` (LLMs × factors) and, for each benchmark,
  /// `query_factors/<name>` (queries × factors) and `query_biases/<name>`, so that the probability of a right
  /// answer is σ(query_factors · llm_factors + query_bias).
  ///
  /// - Parameter progress: told of the share done, from 0 to 1, on any thread.
  /// - Throws: `DataError` for sizes that make no dataset.
  /// - Complexity: 2·n·m·k operations for n queries, m LLMs and k factors, in parallel.
  public static func generate(
    _ options: SyntheticOptions, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws(DataError) -> Dataset {
    try options.check()
    let population = try SyntheticPopulation(options)
    let responses = SyntheticResponses(
      abilities: population.abilities, options: options,
      progress: RowProgress(total: options.queries, report: progress))
    var truth = ["llm_factors": NDArray(matrix: population.abilities)]
    var benchmarks: [Benchmark] = []
    for (source, counts) in queryCounts(total: options.queries) {
      let made = SyntheticBenchmark(source, counts: counts, options)
      truth["query_factors/\(made.name)"] = NDArray(matrix: made.factors)
      truth["query_biases/\(made.name)"] = NDArray(floats: made.biases, shape: [made.biases.count])
      benchmarks.append(
        try Benchmark(
          name: made.name,
          queries: QuerySet(
            subscenarioNames: made.subscenarioNames, subscenarios: made.subscenarios,
            embeddings: [encoder: NDArray(matrix: made.embeddings)]),
          llms: Array(0..<options.llms), responses: responses.draw(made, isGraded: made.name == "ifeval"),
          split: .stratified(
            subscenarios: made.subscenarios, benchmark: made.name, seed: options.seed)))
    }
    return try Dataset(
      catalog: population.catalog, benchmarks: benchmarks, sources: [options.description], truth: truth)
  }

  /// The number of queries of each sub-scenario: one, and the rest in proportion to the real numbers.
  static func queryCounts(total: Int) -> [(RouterEvalBenchmarks.Benchmark, [Int])] {
    let all = RouterEvalBenchmarks.all
    let weights = all.flatMap { $0.subscenarios.map(\.queries) }
    var counts = apportion(total - weights.count, by: weights)[...]
    return all.map { benchmark in
      let own = counts.prefix(benchmark.subscenarios.count).map { $0 + 1 }
      counts = counts.dropFirst(own.count)
      return (benchmark, own)
    }
  }

  /// Shares out a total by largest remainders; ties go to the earlier place.
  private static func apportion(_ total: Int, by weights: [Int]) -> [Int] {
    let sum = weights.reduce(0, +)
    var counts = weights.map { total * $0 / sum }
    let order = weights.indices.sorted { (total * weights[$1] % sum, $0) < (total * weights[$0] % sum, $1) }
    for index in order.prefix(total - counts.reduce(0, +)) { counts[index] += 1 }
    return counts
  }
}
