import NumericKernels
import RoutingData

extension FactorModel {
  /// The word for it in model folders.
  public static let kind = "factors"

  /// Factors and biases of LLMs and train queries, the query encoder and the calibration.
  ///
  /// `llm_factors` (m × k), `llm_biases`, `query_factors` (n × k), `query_biases` and `query_rows` of all benchmarks
  /// one after the other, `llm_standard_errors` (m × (k + 1)), `benchmark_biases/NAME`, `query_encoder/…`, and where
  /// the trainer looked, `new_llm_mean` (k + 1), `new_llm_covariance` (its lower triangle) and the
  /// `interval_multipliers/…` (see `IntervalMultipliers`). A cautious model has `llm_level_errors` and `llm_margins`.
  public var contents: TensorBundle {
    var bundle = TensorBundle(
      matrices: ["llm_factors": llmFactors], vectors: ["llm_biases": llmBiases],
      numbers: [
        "calibration": [Double(calibration.slope), Double(calibration.intercept)],
        "query_counts": queries.map { Double($0.rows.count) },
        "has_standard_errors": [llmStandardErrors == nil ? 0 : 1],
        "has_new_llm": [newLLM == nil ? 0 : 1],
      ],
      texts: [
        "query_benchmarks": queries.map(\.benchmark), "benchmark_biases": benchmarkBiases.keys.sorted(),
        "query_encoder": [type(of: queryEncoder).kind],
      ])
    if !queries.isEmpty {
      bundle.matrices["query_factors"] = .stacked(queries.map(\.factors))
      bundle.vectors["query_biases"] = queries.flatMap(\.biases)
      bundle.integers["query_rows"] = queries.flatMap(\.rows)
    }
    if let newLLM {
      bundle.numbers["new_llm_mean"] = newLLM.abilities.mean
      bundle.numbers["new_llm_covariance"] = newLLM.abilities.covariance
      bundle.put(newLLM.multipliers.contents, under: "interval_multipliers")
    }
    bundle.matrices["llm_standard_errors"] = llmStandardErrors
    bundle.vectors["llm_level_errors"] = caution?.standardErrors
    bundle.vectors["llm_margins"] = caution?.margins
    bundle.put(TensorBundle(vectors: benchmarkBiases), under: "benchmark_biases")
    bundle.put(queryEncoder.tensors, under: "query_encoder")
    return bundle
  }

  /// A model from what was saved; its query encoder is one of `queryEncoders`.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit, or an encoder of another kind.
  public init(
    _ identity: RouterIdentity, contents: TensorBundle, queryEncoders: [any QueryEncoder.Type]
  ) throws(DataError) {
    let kind = try contents.text("query_encoder")
    guard let type = queryEncoders.first(where: { $0.kind == kind }) else {
      throw DataError("the query encoder is of unknown kind '\(kind)'")
    }
    var benchmarkBiases: [String: [Float]] = [:]
    for benchmark in try contents.texts("benchmark_biases") {
      benchmarkBiases[benchmark] = try contents.vector(
        "benchmark_biases/\(benchmark)", count: identity.llms.count)
    }
    let calibration = try contents.numbers("calibration", count: 2)
    let factors = try contents.matrix("llm_factors")
    var errors: Matrix?
    if try contents.number("has_standard_errors") == 1 {
      errors = try contents.matrix(
        "llm_standard_errors", rows: identity.llms.count, columns: factors.columns + 1)
    }
    try self.init(
      identity, llmFactors: factors,
      llmBiases: try contents.vector("llm_biases", count: identity.llms.count),
      benchmarkBiases: benchmarkBiases, llmStandardErrors: errors,
      queries: try Self.queries(contents), newLLM: try Self.newLLM(contents, width: factors.columns + 1),
      queryEncoder: try type.init(tensors: contents.part("query_encoder")),
      calibration: Calibration(slope: Float(calibration[0]), intercept: Float(calibration[1])),
      caution: try ScoreCaution(contents: contents, count: identity.llms.count))
  }

  private static func newLLM(_ contents: TensorBundle, width: Int) throws(DataError) -> NewLLM? {
    guard try contents.number("has_new_llm") == 1 else { return nil }
    let abilities = Abilities(
      mean: try contents.numbers("new_llm_mean", count: width),
      covariance: try contents.numbers("new_llm_covariance", count: PackedSymmetric.count(order: width)))
    // Folders of earlier programs have none.
    let multipliers = try IntervalMultipliers(contents: contents.part("interval_multipliers"))
    return NewLLM(abilities, multipliers: multipliers)
  }

  private static func queries(_ contents: TensorBundle) throws(DataError) -> [Queries] {
    let benchmarks = try contents.texts("query_benchmarks")
    let counts = (contents.numbers["query_counts"] ?? []).compactMap { Int(exactly: $0) }
    guard counts.count == benchmarks.count, counts.allSatisfy({ $0 >= 0 && $0 <= Int32.max }) else {
      throw DataError("numbers 'query_counts' are not the counts of \(benchmarks.count) benchmarks")
    }
    guard !benchmarks.isEmpty else { return [] }
    let total = counts.reduce(0, +)
    let factors = try contents.matrix("query_factors")
    let rows = try contents.integers("query_rows")
    guard factors.rows == total, rows.count == total else {
      throw DataError("array 'query_factors' has \(factors.rows) queries, 'query_counts' says \(total)")
    }
    let biases = try contents.vector("query_biases", count: total)
    var start = 0
    for count in counts {
      guard Set(rows[start..<start + count]).count == count else {
        throw DataError("array 'query_rows' names a query twice")
      }
      start += count
    }
    start = 0
    return zip(benchmarks, counts).map { benchmark, count in
      let range = start..<start + count
      start = range.upperBound
      return Queries(
        benchmark: benchmark, rows: Array(rows[range]), factors: factors.selecting(rows: Array(range)),
        biases: Array(biases[range]))
    }
  }
}
