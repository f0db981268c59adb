import Foundation
import NumericKernels
import TestSupport
import Testing

@testable import Learning

@Suite(.serialized) struct FeedForwardNetworkTests {
  /// The mean loss over the observed labels, one unit after the other in `Double`.
  static func loss(_ layers: [(weights: [[Double]], biases: [Double])], _ inputs: Matrix, _ labels: Matrix)
    -> Double
  {
    var sum = 0.0
    var observed = 0.0
    for row in 0..<inputs.rows {
      var values = inputs.row(row).map(Double.init)
      for (index, layer) in layers.enumerated() {
        let next = zip(layer.weights, layer.biases).map { unit, bias in
          zip(unit, values).reduce(bias) { $0 + $1.0 * $1.1 }
        }
        values = index + 1 < layers.count ? next.map { max($0, 0) } : next
      }
      for (logit, label) in zip(values, labels.row(row)) where !label.isNaN {
        let y = Double(label)
        sum += max(logit, 0) - y * logit + log1p(exp(-abs(logit)))
        observed += 1
      }
    }
    return sum / observed
  }

  static func layers(_ network: FeedForwardNetwork) -> [(weights: [[Double]], biases: [Double])] {
    network.layers.map { layer in
      let rows = (0..<layer.weights.rows).map { layer.weights.row($0).map(Double.init) }
      return (rows, layer.biases.map(Double.init))
    }
  }

  @Test(arguments: [[5, 2], [4, 6, 5, 3]]) func gradientAgreesWithFiniteDifferences(widths: [Int]) {
    let network = NetworkSample.network(widths)
    let (inputs, labels) = NetworkSample.examples(9, inputs: widths[0], outputs: widths[widths.count - 1])
    var dropout: Dropout?
    let pass = network.pass(inputs, dropout: &dropout)
    var delta = pass.outputs
    BinaryCrossEntropy.replaceWithGradient(&delta, labels: labels)
    let gradient = network.gradient(of: pass, outputGradient: delta).parameters.layers

    let step = 1e-6
    var layers = Self.layers(network)
    func slope(_ change: (Double) -> Void) -> Double {
      change(step)
      let above = Self.loss(layers, inputs, labels)
      change(-2 * step)
      let below = Self.loss(layers, inputs, labels)
      change(step)
      return (above - below) / (2 * step)
    }
    for (index, layer) in gradient.enumerated() {
      for unit in layer.biases.indices {
        #expect(abs(Double(layer.biases[unit]) - slope { layers[index].biases[unit] += $0 }) < 1e-6)
        for input in 0..<layer.weights.columns {
          let expected = slope { layers[index].weights[unit][input] += $0 }
          #expect(abs(Double(layer.weights[unit, input]) - expected) < 1e-6)
        }
      }
    }
  }

  @Test func startsAsTorchDoes() {
    let layer = NetworkSample.network([400, 50]).layers[0]
    let numbers = layer.weights.storage + layer.biases
    #expect(numbers.allSatisfy { abs($0) <= 0.05 })
    #expect(numbers.contains { $0 > 0.049 } && numbers.contains { $0 < -0.049 })
    let variance = numbers.reduce(0) { $0 + Double($1 * $1) } / Double(numbers.count)
    #expect(abs(variance - 0.05 * 0.05 / 3) < 2e-5)
  }
}
