import Learning
import NumericKernels
import Routing
import RoutingData

/// Where the training of a two-tower model begins.
package enum FirstWeights: String, CaseIterable, Codable, Sendable {
  /// At the solution of logistic-mf on the same data, which every later epoch has to beat on validation.
  case logisticMF = "logistic-mf"
  /// At random weights.
  case random
}

extension TwoTowerNetwork {
  /// Moves to the solution of logistic-mf: the same log-odds for every query, whatever the random weights were.
  ///
  /// The vectors of the LLMs are its factors, divided by what each LLM is trusted less for (see `FactorModel`), the linear
  /// part of the query tower is its map, and the hidden layers add nothing yet. Few queries tell thousands of vectors
  /// apart only by how they were answered, which logistic-mf fits for each query, and not by what embeddings say of it.
  /// Entries of the vectors beyond its factors stay random, and a query's are 0 there.
  ///
  /// `model` knows the tower's LLMs and benchmarks in their order; its queries' vectors are no longer than the tower's.
  /// `embeddingScale` is what the tower's embeddings are multiplied by.
  mutating func begin(at model: FactorModel, embeddingScale: Float) throws(DataError) {
    guard let map = model.queryEncoder as? EmbeddingMap, map.width <= query.factors else { return }
    let (vectors, biases) = try model.scoringParts(for: Candidates(model.identity.llms), benchmark: nil)
    // The query's bias, the last column, is the first factor here.
    let places = (0..<map.width).map { ($0 + 1) % map.width }
    llm.identities.biases = biases
    for row in 0..<vectors.rows {
      for (column, place) in places.enumerated() {
        llm.identities.weights[row, place] = vectors[row, column]
      }
    }
    let (dimensions, last) = (map.dimensions, query.layers.layers.count - 1)
    var linear = Matrix(rows: dimensions, columns: query.factors)
    var intercepts = Matrix(rows: map.benchmarks.count, columns: query.factors)
    for (column, place) in places.enumerated() {
      for row in 0..<dimensions { linear[row, place] = map.weights[row, column] / (scale * embeddingScale) }
      for row in 0..<intercepts.rows {
        intercepts[row, place] = map.weights[dimensions + row, column] / scale
      }
    }
    let mean = (0..<query.factors).map { factor in
      intercepts.column(factor).reduce(0, +) / Float(intercepts.rows)
    }
    query.layers.layers[last].biases = mean
    if query.benchmarks.rows > 0 {
      intercepts.addToRows(mean.map { -$0 })
      query.benchmarks = intercepts
    }
    if last > 0 {
      let width = query.layers.layers[last].weights.columns
      query.layers.layers[last].weights = Matrix(rows: query.factors, columns: width)
      query.direct = linear
    } else {
      query.layers.layers[0].weights.replace(rows: 0, columns: 0, with: linear.transposed)
    }
  }
}
