import NumericKernels

/// Adam on all parameters of a network.
package struct NetworkOptimizer<Network: Parameterized> {
  /// The moments of each array of parameters, in the network's order.
  package var moments: [AdamMoments]
  /// The steps taken so far.
  package var steps = 0

  package init(_ network: Network) {
    moments = network.parameters.map { AdamMoments(count: $0.count) }
  }

  /// Moves a network against `scale` times a gradient; weights are decayed by `weightDecay`, offsets never.
  package mutating func step(
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
