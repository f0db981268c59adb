import NumericKernels

/// What a network made of some inputs, with all that the gradient needs.
struct NetworkPass {
  /// What happened to the sums of a hidden layer.
  struct Hidden {
    /// The normalization, where the network has any.
    var normalization: NormalizationLayer.Trace?
    /// What went into the activation; nil where its outputs tell the derivative.
    var sums: Matrix?
    /// The factors of dropout; nil without.
    var dropout: [Float]?
  }

  /// The inputs of each layer, n rows.
  var inputs: [Matrix]
  /// The hidden layers, one fewer than there are layers.
  var hidden: [Hidden] = []
  /// n × outputs.
  var outputs: Matrix
}
