import Foundation
import Learning
import NumericKernels
import TestSupport
import Testing

@testable import Baselines

@Suite struct ClusteringTests {
  /// `perBlob` rows around each of some centres far from each other, blob after blob.
  func blobs(_ centres: [[Float]], perBlob: Int, spread: Float = 0.1, seed: UInt64 = 1) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "blobs")
    return Matrix(
      centres.flatMap { centre in
        (0..<perBlob).map { _ in centre.map { $0 + spread * generator.normal() } }
      })
  }

  func fit(_ embeddings: Matrix, count: Int, starts: Int = 10, seed: UInt64 = 0) -> KMeans {
    KMeans(ClusteredFeatures(features(embeddings)), count: count, starts: starts, seed: seed)
  }

  /// Embeddings, standardized by themselves.
  func features(_ embeddings: Matrix) -> Matrix { TrainFeatures([embeddings]).blocks[0] }

  func labels(_ clustering: any QueryClustering, _ embeddings: Matrix) -> [Int] {
    let members = clustering.memberships(of: features(embeddings))
    return (0..<members.rows).map { members.columnsOfHighest(inRow: $0)[0] }
  }

  @Test func findsBlobs() {
    // 600 rows: more than two blocks. The offset of 100 would cost digits without centring.
    let embeddings = blobs([[100, 0, 3], [103, 0, 0], [97, 4, 0], [100, -5, -5]], perBlob: 150)
    for clustering: any QueryClustering in [
      fit(embeddings, count: 4),
      GaussianMixture(ClusteredFeatures(features(embeddings)), start: fit(embeddings, count: 4)),
    ] {
      let found = labels(clustering, embeddings)
      let firsts = (0..<4).map { found[$0 * 150] }
      #expect(Set(firsts).count == 4)
      #expect(found == firsts.flatMap { Array(repeating: $0, count: 150) })
    }
  }

  @Test func aFixedPointOfLloyd() {
    var generator = SeededGenerator(seed: 5)
    let embeddings = Matrix(rows: 700, columns: 5, storage: (0..<3500).map { _ in generator.normal() })
    let clusters = fit(embeddings, count: 4)
    // The definition, in `Double`: centroids are the means of the rows nearest to them.
    let found = labels(clusters, embeddings)
    let scaled = ClusteredFeatures.scaled(features(embeddings))
    var inertia = 0.0
    for cluster in 0..<4 {
      let members = found.indices.filter { found[$0] == cluster }
      for dimension in 0..<5 {
        let standard = members.map { Double(scaled[$0, dimension]) }
        let mean = standard.reduce(0, +) / Double(members.count)
        #expect(abs(mean - Double(clusters.centroids[cluster, dimension])) < 0.02)
        inertia += standard.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
    }
    #expect(abs(inertia / clusters.inertia - 1) < 1e-3)
    #expect(clusters.inertia <= fit(embeddings, count: 4, starts: 1).inertia * (1 + 1e-6))
  }

  @Test func seedsAndThreads() {
    var generator = SeededGenerator(seed: 6)
    let embeddings = Matrix(rows: 900, columns: 8, storage: (0..<7200).map { _ in generator.normal() })
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let alone = fit(embeddings, count: 3, starts: 2, seed: 9)
    let mixture = GaussianMixture(ClusteredFeatures(features(embeddings)), start: alone)
    Threads.count = 3
    let three = fit(embeddings, count: 3, starts: 2, seed: 9)
    #expect(three.centroids == alone.centroids)
    #expect(
      GaussianMixture(ClusteredFeatures(features(embeddings)), start: three).components == mixture.components)
    #expect(fit(embeddings, count: 3, starts: 2, seed: 10).centroids != alone.centroids)
  }

  @Test func fewerDistinctRowsThanClusters() {
    let two = Matrix((0..<20).map { [Float($0 % 2), 1] })
    #expect(fit(two, count: 5).count == 2)
    #expect(fit(Matrix([[1, 2]]), count: 3).count == 1)
    let same = Matrix(rows: 30, columns: 3, repeating: 0.5)
    let clusters = fit(same, count: 3)
    #expect(clusters.count == 1)
    #expect(clusters.selectionShares(of: features(same)).storage.allSatisfy { $0 == 1 })
    let mixture = GaussianMixture(ClusteredFeatures(features(same)), start: clusters)
    #expect(mixture.memberships(of: features(same)).storage.allSatisfy { $0 == 1 })
  }

  @Test func sharesAreInverseDistances() {
    let train = TrainFeatures([Matrix([[0], [4]])])
    let clusters = KMeans(ClusteredFeatures(train.blocks[0]), count: 2, starts: 10, seed: 0)
    // Distances 1 and 3 give 3/4 and 1/4; a query on a centroid belongs to it alone.
    let queries = train.standard.features(of: Matrix([[1], [4]]))
    let shares = clusters.selectionShares(of: queries)
    let near = clusters.memberships(of: queries).columnsOfHighest(inRow: 0)[0]
    #expect(abs(shares[0, near] - 0.75) < 1e-6)
    #expect(abs(shares[0, 1 - near] - 0.25) < 1e-6)
    #expect(shares[1, near] == 0 && shares[1, 1 - near] == 1)
  }

  @Test func responsibilitiesAreBayesRule() {
    let embeddings = blobs([[0, 0, 0], [1, 0.5, 0]], perBlob: 200, spread: 0.6)
    let data = ClusteredFeatures(features(embeddings))
    let mixture = GaussianMixture(data, start: fit(embeddings, count: 2))
    #expect(zip(mixture.history, mixture.history.dropFirst()).allSatisfy { $1 >= $0 - 1e-5 })
    #expect(abs(mixture.components.reduce(0) { $0 + $1.weight } - 1) < 1e-6)
    let found = mixture.memberships(of: features(embeddings))
    let scaled = ClusteredFeatures.scaled(features(embeddings))
    for row in stride(from: 0, to: 400, by: 37) {
      let densities = mixture.components.map { component in
        (0..<3).reduce(component.weight) { product, dimension in
          let x = Double(scaled[row, dimension])
          let z = (x - component.mean[dimension]) * (x - component.mean[dimension])
          let variance = component.variance[dimension]
          return product * exp(-z / (2 * variance)) / (2 * Double.pi * variance).squareRoot()
        }
      }
      for index in densities.indices {
        #expect(abs(Double(found[row, index]) - densities[index] / densities.reduce(0, +)) < 1e-6)
      }
    }
  }

  /// Several mixtures are one clustering, in which each has an equal part; EM that ends elsewhere moves it less.
  @Test func mixturesAreAveraged() throws {
    var generator = SeededGenerator(seed: 7)
    let embeddings = Matrix(rows: 300, columns: 4, storage: (0..<1200).map { _ in generator.normal() })
    let data = ClusteredFeatures(features(embeddings))
    let starts = KMeans.all(data, count: 3, starts: 5, seed: 1)
    let average = MixtureAverage(data, starts: starts)
    let found = average.memberships(of: features(embeddings))
    #expect(average.count == 15 && found.columns == 15)
    for (index, start) in starts.enumerated() {
      let own = GaussianMixture(data, start: start).memberships(of: features(embeddings))
      for row in stride(from: 0, to: 300, by: 17) {
        for column in 0..<3 { #expect(abs(found[row, 3 * index + column] - own[row, column] / 5) < 1e-6) }
      }
    }
    let read = try MixtureAverage(contents: average.contents)
    #expect(read.memberships(of: features(embeddings)) == found)
  }

  @Test func enormousEmbeddingsStayFinite() {
    let embeddings = Matrix([[3e38, -3e38], [3e38, 3e38], [0, 1e-30], [1, 1]])
    let clusters = fit(embeddings, count: 2)
    let mixture = GaussianMixture(ClusteredFeatures(features(embeddings)), start: clusters)
    for clustering: any QueryClustering in [clusters, mixture] {
      #expect(clustering.selectionShares(of: features(embeddings)).isFinite)
      #expect(clustering.memberships(of: features(embeddings)).isFinite)
    }
  }
}
