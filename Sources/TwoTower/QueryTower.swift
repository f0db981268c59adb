import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// The query tower of a trained two-tower model: from embeddings, benchmarks, and sub-scenarios where it uses them,
/// to query factors; nothing is dropped.
package struct QueryTower: Equatable, QueryEncoder {
  /// The word for it in model folders.
  package static let kind = "tower"

  /// A sub-scenario of a benchmark.
  struct Subscenario: Hashable, Sendable {
    let benchmark: Name
    let name: Name
  }

  private let network: QueryNetwork
  private let packed: QueryNetwork.Packed
  private let subscenarios: [Subscenario]
  private let rows: [Subscenario: Int]
  private let benchmarks: [String]
  private let benchmarkRows: [Name: Int]

  /// A tower from its network and what the network's vectors stand for: sub-scenarios, and benchmarks.
  init(_ network: QueryNetwork, subscenarios: [Subscenario], benchmarks: [String]) {
    precondition(
      network.subscenarios.rows == subscenarios.count && network.benchmarks.rows == benchmarks.count,
      "\(network.subscenarios.rows) vectors, \(subscenarios.count) sub-scenarios; \(network.benchmarks.rows) vectors, "
        + "\(benchmarks.count) benchmarks")
    self.network = network
    packed = QueryNetwork.Packed(network)
    self.subscenarios = subscenarios
    self.benchmarks = benchmarks
    benchmarkRows = Dictionary(
      zip(benchmarks.map(Name.init), benchmarks.indices), uniquingKeysWith: { first, _ in first })
    rows = Dictionary(zip(subscenarios, subscenarios.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Whether two towers are of equal parts.
  package static func == (first: Self, second: Self) -> Bool {
    first.network == second.network && first.subscenarios == second.subscenarios
      && first.benchmarks == second.benchmarks
  }

  /// The number of factors, k.
  package var width: Int { network.factors }

  /// The length of an embedding, d.
  package var dimensions: Int { network.dimensions }

  /// The factors of some queries, n × k; sub-scenarios and benchmarks that training did not see count as none.
  package func vectors(of batch: QueryBatch) -> Matrix {
    let known = (0..<batch.embeddings.rows).map { row in
      batch.subscenarios.flatMap { names in
        batch.benchmark.flatMap { rows[Subscenario(benchmark: Name($0), name: Name(names[row]))] }
      }
    }
    var dropout: Dropout?
    let benchmark = batch.benchmark.flatMap { benchmarkRows[Name($0)] }
    return network.pass(batch.embeddings, benchmark: benchmark, known, dropout: &dropout, packed: packed)
      .outputs
  }

  /// The arrays of each layer, the vectors of the sub-scenarios and their names, and the tower's shape.
  package var tensors: TensorBundle {
    var bundle = TensorBundle(texts: [
      "activation": [network.layers.activation.rawValue], "subscenario": [network.use.rawValue],
      "subscenario_benchmarks": subscenarios.map(\.benchmark.text),
      "subscenario_names": subscenarios.map(\.name.text), "benchmarks": benchmarks,
    ])
    bundle.numbers["layers"] = [Double(network.layers.layers.count)]
    bundle.numbers["normalized"] = [network.layers.norms.isEmpty ? 0 : 1]
    for (index, layer) in network.layers.layers.enumerated() {
      bundle.matrices["weights_\(index)"] = layer.weights
      bundle.matrices["biases_\(index)"] = Matrix([layer.biases])
    }
    for (index, norm) in network.layers.norms.enumerated() {
      bundle.matrices["gains_\(index)"] = Matrix([norm.gains])
      bundle.matrices["shifts_\(index)"] = Matrix([norm.shifts])
    }
    bundle.numbers["direct"] = [network.direct.rows > 0 ? 1 : 0]
    if network.direct.rows > 0 { bundle.matrices["direct"] = network.direct }
    if !subscenarios.isEmpty { bundle.matrices["subscenarios"] = network.subscenarios }
    if !benchmarks.isEmpty { bundle.matrices["benchmarks"] = network.benchmarks }
    return bundle
  }

  /// A tower from its tensors.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package init(tensors: TensorBundle) throws(DataError) {
    let benchmarks = try tensors.texts("subscenario_benchmarks")
    let names = try tensors.texts("subscenario_names")
    guard let activation = Activation(rawValue: try tensors.texts("activation").first ?? ""),
      let use = SubscenarioUse(rawValue: try tensors.texts("subscenario").first ?? ""),
      benchmarks.count == names.count, let count = Int(exactly: try tensors.number("layers")), count > 0
    else { throw DataError("the query tower's shape can't be read") }
    var layers: [AffineLayer] = []
    for index in 0..<count {
      let weights = try tensors.matrix("weights_\(index)")
      let biases = try tensors.matrix("biases_\(index)", rows: 1, columns: weights.rows)
      if let previous = layers.last, previous.biases.count != weights.columns {
        throw DataError(
          "array 'weights_\(index)' is \(weights.shapeText), the layer before it has "
            + "\(previous.biases.count) outputs")
      }
      layers.append(AffineLayer(weights: weights, biases: biases.storage))
    }
    var norms: [NormalizationLayer] = []
    if try tensors.number("normalized") == 1 {
      for (index, layer) in layers.dropLast().enumerated() {
        let units = layer.biases.count
        norms.append(
          NormalizationLayer(
            gains: try tensors.matrix("gains_\(index)", rows: 1, columns: units).storage,
            shifts: try tensors.matrix("shifts_\(index)", rows: 1, columns: units).storage))
      }
    }
    let factors = layers[count - 1].biases.count
    let width = use.width(factors: factors)
    var vectors = Matrix(rows: 0, columns: width)
    if !names.isEmpty {
      vectors = try tensors.matrix("subscenarios", rows: names.count, columns: width)
    }
    if use == .concatenate, layers[0].weights.columns <= width {
      throw DataError("array 'weights_0' is \(layers[0].weights.shapeText), too few columns")
    }
    let dimensions = layers[0].weights.columns - (use == .concatenate ? width : 0)
    var direct: Matrix?
    if try tensors.number("direct") == 1 {
      direct = try tensors.matrix("direct", rows: dimensions, columns: factors)
    }
    let own = try tensors.texts("benchmarks")
    var benchmarkVectors: Matrix?
    if !own.isEmpty {
      benchmarkVectors = try tensors.matrix("benchmarks", rows: own.count, columns: factors)
    }
    self.init(
      QueryNetwork(
        layers: FeedForwardNetwork(layers: layers, norms: norms, activation: activation),
        subscenarios: vectors, use: use, direct: direct, benchmarks: benchmarkVectors),
      subscenarios: zip(benchmarks, names).map { Subscenario(benchmark: Name($0), name: Name($1)) },
      benchmarks: own)
  }
}
