import LinearAlgebra

/// Adam on all weights and biases of a network.
struct NetworkOptimizer {
  private struct LayerMoments {
    var weights: AdamMoments
    var biases: AdamMoments
  }

  private var moments: [LayerMoments]
  private var steps = 0

  init(_ network: FeedForwardNetwork) {
    moments = network.layers.map {
      LayerMoments(
        weights: AdamMoments(count: $0.weights.storage.count), biases: AdamMoments(count: $0.biases.count))
    }
  }

  /// Moves a network against a gradient.
  mutating func step(_ network: inout FeedForwardNetwork, gradient: [AffineLayer], rate: Double) {
    steps += 1
    let step = AdamStep(number: steps, rate: rate)
    for index in network.layers.indices {
      step.update(
        &network.layers[index].weights.storage, &moments[index].weights,
        gradient: gradient[index].weights.storage)
      step.update(
        &network.layers[index].biases, &moments[index].biases, gradient: gradient[index].biases)
    }
  }

  /// Moves a network against the gradient of one example, given layer by layer as δ and the layer's inputs.
  ///
  /// The gradient of the weights is δ·xᵀ, that of the biases δ.
  mutating func step(
    _ network: inout FeedForwardNetwork, deltas: [[Float]], inputs: [[Float]], rate: Double
  ) {
    steps += 1
    let step = AdamStep(number: steps, rate: rate)
    for index in network.layers.indices {
      step.update(
        &network.layers[index].weights, &moments[index].weights, outer: deltas[index], inputs[index])
      step.update(&network.layers[index].biases, &moments[index].biases, gradient: deltas[index])
    }
  }
}
