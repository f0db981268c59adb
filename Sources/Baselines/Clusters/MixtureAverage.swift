import Learning
import NumericKernels
import RoutingData

/// Mixtures of Gaussians from several starts, whose memberships count in equal parts.
///
/// EM ends where its start leads it. Where queries form no clear clusters, the ends of equal likelihood differ as much as
/// those of other seeds, and rounding or one more column chooses among them; their average moves a third as much, and
/// predicts better than any (bagging, Breiman 1996).
package struct MixtureAverage: QueryClustering {
  package static let kind = "gaussian-mixtures"

  /// The mixtures, at least one, over the same features.
  let mixtures: [GaussianMixture]

  package var count: Int { mixtures.reduce(0) { $0 + $1.count } }

  package var dimensions: Int { mixtures[0].dimensions }

  /// Runs EM from each start of k-means; cost as that of one, times their number.
  package init(_ data: ClusteredFeatures, starts: [KMeans]) {
    mixtures = starts.map { GaussianMixture(data, start: $0) }
  }

  /// Mixtures that were saved.
  package init(contents: TensorBundle) throws(DataError) {
    var mixtures: [GaussianMixture] = []
    for index in 0..<min(try contents.count("mixtures"), Self.mostMixtures) {
      mixtures.append(try GaussianMixture(contents: contents.part("mixture_\(index)")))
    }
    guard let first = mixtures.first, mixtures.allSatisfy({ $0.dimensions == first.dimensions }) else {
      throw DataError("the mixtures of the clusters are not possible")
    }
    self.mixtures = mixtures
  }

  /// So many starts a trainer has at most.
  private static let mostMixtures = 1_000

  /// The mixtures one after the other.
  package var contents: TensorBundle {
    var bundle = TensorBundle(numbers: ["mixtures": [Double(mixtures.count)]])
    for (index, mixture) in mixtures.enumerated() { bundle.put(mixture.contents, under: "mixture_\(index)") }
    return bundle
  }

  /// The mean negative log-likelihood of a train query.
  package func objective(queries: Int) -> Double {
    mixtures.reduce(0) { $0 + $1.objective(queries: queries) } / Double(mixtures.count)
  }

  /// The memberships of each mixture side by side, divided by their number.
  package func memberships(of features: Matrix) -> Matrix {
    let first = mixtures[0].memberships(of: features)
    return mixtures.dropFirst().reduce(first) { $0.appending(columns: $1.memberships(of: features)) }
      .scaled(by: 1 / Float(mixtures.count))
  }

  /// The memberships.
  package func selectionShares(of features: Matrix) -> Matrix { memberships(of: features) }
}
