import NumericKernels

/// The vectors of some queries of a benchmark by a model, each with the query's bias.
public struct QueryVectors: Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The factors, n × k.
  public let factors: Matrix
  /// The biases, n.
  public let biases: [Float]

  /// Vectors from their parts.
  public init(benchmark: String, factors: Matrix, biases: [Float]) {
    precondition(factors.rows == biases.count, "\(factors.rows) factors, \(biases.count) biases")
    self.benchmark = benchmark
    self.factors = factors
    self.biases = biases
  }
}
