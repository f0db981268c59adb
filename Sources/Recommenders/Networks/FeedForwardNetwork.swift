import LinearAlgebra

/// Affine layers with rectified linear units between them; one layer is a linear map.
struct FeedForwardNetwork: Equatable, Sendable {
  /// The layers, from the inputs to the outputs, at least one.
  var layers: [AffineLayer]

  /// A network whose layers lead from one width to the next, with random weights.
  init(widths: [Int], using generator: inout SeededGenerator) {
    precondition(widths.count >= 2, "a network of widths \(widths)")
    layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
      AffineLayer(inputs: inputs, outputs: outputs, using: &generator)
    }
  }

  /// Whether every weight and bias is a finite number.
  var isFinite: Bool { layers.allSatisfy { $0.weights.isFinite && $0.biases.allSatisfy(\.isFinite) } }

  /// The outputs for n inputs in rows; cost 2·n·(number of weights) operations.
  func outputs(_ inputs: Matrix) -> Matrix { values(inputs)[layers.count] }

  /// The inputs, what each hidden layer gives after its rectifier, and the outputs.
  func values(_ inputs: Matrix) -> [Matrix] {
    var values = [inputs]
    for (index, layer) in layers.enumerated() {
      var next = layer.outputs(values[index])
      if index + 1 < layers.count { Rectifier.apply(&next.storage) }
      values.append(next)
    }
    return values
  }

  /// The gradient with respect to every weight and bias, summed over the n rows.
  ///
  /// `values` are those of the forward pass, `outputGradient` is n × outputs. Cost about twice that of
  /// the forward pass.
  func gradient(values: [Matrix], outputGradient: Matrix) -> [AffineLayer] {
    var reversed: [AffineLayer] = []
    var delta = outputGradient
    for index in layers.indices.reversed() {
      reversed.append(AffineLayer.gradient(ofOutputs: delta, inputs: values[index]))
      guard index > 0 else { break }
      delta = BLAS.multiply(delta, layers[index].weights)
      Rectifier.backpropagate(&delta.storage, outputs: values[index].storage)
    }
    return reversed.reversed()
  }
}
