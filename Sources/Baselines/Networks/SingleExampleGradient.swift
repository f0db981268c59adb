import Learning
import NumericKernels

/// The gradient of the loss of one example, kept as a vector for each layer instead of a matrix.
///
/// For networks of rectifiers without normalization. The gradient of a layer's weights is δ·xᵀ with the
/// layer's inputs x; buffers are reused from
/// example to example.
struct SingleExampleGradient {
  /// The inputs x of each layer.
  private(set) var inputs: [[Float]]
  /// δ, the gradient with respect to what each layer gives before its rectifier.
  private(set) var deltas: [[Float]]

  /// Buffers for networks of one shape.
  init(_ network: FeedForwardNetwork) {
    precondition(network.norms.isEmpty && network.activation == .rectifier, "not a plain network")
    inputs = network.layers.map { Array(repeating: 0, count: $0.weights.columns) }
    deltas = network.layers.map { Array(repeating: 0, count: $0.weights.rows) }
  }

  /// Computes the gradient at a row of `inputs` (n × d) and `labels` (n × m, NaN where missing).
  mutating func compute(
    _ network: FeedForwardNetwork, inputs rows: Matrix, labels: Matrix, weights: Matrix? = nil, row: Int
  ) {
    let last = network.layers.count - 1
    inputs[0] = Array(rows.row(row))
    for index in 0..<last {
      inputs[index + 1] = network.layers[index].biases
      BLAS.add(network.layers[index].weights, .asStored, inputs[index], to: &inputs[index + 1])
      Rectifier.apply(&inputs[index + 1])
    }
    deltas[last] = network.layers[last].biases
    BLAS.add(network.layers[last].weights, .asStored, inputs[last], to: &deltas[last])
    BinaryCrossEntropy.replaceWithGradient(&deltas[last], labels: Array(labels.row(row)))
    if let weights {
      for (unit, weight) in weights.row(row).enumerated() { deltas[last][unit] *= weight }
    }
    for index in (0..<last).reversed() {
      for unit in deltas[index].indices { deltas[index][unit] = 0 }
      BLAS.add(network.layers[index + 1].weights, .transposed, deltas[index + 1], to: &deltas[index])
      Rectifier.backpropagate(&deltas[index], outputs: inputs[index + 1])
    }
  }
}
