import Learning
import NumericKernels
import Routing
import RoutingData

/// A network that gives a logit for each LLM that it was trained on.
///
/// Its scores are the logits, so that E_p takes their softmax (RouterEval §4).
package struct NetworkRouter: StorableRouter {
  /// The word for it in model folders.
  package static let kind = "network"

  /// Its name, encoder and LLMs, one for each output.
  package var identity: RouterIdentity
  private let columns: CandidateColumns
  private let network: FeedForwardNetwork
  private let packed: [ProductPanels]

  /// A router from a network with an output for each LLM.
  init(_ identity: RouterIdentity, network: FeedForwardNetwork) {
    self.identity = identity
    columns = CandidateColumns(identity.llms)
    self.network = network
    packed = network.packed
  }

  /// The number of features that it takes.
  package var featureCount: Int? { network.layers[0].weights.columns }

  /// The logits, n × m, and their σ; cost 2·n·(number of weights) operations.
  ///
  /// - Throws: `DataError` for an LLM that was no candidate, or embeddings of another length or not finite.
  package func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let outputs = try columns.places(of: candidates, router: name)
    let features = try identity.features(of: batch, width: network.layers[0].weights.columns)
    let logits = network.outputs(features.embeddings, packed: packed).selecting(columns: outputs)
    return Scores(logits, probabilities: Elementwise.sigmoid(logits))
  }

  /// The weights (outputs × inputs) and biases of each layer.
  package var contents: TensorBundle {
    var bundle = TensorBundle(numbers: ["layers": [Double(network.layers.count)]])
    for (index, layer) in network.layers.enumerated() {
      bundle.matrices["weights_\(index)"] = layer.weights
      bundle.vectors["biases_\(index)"] = layer.biases
    }
    return bundle
  }

  /// A router from what was saved.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package init(_ identity: RouterIdentity, contents: TensorBundle) throws(DataError) {
    var layers: [AffineLayer] = []
    for index in 0..<min(try contents.count("layers"), 16) {
      let weights = try contents.matrix("weights_\(index)")
      if let previous = layers.last, previous.biases.count != weights.columns {
        throw DataError(
          "array 'weights_\(index)' is \(weights.shapeText), which does not fit the layer before it")
      }
      let biases = try contents.vector("biases_\(index)", count: weights.rows)
      layers.append(AffineLayer(weights: weights, biases: biases))
    }
    try identity.requireFeatures(layers.first?.weights.columns ?? 0)
    guard let last = layers.last, last.biases.count == identity.llms.count else {
      throw DataError("the network has not an output for each of \(identity.llms.count) LLMs")
    }
    self.init(identity, network: FeedForwardNetwork(layers: layers))
  }
}
