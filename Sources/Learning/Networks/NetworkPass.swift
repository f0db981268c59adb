import NumericKernels

/// What a network made of some inputs, with all that the gradient needs.
package struct NetworkPass {
  /// What happened to the sums of a hidden layer.
  package struct Hidden {
    /// The normalization, where the network has any.
    package var normalization: NormalizationLayer.Trace?
    /// What went into the activation; nil where its outputs tell the derivative.
    package var sums: Matrix?
    /// The factors of dropout; nil without.
    package var dropout: [Float]?
  }

  /// The inputs of each layer, n rows.
  package var inputs: [Matrix]
  /// The hidden layers, one fewer than there are layers.
  package var hidden: [Hidden] = []
  /// n × outputs.
  package var outputs: Matrix
}
