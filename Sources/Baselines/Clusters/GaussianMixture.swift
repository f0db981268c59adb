import Foundation
import Learning
import NumericKernels
import RoutingData

/// A mixture of Gaussians with diagonal covariances over embeddings, fitted by EM from k-means clusters.
///
/// Variances stay above a thousandth of the mean variance, so that no component collapses onto a query.
package struct GaussianMixture: QueryClustering {
  package static let kind = "gaussian-mixture"

  /// The number of features, d.
  package let dimensions: Int
  /// The parameters of each component, in the scale of `ClusteredFeatures`.
  private(set) var components: [Component]
  /// The mean log-likelihood of a train query after each step.
  private(set) var history: [Double] = []

  package struct Component: Equatable, Sendable {
    package var weight: Double
    package var mean: [Double]
    package var variance: [Double]

    /// log(weight · density) without the terms in x.
    package var logConstant: Double {
      var sum = 2 * log(weight)
      for (mean, variance) in zip(mean, variance) {
        sum -= log(2 * Double.pi * variance) + mean * mean / variance
      }
      return sum / 2
    }
  }

  package static let varianceFloor = 1e-3
  package static let stepLimit = 100
  package static let tolerance = 1e-3

  package var count: Int { components.count }

  /// Runs EM from the clusters of `start` until the mean log-likelihood gains less than 1e-3.
  ///
  /// Cost for each step: 8·n·d·K operations in SGEMM, over fixed blocks of rows.
  package init(_ data: ClusteredFeatures, start: KMeans) {
    dimensions = data.dimensions
    let features = Parallel.map(data.blocks.count) { Self.features(data.blocks[$0]) }
    components = (0..<start.count).map { cluster in
      Component(
        weight: 1 / Double(start.count), mean: start.centroids.row(cluster).map(Double.init),
        variance: Array(repeating: 1, count: data.dimensions))
    }
    let distances = data.squaredDistances(to: start.centroids)
    let clusters = Parallel.map(data.blocks.count) { index -> Matrix in
      let first = index * ClusteredFeatures.blockRows
      let block = distances.selecting(rows: Array(first..<first + data.blocks[index].rows))
      var nearest = Matrix(rows: block.rows, columns: block.columns)
      for row in 0..<block.rows {
        let least = (0..<block.columns).reduce(0) { block[row, $1] < block[row, $0] ? $1 : $0 }
        nearest[row, least] = 1
      }
      return nearest
    }
    maximize(features, clusters, count: data.count)
    for _ in 0..<Self.stepLimit {
      let expected = expectation(features)
      history.append(expected.logLikelihood / Double(data.count))
      if history.count > 1, history[history.count - 1] - history[history.count - 2] < Self.tolerance { break }
      maximize(features, expected.responsibilities, count: data.count)
    }
  }

  /// A mixture that was saved.
  package init(contents: TensorBundle) throws(DataError) {
    dimensions = try contents.count("dimensions")
    let count = try contents.count("components")
    var components: [Component] = []
    for index in 0..<count {
      let part = contents.part("component_\(index)")
      components.append(
        Component(
          weight: try part.number("weight"), mean: try part.numbers("mean", count: dimensions),
          variance: try part.numbers("variance", count: dimensions)))
    }
    guard !components.isEmpty, components.allSatisfy({ $0.weight > 0 && $0.variance.allSatisfy { $0 > 0 } })
    else {
      throw DataError("the components of the mixture are not possible")
    }
    guard let history = contents.numbers["history"] else {
      throw DataError("numbers 'history' are missing")
    }
    self.components = components
    self.history = history
  }

  /// The components, the number of features and the history.
  package var contents: TensorBundle {
    var bundle = TensorBundle(numbers: ["dimensions": [Double(dimensions)]])
    bundle.numbers["components"] = [Double(count)]
    bundle.numbers["history"] = history
    for (index, component) in components.enumerated() {
      bundle.put(
        TensorBundle(numbers: [
          "weight": [component.weight], "mean": component.mean, "variance": component.variance,
        ]), under: "component_\(index)")
    }
    return bundle
  }

  /// The negative mean log-likelihood of a train query.
  package func objective(queries: Int) -> Double { -(history.last ?? 0) }

  /// The rows (x², x), so that a log density is one product.
  private static func features(_ block: Matrix) -> Matrix {
    var result = Matrix(rows: block.rows, columns: 2 * block.columns)
    for row in 0..<block.rows {
      for (column, value) in block.row(row).enumerated() {
        result[row, column] = value * value
        result[row, block.columns + column] = value
      }
    }
    return result
  }

  /// The responsibilities of each block, rows × K, and the log-likelihood of all rows.
  private func expectation(_ features: [Matrix]) -> (responsibilities: [Matrix], logLikelihood: Double) {
    let weights = Matrix(
      rows: count, columns: 2 * dimensions,
      storage: components.flatMap { component in
        component.variance.map { Float(-0.5 / $0) }
          + zip(component.mean, component.variance).map { Float($0 / $1) }
      })
    let constants = components.map(\.logConstant)
    let parts = Parallel.map(features.count) { index -> (responsibilities: Matrix, total: Double) in
      var block = BLAS.multiply(features[index], .asStored, weights, .transposed)
      var total = 0.0
      for row in 0..<block.rows {
        let logs = constants.indices.map { Double(block[row, $0]) + constants[$0] }
        let (shares, logSum) = Self.normalized(logs)
        total += logSum
        for (component, share) in shares.enumerated() { block[row, component] = Float(share) }
      }
      return (block, total)
    }
    return (parts.map(\.responsibilities), parts.reduce(0) { $0 + $1.total })
  }

  /// Sets the components to the weighted means and variances; one without any weight keeps its own.
  private mutating func maximize(_ features: [Matrix], _ responsibilities: [Matrix], count: Int) {
    let parts = Parallel.map(features.count) {
      BLAS.multiply(responsibilities[$0], .transposed, features[$0], .asStored)
    }
    var sums = Matrix(rows: components.count, columns: 2 * dimensions)
    for part in parts { sums += part }
    for index in components.indices {
      var total = 0.0
      for block in responsibilities {
        for row in 0..<block.rows { total += Double(block[row, index]) }
      }
      components[index].weight = max(total / Double(count), 1e-12)
      guard total > 1e-3 else { continue }
      for dimension in 0..<dimensions {
        let mean = Double(sums[index, dimensions + dimension]) / total
        components[index].mean[dimension] = mean
        components[index].variance[dimension] = max(
          Double(sums[index, dimension]) / total - mean * mean, Self.varianceFloor)
      }
    }
  }

  /// exp(logs) normalised to sum 1, and the log of their sum.
  private static func normalized(_ logs: [Double]) -> (shares: [Double], logSum: Double) {
    let largest = logs.max() ?? 0
    let terms = logs.map { exp($0 - largest) }
    let total = terms.reduce(0, +)
    return (terms.map { $0 / total }, largest + log(total))
  }

  /// The probability that each component made the query; computed in `Double`.
  package func memberships(of features: Matrix) -> Matrix {
    let constants = components.map(\.logConstant)
    let features = ClusteredFeatures.scaled(features)
    var result = Matrix(rows: features.rows, columns: count)
    Parallel.fillRows(of: &result, blockRows: 64) { range, values in
      for (offset, query) in range.enumerated() {
        var logs = constants
        for (dimension, value) in features.row(query).enumerated() {
          let place = Double(value)
          for index in logs.indices {
            // −(x − μ)²/2σ² without the term in μ alone, which the constant holds.
            let mean = components[index].mean[dimension]
            logs[index] -= place * (place - 2 * mean) / (2 * components[index].variance[dimension])
          }
        }
        for (index, share) in Self.normalized(logs).shares.enumerated() {
          values[offset * logs.count + index] = Float(share)
        }
      }
    }
    return result
  }

  /// The memberships.
  package func selectionShares(of features: Matrix) -> Matrix { memberships(of: features) }
}
