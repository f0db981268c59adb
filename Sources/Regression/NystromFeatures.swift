import NumericKernels
import RoutingData

/// Features whose inner products approximate a kernel: φ(x) = k(x, Z)·L⁻ᵀ for landmarks Z with k(Z, Z) = L·Lᵀ
/// (Williams and Seeger 2001).
struct NystromFeatures {
  let kernel: KernelFunction
  /// The landmarks, p × d.
  let landmarks: Matrix
  private let factor: Cholesky

  /// Landmarks that are copies of each other make k(Z, Z) singular; this share of its diagonal is added to it.
  private static let jitter: Float = 1e-4

  /// Features of some landmarks; cost p³/3.
  ///
  /// - Throws: `NumericalError`.
  init(kernel: KernelFunction, landmarks: Matrix) throws(NumericalError) {
    self.kernel = kernel
    self.landmarks = landmarks
    var matrix = kernel.matrix(landmarks)
    for row in 0..<matrix.rows { matrix[row, row] += Self.jitter }
    factor = try Cholesky(consume matrix) { row, _ in "choose --landmarks of at most \(max(row / 2, 1))" }
  }

  /// The features of embeddings, n × p; cost n·p·(2d + p).
  func features(of embeddings: Matrix) -> Matrix {
    var features = kernel.matrix(embeddings, landmarks)
    factor.whitenRows(of: &features)
    return features
  }

  /// The coefficients of the landmarks for weights of the features, L⁻ᵀ·W.
  func landmarkCoefficients(for weights: Matrix) -> Matrix {
    var result = weights
    factor.solveTransposedFactor(of: &result)
    return result
  }
}
