import Learning
import NumericKernels
import RoutingData

/// The features that a regression on a log's answers is linear in: of mean 0 and of typical length 1.
struct LoggedFeatures {
  /// Features of the train queries, n × p.
  let values: Matrix
  private let source: Source
  /// What was taken from each feature before it was scaled.
  private let means: Matrix
  private let scale: Float

  private enum Source {
    case embeddings
    case landmarks(NystromFeatures)
  }

  /// More landmarks cost more than they tell of a log.
  static let mostLandmarks = 384

  /// Features of a kernel, approximated from some of the train queries.
  init(_ inputs: Matrix, kernel: KernelFunction, landmarks: Int, seed: UInt64) throws {
    let rows = KernelSearch.sample(inputs.rows, count: landmarks, seed: seed, stream: "landmarks")
    let nystrom = try NystromFeatures(kernel: kernel, landmarks: inputs.selecting(rows: rows))
    try self.init(nystrom.features(of: inputs), source: .landmarks(nystrom))
  }

  /// The embeddings themselves.
  init(linear inputs: Matrix) throws { try self.init(inputs, source: .embeddings) }

  private init(_ features: Matrix, source: Source) throws(DataError) {
    var features = features
    let rows = [Int](repeating: 0, count: features.rows)
    let centres = BenchmarkMeans(features, benchmarks: rows, count: 1)
    centres.centre(&features, benchmarks: rows)
    let square = (0..<features.rows).reduce(0.0) {
      $0 + Double(BLAS.dot(features.row($1), features.row($1)))
    }
    guard square > 0 else {
      throw DataError("all train embeddings are equal: nothing can be predicted from them")
    }
    scale = Float((Double(max(features.rows, 1)) / square).squareRoot())
    means = centres.values
    values = features.scaled(by: scale)
    self.source = source
  }

  /// A model that predicts b + features · coefficients (p × m), with at most `rank` factors.
  func model(
    _ identity: RouterIdentity, benchmark: String, biases: [Double], coefficients: Matrix, rank: Int,
    seed: UInt64, caution: ScoreCaution
  ) throws -> FactorModel {
    let axes = try FittedAxes(BLAS.multiply(values, coefficients), rank: rank, seed: seed)
    let weights = BLAS.multiply(coefficients, axes.projection).scaled(by: scale)
    let shift = BLAS.multiply(means, weights)
    var levels = biases.map { Float($0) }
    let encoder: any QueryEncoder
    switch source {
    case .embeddings:
      encoder = EmbeddingMap(
        benchmarks: [benchmark], weights: .stacked([weights, shift.scaled(by: -1)]), residualCovariance: nil)
    case .landmarks(let nystrom):
      let moved = BLAS.multiply(shift, .asStored, axes.llmFactors, .transposed)
      for llm in levels.indices { levels[llm] -= moved[0, llm] }
      encoder = KernelMap(
        kernel: nystrom.kernel, landmarks: nystrom.landmarks,
        coefficients: nystrom.landmarkCoefficients(for: weights))
    }
    return try FactorModel(
      identity, llmFactors: axes.llmFactors, llmBiases: levels, queryEncoder: encoder, caution: caution)
  }
}
