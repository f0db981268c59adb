import Learning
import NumericKernels

/// What a query tower makes of a query's sub-scenario: one learned vector for each, 0 for an unknown one.
package enum SubscenarioUse: String, CaseIterable, Codable, Sendable {
  /// Nothing.
  case none
  /// The vector is added to the tower's output.
  case add
  /// The vector is joined to the embedding before the first layer.
  case concatenate

  /// The length of a joined vector.
  static let joinedWidth = 16

  /// The length of the vectors of a tower with k outputs.
  func width(factors: Int) -> Int {
    switch self {
    case .none: 0
    case .add: factors
    case .concatenate: Self.joinedWidth
    }
  }
}

/// The query tower: from embeddings and sub-scenarios to query factors, or what has its shape: a gradient.
struct QueryNetwork: Equatable, Sendable, Parameterized {
  /// The layers from the embedding, with the joined vector where there is one, to the k factors.
  var layers: FeedForwardNetwork
  /// The vectors of the sub-scenarios in rows; no rows where they are not used.
  var subscenarios: Matrix
  /// What becomes of them.
  let use: SubscenarioUse

  /// The number of factors, k.
  var factors: Int { layers.layers.last?.biases.count ?? 0 }

  /// The length of an embedding, d.
  var dimensions: Int {
    layers.layers[0].weights.columns - (use == .concatenate ? subscenarios.columns : 0)
  }

  /// The same tower for embeddings that are not multiplied by a factor first.
  func taking(unscaled factor: Float) -> QueryNetwork {
    var result = self
    for unit in 0..<layers.layers[0].weights.rows {
      for column in 0..<dimensions { result.layers.layers[0].weights[unit, column] *= factor }
    }
    return result
  }

  /// The weights that a query passes.
  var weightCount: Int { layers.layers.reduce(0) { $0 + $1.parameterCount } }

  var parameters: [[Float]] { layers.parameters + [subscenarios.storage] }

  mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void) {
    layers.changeParameters(body)
    body(&subscenarios.storage, .weights)
  }

  /// The factors of n queries, n × k, with what the gradient needs.
  ///
  /// `known` holds the sub-scenario of each query, a row of `subscenarios` or nil.
  func pass(_ embeddings: Matrix, _ known: [Int?], dropout: inout Dropout?) -> NetworkPass {
    switch use {
    case .none: return layers.pass(embeddings, dropout: &dropout)
    case .concatenate: return layers.pass(joined(embeddings, known), dropout: &dropout)
    case .add:
      var result = layers.pass(embeddings, dropout: &dropout)
      let rows = known.indices.filter { known[$0] != nil }
      result.outputs.addRows(of: subscenarios.selecting(rows: known.compactMap { $0 }), at: rows)
      return result
    }
  }

  /// The gradient with respect to every parameter, summed over the n queries of a pass.
  func gradient(of pass: NetworkPass, _ known: [Int?], outputGradient: Matrix) -> QueryNetwork {
    let inner = layers.gradient(of: pass, outputGradient: outputGradient)
    var vectors = Matrix(rows: subscenarios.rows, columns: subscenarios.columns)
    if use != .none {
      var delta = outputGradient
      if use == .concatenate {
        let weights = layers.layers[0].weights
        let columns = Array(weights.columns - subscenarios.columns..<weights.columns)
        delta = BLAS.multiply(inner.firstSums, weights.selecting(columns: columns))
      }
      let rows = known.indices.filter { known[$0] != nil }
      vectors.addRows(of: delta.selecting(rows: rows), at: known.compactMap { $0 })
    }
    return QueryNetwork(layers: inner.parameters, subscenarios: vectors, use: use)
  }

  private func joined(_ embeddings: Matrix, _ known: [Int?]) -> Matrix {
    var storage: [Float] = []
    storage.reserveCapacity(embeddings.rows * (embeddings.columns + subscenarios.columns))
    let unknown = [Float](repeating: 0, count: subscenarios.columns)
    for (row, subscenario) in known.enumerated() {
      storage.append(contentsOf: embeddings.row(row))
      storage.append(contentsOf: subscenario.map { subscenarios.row($0) } ?? unknown[...])
    }
    return Matrix(
      rows: embeddings.rows, columns: embeddings.columns + subscenarios.columns, storage: storage)
  }
}
