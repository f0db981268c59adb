import Foundation
import Learning
import NumericKernels

/// The shape of a two-tower network and the weights it starts from.
struct TwoTowerStart: Equatable, Sendable {
  /// The number of factors, k.
  var factors = 32
  /// The widths of the hidden layers of the query tower; none makes it linear.
  var hidden: [Int] = []
  /// What stands between its layers.
  var activation = Activation.rectifier
  /// Whether its hidden layers are normalized.
  var isNormalized = false
  /// What it makes of sub-scenarios.
  var subscenarios = SubscenarioUse.none
  /// The first temperature.
  var temperature = 1.0
  var seed: UInt64 = 42

  /// A network for embeddings of length d and m LLMs with f features.
  ///
  /// Layers start as torch's do, what a benchmark adds at 0. The first number of every LLM's vector is 1, so that a query's first factor is how easy
  /// it is for all of them: thousands of random vectors would have to learn first to agree on that. The others have
  /// length 1 on average; what sub-scenarios and metadata add starts at 0. A bias starts at the logit of the LLM's mean response on the train queries.
  func network(
    dimensions: Int, subscenarioCount: Int, featureCount: Int, means: [Double], benchmarkCount: Int = 1
  ) -> TwoTowerNetwork {
    var generator = SeededGenerator(seed: seed, stream: "two-tower/weights")
    let joined = subscenarios == .concatenate ? SubscenarioUse.joinedWidth : 0
    let layers = FeedForwardNetwork(
      widths: [dimensions + joined] + hidden + [factors], activation: activation, isNormalized: isNormalized,
      using: &generator)
    let scale = 1 / Float(factors).squareRoot()
    let identities = AffineLayer(
      weights: Matrix(
        rows: means.count, columns: factors,
        storage: (0..<means.count * factors).map { place in
          place % factors == 0 && factors > 1 ? 1 : generator.normal() * scale
        }),
      biases: means.map { Elementwise.logit(Float(min(max($0, 0.001), 0.999))) })
    return TwoTowerNetwork(
      query: QueryNetwork(
        layers: layers,
        subscenarios: Matrix(
          rows: subscenarios == .none ? 0 : subscenarioCount, columns: subscenarios.width(factors: factors)),
        use: subscenarios,
        benchmarks: Matrix(rows: benchmarkCount > 1 ? benchmarkCount : 0, columns: factors)),
      llm: LLMNetwork(identities: identities, features: Matrix(rows: featureCount, columns: factors)),
      logScale: [Float(-log(temperature))])
  }
}
