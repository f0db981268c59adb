import Foundation
import Learning
import NumericKernels

/// What a model of factors expects of some LLMs on the queries of one benchmark.
///
/// p = σ(η/√(1 + πv/8)) allows for what is not known of the LLM: v = dᵀ·Σ·d with the design d and the abilities'
/// covariance Σ (MacKay 1992).
struct PredictedResponses {
  /// LLMs that are worked on at once: so many fill a product, and their predictions fit into memory.
  static let blockSize = 64

  /// The queries.
  let known: KnownQueries
  /// d·dᵀ of each query, elements off the diagonal twice, n × (k + 1)(k + 2)/2.
  private let designProducts: Matrix

  /// Prepares the predictions of a benchmark's queries.
  init(of known: KnownQueries) {
    self.known = known
    designProducts = PackedSymmetric.outerProducts(known.designs, doubled: true)
  }

  /// The probabilities of good answers, n × LLMs.
  ///
  /// Cost n·m·(k + 1)(k + 4)/2 operations and n·m logistic functions.
  func probabilities(of llms: [Abilities]) -> Matrix {
    let means = Matrix(llms.map { $0.mean.map(Float.init) })
    let spreads = Matrix(llms.map { $0.covariance.map(Float.init) })
    var logOdds = BLAS.multiply(known.designs, .asStored, means, .transposed)
    let variances = BLAS.multiply(designProducts, .asStored, spreads, .transposed)
    for row in 0..<logOdds.rows {
      let offset = known.offsets[row]
      for column in 0..<logOdds.columns {
        let z = logOdds[row, column] + offset
        let scale = (1 + Float.pi / 8 * max(variances[row, column], 0)).squareRoot()
        logOdds[row, column] = 1 / (1 + exp(-z / scale))
      }
    }
    return logOdds
  }
}
