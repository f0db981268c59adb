import Foundation
import Learning
import NumericKernels
import TestSupport
import Testing

@testable import Baselines

@Suite(.serialized) struct NetworkTrainingTests {
  /// A loop in `Double` over one linear layer: shuffle, mean of the observed cells, Adam, cosine.
  static func slowLinear(_ training: NetworkSchedule, _ layer: AffineLayer, _ x: Matrix, _ y: Matrix)
    -> [Double]
  {
    let (d, m) = (x.columns, y.columns)
    // For each output its d weights and then its bias.
    var w = (0..<m).flatMap { layer.weights.row($0).map(Double.init) + [Double(layer.biases[$0])] }
    var first = w.map { _ in 0.0 }
    var second = first
    let steps = training.epochs * ((x.rows + training.batchSize - 1) / training.batchSize)
    var step = 0
    for epoch in 0..<training.epochs {
      var order = Array(0..<x.rows)
      var generator = SeededGenerator(seed: training.seed, stream: "network/order", epoch)
      generator.shuffle(&order)
      for start in stride(from: 0, to: x.rows, by: training.batchSize) {
        let batch = order[start..<min(start + training.batchSize, x.rows)]
        let observed = batch.reduce(0) { count, row in count + y.row(row).filter { !$0.isNaN }.count }
        var gradient = w.map { _ in 0.0 }
        for row in batch {
          let input = x.row(row).map(Double.init) + [1]
          for column in 0..<m where !y[row, column].isNaN {
            let z = (0...d).reduce(0.0) { $0 + w[column * (d + 1) + $1] * input[$1] }
            let delta = (1 / (1 + exp(-z)) - Double(y[row, column])) / Double(observed)
            for place in 0...d { gradient[column * (d + 1) + place] += delta * input[place] }
          }
        }
        let rate = training.rate * (1 + cos(Double.pi * Double(step) / Double(steps))) / 2
        step += 1
        for i in w.indices {
          first[i] = 0.9 * first[i] + 0.1 * gradient[i]
          second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i]
          let mean = first[i] / (1 - pow(0.9, Double(step)))
          w[i] -= rate * mean / ((second[i] / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-8)
        }
      }
    }
    return w
  }

  @Test(arguments: [[5, 2], [4, 6, 5, 3]]) func oneExampleHasTheGradientOfABatchOfOne(widths: [Int]) {
    let network = NetworkSample.network(widths)
    let (inputs, labels) = NetworkSample.examples(6, inputs: widths[0], outputs: widths[widths.count - 1])
    var single = SingleExampleGradient(network)
    for row in 0..<inputs.rows {
      single.compute(network, inputs: inputs, labels: labels, row: row)
      var dropout: Dropout?
      let pass = network.pass(inputs.selecting(rows: [row]), dropout: &dropout)
      var delta = pass.outputs
      BinaryCrossEntropy.replaceWithGradient(&delta, labels: labels.selecting(rows: [row]))
      let gradient = network.gradient(of: pass, outputGradient: delta).parameters.layers
      for (index, layer) in gradient.enumerated() {
        for unit in layer.biases.indices {
          #expect(abs(layer.biases[unit] - single.deltas[index][unit]) < 1e-6)
          for input in 0..<layer.weights.columns {
            let product = single.deltas[index][unit] * single.inputs[index][input]
            #expect(abs(layer.weights[unit, input] - product) < 1e-6)
          }
        }
      }
    }
  }

  @Test(arguments: [1, 4]) func agreesWithASlowLoop(batchSize: Int) {
    var network = NetworkSample.network([5, 3])
    let (x, y) = NetworkSample.examples(10, inputs: 5, outputs: 3)
    let training = NetworkSchedule(epochs: 4, batchSize: batchSize, rate: 0.02, seed: 3)
    let expected = Self.slowLinear(training, network.layers[0], x, y)
    let start = network
    training.train(&network, inputs: x, labels: y)
    let layer = network.layers[0]
    let trained = (0..<3).flatMap { Array(layer.weights.row($0)) + [layer.biases[$0]] }
    for (weight, wanted) in zip(trained, expected) { #expect(abs(Double(weight) - wanted) < 1e-5) }
    #expect(network != start)
  }

  /// Exclusive or: what one affine layer can't tell.
  @Test(arguments: [1, 8]) func hiddenLayersLearnWhatALineCannot(batchSize: Int) {
    let corners: [[Float]] = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    let answers: [Float] = [0, 1, 1, 0]
    let x = Matrix((0..<64).map { corners[$0 % 4] })
    let y = Matrix((0..<64).map { [answers[$0 % 4]] })
    func loss(_ widths: [Int]) -> Double {
      var network = NetworkSample.network(widths)
      NetworkSchedule(epochs: 40, batchSize: batchSize, rate: 0.01, seed: 1).train(
        &network, inputs: x, labels: y)
      return BinaryCrossEntropy.meanLoss(logits: network.outputs(x), labels: y)
    }
    #expect(loss([2, 16, 16, 1]) < 0.1)
    #expect(loss([2, 1]) > 0.6)
  }

  @Test(arguments: [1, 16]) func bitsDoNotDependOnThreads(batchSize: Int) {
    let before = Threads.count
    defer { Threads.count = before }
    let (x, y) = NetworkSample.examples(40, inputs: 30, outputs: 300)
    func trained(threads: Int, seed: UInt64 = 5) -> FeedForwardNetwork {
      Threads.count = threads
      var network = NetworkSample.network([30, 300, 300])
      NetworkSchedule(epochs: 2, batchSize: batchSize, rate: 0.01, seed: seed).train(
        &network, inputs: x, labels: y)
      return network
    }
    #expect(trained(threads: 1) == trained(threads: 2))
    #expect(trained(threads: 1) != trained(threads: 1, seed: 6))
  }
}

extension NetworkSchedule {
  /// All epochs one after the other, as `NetworkFit` takes them.
  fileprivate func train(_ network: inout FeedForwardNetwork, inputs: Matrix, labels: Matrix) {
    var optimizer = NetworkOptimizer(network)
    for epoch in 0..<epochs { self.epoch(epoch, &network, &optimizer, inputs: inputs, labels: labels) }
  }
}

@Suite struct NetworkPresetTests {
  @Test func presetsAreThePublishedOnesAndTheFastOnes() {
    func training<Shape: NetworkShape>(
      _ shape: Shape.Type, _ preset: NetworkPreset, queries: Int = 9563, epochs: Int? = nil
    ) -> NetworkSchedule {
      NetworkRouterTests.trainer(shape, preset, epochs: epochs, seed: 4).schedule(queries: queries)
    }
    #expect(
      training(LinearShape.self, .paper) == NetworkSchedule(epochs: 10, batchSize: 1, rate: 0.01, seed: 4))
    #expect(
      training(PerceptronShape.self, .paper)
        == NetworkSchedule(epochs: 100, batchSize: 1, rate: 0.0001, seed: 4))
    #expect(
      training(LinearShape.self, .fast) == NetworkSchedule(epochs: 10, batchSize: 32, rate: 0.02, seed: 4))
    #expect(
      training(PerceptronShape.self, .fast)
        == NetworkSchedule(epochs: 10, batchSize: 32, rate: 0.0003, seed: 4))
    // 33 steps an epoch, so 16 epochs reach 500 steps, and 46 reach 1,500.
    #expect(training(LinearShape.self, .fast, queries: 1055).epochs == 16)
    #expect(training(PerceptronShape.self, .fast, queries: 1055).epochs == 46)
    #expect(training(LinearShape.self, .fast, queries: 1).epochs == 500)
    #expect(training(PerceptronShape.self, .fast, queries: 1055, epochs: 2).epochs == 2)
  }
}
