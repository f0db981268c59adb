import Foundation
import Learning
import NumericKernels

/// How a network is fitted to labels: binary cross-entropy, Adam, a learning rate that falls to 0.
struct NetworkSchedule: Equatable, Sendable {
  /// Passes over the examples.
  let epochs: Int
  /// Examples in a step; the last step of an epoch may have fewer.
  let batchSize: Int
  /// The learning rate of the first step; that of step s of S is rate · (1 + cos(π·s/S)) / 2.
  let rate: Double
  /// The seed of the order of the examples, new in each epoch.
  let seed: UInt64

  /// Fits a network for one epoch, from 0, to n examples: `inputs` n × d and `labels` n × m, NaN where one is missing.
  ///
  /// The loss of a step is the mean over its observed labels, each times its weight where there are some. Cost about 6·n·(number of weights)
  /// operations, and a pass over all weights and their moments for each step.
  func epoch(
    _ epoch: Int, _ network: inout FeedForwardNetwork,
    _ optimizer: inout NetworkOptimizer<FeedForwardNetwork>, inputs: Matrix, labels: Matrix,
    weights: Matrix? = nil
  ) {
    precondition(inputs.rows == labels.rows, "\(inputs.rows) inputs, \(labels.rows) rows of labels")
    let blocks = Parallel.blocks(of: inputs.rows, size: batchSize)
    let total = Double(epochs * blocks.count)
    var single = SingleExampleGradient(network)
    var order = Array(0..<inputs.rows)
    var generator = SeededGenerator(seed: seed, stream: "network/order", epoch)
    generator.shuffle(&order)
    for (place, block) in blocks.enumerated() {
      let rate = rate * (1 + cos(.pi * Double(epoch * blocks.count + place) / total)) / 2
      if batchSize == 1 {
        single.compute(
          network, inputs: inputs, labels: labels, weights: weights, row: order[block.lowerBound])
        optimizer.step(&network, deltas: single.deltas, inputs: single.inputs, rate: rate)
      } else {
        let rows = Array(order[block])
        var dropout: Dropout?
        let pass = network.pass(inputs.selecting(rows: rows), dropout: &dropout)
        var delta = pass.outputs
        BinaryCrossEntropy.replaceWithGradient(
          &delta, labels: labels.selecting(rows: rows), weights: weights?.selecting(rows: rows))
        let gradient = network.gradient(of: pass, outputGradient: delta)
        optimizer.step(&network, gradient: gradient.parameters, rate: rate)
      }
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
