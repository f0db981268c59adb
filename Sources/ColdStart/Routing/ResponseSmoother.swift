import Baselines
import NumericKernels
import Regression

/// Scores of any LLM on other queries from its responses to train queries, imputed ones among them.
///
/// The mean of a kernel ridge regression, in which an LLM is one more right-hand side, and of the query's cluster:
/// (Σ y + 20·p̄)/(n + 20) over the LLM's n real responses in it, p̄ the mean expected one.
struct ResponseSmoother {
  private static let priorAnswers: Float = 20
  private static let queriesOfCluster = 60
  private static let mostClusters = 64
  private static let starts = 4

  /// For each other query the weights of the train queries' responses, q × n.
  private let weights: Matrix
  /// Which train query belongs to which cluster, n × c, ones and zeros.
  private let members: Matrix
  private let clusters: [Int]

  /// A smoother from the features of train queries to those of others; `kernel` is of the same train queries.
  init(train: Matrix, others: Matrix, kernel: KernelSmoother, seed: UInt64) {
    weights = kernel.weights(of: others)
    let count = min(max(train.rows / Self.queriesOfCluster, 1), Self.mostClusters)
    let data = ClusteredFeatures(train)
    let centroids = KMeans(data, count: count, starts: Self.starts, seed: seed).centroids
    var members = Matrix(rows: train.rows, columns: centroids.rows)
    for (row, cluster) in Self.nearest(data, centroids).enumerated() { members[row, cluster] = 1 }
    self.members = members
    clusters = Self.nearest(ClusteredFeatures(others), centroids)
  }

  private static func nearest(_ features: ClusteredFeatures, _ centroids: Matrix) -> [Int] {
    let distances = features.squaredDistances(to: centroids)
    return (0..<distances.rows).map { row in
      (0..<distances.columns).reduce(0) { distances[row, $1] < distances[row, $0] ? $1 : $0 }
    }
  }

  /// The scores of LLMs by their responses to the train queries, q × m; cost 2·q·n·m.
  func scores(_ responses: ImputedResponses) -> Matrix {
    var result = BLAS.multiply(weights, responses.values)
    var own = responses.values
    own.update(with: responses.isReal) { $0 *= $1 }
    let real = BLAS.multiply(members, .transposed, own, .asStored)
    let counts = BLAS.multiply(members, .transposed, responses.isReal, .asStored)
    let expected = BLAS.multiply(members, .transposed, responses.expected, .asStored)
    let sizes = BLAS.multiply(
      members, .transposed, Matrix(rows: members.rows, columns: 1, repeating: 1), .asStored)
    for (row, cluster) in clusters.enumerated() {
      for llm in 0..<result.columns {
        let prior = expected[cluster, llm] / max(sizes[cluster, 0], 1)
        let mean =
          (real[cluster, llm] + Self.priorAnswers * prior) / (counts[cluster, llm] + Self.priorAnswers)
        result[row, llm] = (result[row, llm] + mean) / 2
      }
    }
    return result
  }
}
