import Learning
import NumericKernels
import RoutingData

/// A way to say which clusters of train queries a query belongs to.
package protocol QueryClustering: Sendable {
  /// The word for it in model folders.
  static var kind: String { get }
  /// The number of clusters, K.
  var count: Int { get }
  /// The number of features, d.
  var dimensions: Int { get }

  /// How much each query belongs to each cluster, n × K with rows of sum 1; cost n·K·d.
  func memberships(of features: Matrix) -> Matrix

  /// The share of each cluster in the selection probabilities, n × K with rows of sum 1.
  func selectionShares(of features: Matrix) -> Matrix

  /// What fitting it lowered, per train query.
  func objective(queries: Int) -> Double

  /// Everything that `init(contents:)` needs.
  var contents: TensorBundle { get }

  /// Clusters from what was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  init(contents: TensorBundle) throws(DataError)
}

extension KMeans: QueryClustering {
  package static let kind = "k-means"
  package var count: Int { centroids.rows }
  package var dimensions: Int { centroids.columns }

  /// The mean squared distance to the nearest centroid, in the scale of `ClusteredFeatures`.
  package func objective(queries: Int) -> Double { inertia / Double(max(queries, 1)) }

  /// 1 for the nearest centroid, the first of equals, and 0 for the others.
  package func memberships(of features: Matrix) -> Matrix {
    filled(features) { squares in
      let nearest = squares.indices.reduce(0) { squares[$1] < squares[$0] ? $1 : $0 }
      return squares.indices.map { $0 == nearest ? 1 : 0 }
    }
  }

  /// The inverse distances to the centroids, normalised; a centroid at distance 0 takes all.
  package func selectionShares(of features: Matrix) -> Matrix {
    filled(features) { squares in
      let inverse =
        squares.contains(0) ? squares.map { $0 == 0 ? 1 : 0 } : squares.map { 1 / $0.squareRoot() }
      let total = inverse.reduce(0, +)
      return inverse.map { $0 / total }
    }
  }

  /// Rows made from the squared distances to the centroids, which are computed in `Double`.
  private func filled(_ features: Matrix, _ row: @Sendable ([Double]) -> [Double]) -> Matrix {
    let features = ClusteredFeatures.scaled(features)
    var result = Matrix(rows: features.rows, columns: count)
    Parallel.fillRows(of: &result, blockRows: 64) { range, values in
      for (offset, query) in range.enumerated() {
        var squares = [Double](repeating: 0, count: count)
        for (dimension, value) in features.row(query).enumerated() {
          let place = Double(value)
          for cluster in 0..<count {
            let difference = place - Double(centroids[cluster, dimension])
            squares[cluster] += difference * difference
          }
        }
        for (cluster, value) in row(squares).enumerated() {
          values[offset * count + cluster] = Float(value)
        }
      }
    }
    return result
  }
}
