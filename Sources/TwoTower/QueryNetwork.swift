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

/// The query tower: from embeddings, benchmarks and sub-scenarios to query factors, or what has its shape: a gradient.
///
/// The hidden layers learn what a linear map of the embedding, beside them, does not say.
struct QueryNetwork: Equatable, Sendable, Parameterized {
  /// The layers from the embedding, with the joined vector where there is one, to the k factors.
  var layers: FeedForwardNetwork
  /// The vectors of the sub-scenarios in rows; no rows where they are not used.
  var subscenarios: Matrix
  /// What becomes of them.
  let use: SubscenarioUse
  /// The linear map from embeddings to factors beside the hidden layers, d × k; no rows where the layers are linear.
  var direct: Matrix
  /// What each benchmark adds to the factors, in rows; no rows for a single one.
  var benchmarks: Matrix

  /// A tower from its parts.
  init(
    layers: FeedForwardNetwork, subscenarios: Matrix, use: SubscenarioUse, direct: Matrix? = nil,
    benchmarks: Matrix? = nil
  ) {
    let factors = layers.layers.last?.biases.count ?? 0
    self.layers = layers
    self.subscenarios = subscenarios
    self.use = use
    self.direct = direct ?? Matrix(rows: 0, columns: factors)
    self.benchmarks = benchmarks ?? Matrix(rows: 0, columns: factors)
  }

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
    result.direct = direct.scaled(by: factor)
    return result
  }

  /// The weights that a query passes.
  var weightCount: Int { layers.layers.reduce(direct.storage.count) { $0 + $1.parameterCount } }

  var parameters: [[Float]] {
    layers.parameters + [subscenarios.storage, direct.storage, benchmarks.storage]
  }

  mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void) {
    layers.changeParameters(body)
    body(&subscenarios.storage, .weights)
    body(&direct.storage, .weights)
    body(&benchmarks.storage, .offsets)
  }

  /// The weights, packed for `pass`.
  struct Packed: Sendable {
    let layers: [ProductPanels]
    /// Nil for a tower without direct weights.
    let direct: ProductPanels?

    init(_ network: QueryNetwork) {
      layers = network.layers.packed
      direct = network.direct.rows > 0 ? ProductPanels(network.direct) : nil
    }
  }

  /// The factors of n queries, n × k, with what the gradient needs.
  ///
  /// `benchmark` is that of all of them, a row of `benchmarks` or nil; `known` holds the sub-scenario of each query,
  /// a row of `subscenarios` or nil. With packed weights, a query's factors are the same whatever queries stand beside it.
  func pass(
    _ embeddings: Matrix, benchmark: Int? = nil, _ known: [Int?], dropout: inout Dropout?,
    packed: Packed? = nil
  ) -> NetworkPass {
    let inputs = use == .concatenate ? joined(embeddings, known) : embeddings
    var result = layers.pass(inputs, dropout: &dropout, packed: packed?.layers)
    if use == .add {
      let rows = known.indices.filter { known[$0] != nil }
      result.outputs.addRows(of: subscenarios.selecting(rows: known.compactMap { $0 }), at: rows)
    }
    if let packed = packed?.direct {
      result.outputs += packed.multiplied(by: embeddings)
    } else if direct.rows > 0 {
      BLAS.add(embeddings, .asStored, direct, .asStored, to: &result.outputs)
    }
    if let benchmark { result.outputs.addToRows(Array(benchmarks.row(benchmark))) }
    return result
  }

  /// The gradient with respect to every parameter, summed over the n queries of a pass of the same arguments.
  func gradient(
    of pass: NetworkPass, _ embeddings: Matrix, benchmark: Int?, _ known: [Int?], outputGradient: Matrix
  ) -> QueryNetwork {
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
    var result = QueryNetwork(
      layers: inner.parameters, subscenarios: vectors, use: use,
      benchmarks: Matrix(rows: benchmarks.rows, columns: benchmarks.columns))
    if direct.rows > 0 {
      result.direct = BLAS.multiply(embeddings, .transposed, outputGradient, .asStored)
    }
    if let benchmark {
      result.benchmarks.addRows(
        of: outputGradient, at: Array(repeating: benchmark, count: outputGradient.rows))
    }
    return result
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
