import NumericKernels

/// An affine map y = W·x + b, or what has its shape: a gradient.
package struct AffineLayer: Equatable, Sendable {
  /// W, outputs × inputs.
  package var weights: Matrix
  /// b, one for each output.
  package var biases: [Float]

  /// The number of weights and biases.
  package var parameterCount: Int { weights.storage.count + biases.count }

  /// A layer with every weight and bias uniform in ±1/√inputs (as `torch.nn.Linear` starts).
  package init(inputs: Int, outputs: Int, using generator: inout SeededGenerator) {
    let bound = 1 / Float(max(inputs, 1)).squareRoot()
    func draw() -> Float { (2 * generator.uniform() - 1) * bound }
    weights = Matrix(
      rows: outputs, columns: inputs, storage: (0..<inputs * outputs).map { _ in draw() })
    biases = (0..<outputs).map { _ in draw() }
  }

  /// A layer from its parts.
  package init(weights: Matrix, biases: [Float]) {
    precondition(weights.rows == biases.count, "weights \(weights.shapeText), \(biases.count) biases")
    self.weights = weights
    self.biases = biases
  }

  /// W and b as arrays, in this order.
  package var parameterArrays: [[Float]] { [weights.storage, biases] }

  /// X·Wᵀ + b for n inputs in rows, n × outputs.
  package func outputs(_ inputs: Matrix) -> Matrix {
    var storage: [Float] = []
    storage.reserveCapacity(inputs.rows * biases.count)
    for _ in 0..<inputs.rows { storage.append(contentsOf: biases) }
    var result = Matrix(rows: inputs.rows, columns: biases.count, storage: storage)
    BLAS.add(inputs, .asStored, weights, .transposed, to: &result)
    return result
  }

  /// X·Wᵀ + b as `outputs`, with W packed, so that a row is the same whatever rows stand beside it.
  package func outputs(_ inputs: Matrix, packed weights: ProductPanels) -> Matrix {
    var result = weights.multiplied(by: inputs)
    result.addToRows(biases)
    return result
  }

  /// The gradient with respect to W and b, from that with respect to n outputs and the n inputs.
  package static func gradient(ofOutputs gradient: Matrix, inputs: Matrix) -> AffineLayer {
    var biases = [Float](repeating: 0, count: gradient.columns)
    BLAS.add(gradient, .transposed, Array(repeating: 1, count: gradient.rows), to: &biases)
    return AffineLayer(
      weights: BLAS.multiply(gradient, .transposed, inputs, .asStored), biases: biases)
  }
}
