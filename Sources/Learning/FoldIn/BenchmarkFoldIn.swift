import FileFormats
import NumericKernels
import RoutingData

extension FactorModel {
  /// This model with one benchmark more, on which each LLM's log-odds are moved by an offset, m numbers.
  ///
  /// The map from embeddings gets an intercept for the benchmark, the mean of those that it has; the offsets become the
  /// benchmark's biases.
  ///
  /// - Throws: `DataError` for a benchmark that it knows already, or queries that are no linear map of embeddings.
  public func adding(benchmark: String, offsets: [Float]) throws(DataError) -> FactorModel {
    precondition(offsets.count == identity.llms.count, "\(offsets.count) offsets")
    guard let map = queryEncoder as? EmbeddingMap, calibration.slope > 0 else {
      throw DataError(
        "router '\(name)' does not map embeddings linearly, so that no benchmark can be added: train mirt or another "
          + "factorization")
    }
    guard !map.benchmarks.containsName(benchmark) else {
      throw DataError(
        "router '\(name)' knows benchmark '\(benchmark)' already: give the new one another name, or train again to "
          + "update it")
    }
    let dimensions = map.dimensions
    let intercept = (0..<map.width).map { column in
      map.benchmarks.indices.reduce(Float(0)) { $0 + map.weights[dimensions + $1, column] }
        / Float(max(map.benchmarks.count, 1))
    }
    let biases = zip(offsets, scales).map { $0 * $1 / calibration.slope }
    return try FactorModel(
      identity, llmFactors: llmFactors, llmBiases: llmBiases,
      benchmarkBiases: benchmarkBiases.merging([benchmark: biases]) { _, new in new },
      llmStandardErrors: llmStandardErrors, queries: queries, newLLM: newLLM,
      queryEncoder: EmbeddingMap(
        benchmarks: map.benchmarks + [benchmark], weights: .stacked([map.weights, Matrix([intercept])]),
        residualCovariance: map.residualCovariance),
      calibration: calibration, caution: caution)
  }
}
