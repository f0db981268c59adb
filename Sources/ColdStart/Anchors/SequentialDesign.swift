import Learning
import NumericKernels

/// The posterior covariance of one LLM's abilities while queries are added to what it answers, one after the other.
struct SequentialDesign: Sendable {
  private let known: KnownQueries
  /// The curvature that each query adds: p(1 − p).
  private let weights: [Float]
  /// g = Σ p(1 − p)·d/N.
  private let slope: Matrix
  private var covariance: Matrix
  private var isTaken: [Bool]

  /// No query yet; `weights` are p(1 − p) of each query.
  init(_ known: KnownQueries, prior: Abilities, weights: [Float]) {
    self.known = known
    self.weights = weights
    slope = BLAS.multiply(Matrix(rows: 1, columns: known.count, storage: weights), known.designs)
      .scaled(by: 1 / Float(known.count))
    covariance = PackedSymmetric.matrix(prior.covariance.map(Float.init), order: prior.mean.count)
    isTaken = Array(repeating: false, count: known.count)
  }

  /// w·dᵀΣd of each query, what the determinant of the information grows by: log(1 + w·dᵀΣd).
  private func spreads() -> [Float] {
    zip(BLAS.multiply(known.designs, covariance).rowDots(known.designs), weights).map { $0 * $1 }
  }

  /// By how much each query lowers the variance of the accuracy, gᵀΣg.
  func accuracyGains() -> [Float] {
    let direction = BLAS.multiply(slope, covariance)
    let along = BLAS.multiply(known.designs, .asStored, direction, .transposed)
    let spreads = spreads()
    return (0..<known.count).map { weights[$0] * along[$0, 0] * along[$0, 0] / (1 + spreads[$0]) }
  }

  /// Takes the query of the largest value that is not taken yet; of equal ones the first.
  mutating func choose(_ value: (Float) -> Float) -> Int {
    let spreads = spreads()
    var best = -1
    for query in spreads.indices
    where !isTaken[query] && (best < 0 || value(spreads[query]) > value(spreads[best])) { best = query }
    take(best)
    return best
  }

  /// Adds a query: Σ ← Σ − w·Σd·(Σd)ᵀ/(1 + w·dᵀΣd).
  mutating func take(_ query: Int) {
    isTaken[query] = true
    let design = Matrix(rows: 1, columns: covariance.rows, storage: Array(known.designs.row(query)))
    let moved = BLAS.multiply(design, covariance)
    let weight = weights[query]
    let factor = -weight / (1 + weight * BLAS.dot(moved.row(0), design.row(0)))
    BLAS.add(moved, .transposed, moved, .asStored, scale: factor, to: &covariance)
  }
}
