import NumericKernels

/// Adam on all parameters of a network.
struct NetworkOptimizer<Network: Parameterized> {
  /// The moments of each array of parameters, in the network's order.
  var moments: [AdamMoments]
  /// The steps taken so far.
  var steps = 0

  init(_ network: Network) {
    moments = network.parameters.map { AdamMoments(count: $0.count) }
  }

  /// Moves a network against `scale` times a gradient; weights are decayed by `weightDecay`, offsets never.
  mutating func step(
    _ network: inout Network, gradient: Network, scale: Float = 1, rate: Double, weightDecay: Double = 0
  ) {
    steps += 1
    let step = AdamStep(number: steps, rate: rate)
    let decaying = AdamStep(number: steps, rate: rate, weightDecay: weightDecay)
    let parts = gradient.parameters
    var index = 0
    network.changeParameters { array, role in
      let chosen = role == .weights ? decaying : step
      chosen.update(&array, &moments[index], gradient: parts[index], scale: scale)
      index += 1
    }
  }
}

extension NetworkOptimizer where Network == FeedForwardNetwork {
  /// Moves a plain network against the gradient of one example, given layer by layer as δ and the layer's inputs.
  ///
  /// The gradient of the weights is δ·xᵀ, that of the biases δ.
  mutating func step(
    _ network: inout FeedForwardNetwork, deltas: [[Float]], inputs: [[Float]], rate: Double
  ) {
    steps += 1
    let step = AdamStep(number: steps, rate: rate)
    for index in network.layers.indices {
      step.update(
        &network.layers[index].weights, &moments[2 * index], outer: deltas[index], inputs[index])
      step.update(&network.layers[index].biases, &moments[2 * index + 1], gradient: deltas[index])
    }
  }
}
