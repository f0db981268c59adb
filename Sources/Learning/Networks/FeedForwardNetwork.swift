import NumericKernels

/// Affine layers with an activation between them, or what has their shape: a gradient.
///
/// One layer is a linear map. A hidden layer is an affine map, layer normalization where there is any, the
/// activation, and dropout while training.
package struct FeedForwardNetwork: Equatable, Sendable, Parameterized {
  /// The layers, from the inputs to the outputs, at least one.
  package var layers: [AffineLayer]
  /// The normalization of each hidden layer; empty without.
  package var norms: [NormalizationLayer]
  /// What stands between the layers.
  package let activation: Activation

  /// A network whose layers lead from one width to the next, with random weights.
  package init(
    widths: [Int], activation: Activation = .rectifier, isNormalized: Bool = false,
    using generator: inout SeededGenerator
  ) {
    precondition(widths.count >= 2, "a network of widths \(widths)")
    layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
      AffineLayer(inputs: inputs, outputs: outputs, using: &generator)
    }
    norms = isNormalized ? widths.dropFirst().dropLast().map { NormalizationLayer(units: $0) } : []
    self.activation = activation
  }

  /// A network from its parts.
  package init(layers: [AffineLayer], norms: [NormalizationLayer] = [], activation: Activation = .rectifier) {
    precondition(
      !layers.isEmpty && (norms.isEmpty || norms.count == layers.count - 1),
      "\(layers.count) layers, \(norms.count) normalizations")
    self.layers = layers
    self.norms = norms
    self.activation = activation
  }

  /// Whether every weight and bias is a finite number.
  package var isFinite: Bool { parameters.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// Weights and biases of each layer, then gains and shifts of each normalization.
  package var parameters: [[Float]] {
    layers.flatMap(\.parameterArrays) + norms.flatMap { [$0.gains, $0.shifts] }
  }

  package mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void) {
    for index in layers.indices {
      body(&layers[index].weights.storage, .weights)
      body(&layers[index].biases, .offsets)
    }
    for index in norms.indices {
      body(&norms[index].gains, .offsets)
      body(&norms[index].shifts, .offsets)
    }
  }

  /// The outputs for n inputs in rows, as `pass` has them.
  package func outputs(_ inputs: Matrix, packed: [ProductPanels]? = nil) -> Matrix {
    var dropout: Dropout?
    return pass(inputs, dropout: &dropout, packed: packed).outputs
  }

  /// The weights of each layer, packed for `pass`.
  package var packed: [ProductPanels] { layers.map { ProductPanels($0.weights, .transposed) } }

  /// The outputs for n inputs in rows, with what the gradient needs; units are dropped where asked for.
  ///
  /// With the packed weights, an output is the same whatever inputs stand beside it. Cost 2·n·(number of weights).
  package func pass(_ inputs: Matrix, dropout: inout Dropout?, packed: [ProductPanels]? = nil) -> NetworkPass
  {
    func outputs(_ index: Int, _ inputs: Matrix) -> Matrix {
      packed.map { layers[index].outputs(inputs, packed: $0[index]) } ?? layers[index].outputs(inputs)
    }
    var result = NetworkPass(inputs: [inputs], outputs: outputs(0, inputs))
    for index in layers.indices.dropFirst() {
      var hidden = NetworkPass.Hidden()
      if !norms.isEmpty { hidden.normalization = norms[index - 1].apply(&result.outputs) }
      if !activation.isKnownByOutputs { hidden.sums = result.outputs }
      activation.apply(&result.outputs.storage)
      hidden.dropout = dropout?.apply(&result.outputs)
      result.hidden.append(hidden)
      result.inputs.append(result.outputs)
      result.outputs = outputs(index, result.inputs[index])
    }
    return result
  }

  /// The gradient with respect to every parameter, summed over the n rows, and with respect to the sums of
  /// the first layer, n × its outputs.
  ///
  /// `outputGradient` is n × outputs. Cost about twice that of the forward pass.
  package func gradient(
    of pass: NetworkPass, outputGradient: Matrix
  ) -> (parameters: FeedForwardNetwork, firstSums: Matrix) {
    var reversed: [AffineLayer] = []
    var reversedNorms: [NormalizationLayer] = []
    var delta = outputGradient
    for index in layers.indices.reversed() {
      reversed.append(AffineLayer.gradient(ofOutputs: delta, inputs: pass.inputs[index]))
      guard index > 0 else { break }
      let hidden = pass.hidden[index - 1]
      delta = BLAS.multiply(delta, layers[index].weights)
      if let factors = hidden.dropout {
        delta.multiplyElements(by: factors)
      }
      if let sums = hidden.sums {
        GaussianErrorUnit.backpropagate(&delta.storage, inputs: sums.storage)
      } else {
        Rectifier.backpropagate(&delta.storage, outputs: pass.inputs[index].storage)
      }
      if let trace = hidden.normalization {
        reversedNorms.append(norms[index - 1].backpropagate(&delta, trace))
      }
    }
    let parameters = FeedForwardNetwork(
      layers: reversed.reversed(), norms: reversedNorms.reversed(), activation: activation)
    return (parameters, delta)
  }
}
