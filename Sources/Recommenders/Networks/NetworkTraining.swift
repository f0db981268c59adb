import Foundation
import NumericKernels

/// How a network is fitted to labels: binary cross-entropy, Adam, a learning rate that falls to 0.
struct NetworkTraining: Equatable, Sendable {
  /// Passes over the examples.
  let epochs: Int
  /// Examples in a step; the last step of an epoch may have fewer.
  let batchSize: Int
  /// The learning rate of the first step; that of step s of S is rate · (1 + cos(π·s/S)) / 2.
  let rate: Double
  /// The seed of the order of the examples, new in each epoch.
  let seed: UInt64

  /// Fits a network to n examples, `inputs` n × d and `labels` n × m, NaN where a label is missing.
  ///
  /// The loss of a step is the mean over its observed labels. Cost about 6·n·(number of weights)
  /// operations an epoch, and a pass over all weights and their moments for each step.
  func train(_ network: inout FeedForwardNetwork, inputs: Matrix, labels: Matrix) {
    precondition(inputs.rows == labels.rows, "\(inputs.rows) inputs, \(labels.rows) rows of labels")
    let blocks = Parallel.blocks(of: inputs.rows, size: batchSize)
    let total = Double(epochs * blocks.count)
    var single = SingleExampleGradient(network)
    var optimizer = NetworkOptimizer(network)
    var step = 0
    for epoch in 0..<epochs {
      var order = Array(0..<inputs.rows)
      var generator = SeededGenerator(seed: seed, stream: "network/order", epoch)
      generator.shuffle(&order)
      for block in blocks {
        let rate = rate * (1 + cos(.pi * Double(step) / total)) / 2
        step += 1
        if batchSize == 1 {
          single.compute(network, inputs: inputs, labels: labels, row: order[block.lowerBound])
          optimizer.step(&network, deltas: single.deltas, inputs: single.inputs, rate: rate)
        } else {
          let rows = Array(order[block])
          var dropout: Dropout?
          let pass = network.pass(inputs.selecting(rows: rows), dropout: &dropout)
          var delta = pass.outputs
          BinaryCrossEntropy.replaceWithGradient(&delta.storage, labels: labels.selecting(rows: rows).storage)
          let gradient = network.gradient(of: pass, outputGradient: delta)
          optimizer.step(&network, gradient: gradient.parameters, rate: rate)
        }
      }
    }
  }
}
