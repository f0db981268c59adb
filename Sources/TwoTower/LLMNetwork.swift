import Learning
import NumericKernels

/// The LLM tower: a free vector and a bias for each LLM, and a linear map of its metadata's features, or
/// what has its shape: a gradient.
struct LLMNetwork: Equatable, Sendable, Parameterized {
  /// The free vectors, m × k, and the biases.
  var identities: AffineLayer
  /// What each feature adds to an LLM's vector, f × k; no rows without metadata.
  var features: Matrix

  var parameters: [[Float]] { identities.parameterArrays + [features.storage] }

  mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void) {
    body(&identities.weights.storage, .weights)
    body(&identities.biases, .offsets)
    body(&features.storage, .weights)
  }

  /// The vectors (with the share of the metadata) and biases of some LLMs, or of all in order.
  ///
  /// `values` are the features of all LLMs, m × f.
  func vectors(features values: Matrix, of llms: [Int]?) -> AffineLayer {
    var result = identities
    if let llms {
      result = AffineLayer(
        weights: identities.weights.selecting(rows: llms), biases: llms.map { identities.biases[$0] })
    }
    guard features.rows > 0 else { return result }
    BLAS.add(
      llms.map { values.selecting(rows: $0) } ?? values, .asStored, features, .asStored, to: &result.weights)
    return result
  }

  /// The gradient with respect to every parameter from that with respect to what `vectors` gives.
  func gradient(ofVectors gradient: AffineLayer, features values: Matrix, of llms: [Int]?) -> LLMNetwork {
    var result = LLMNetwork(
      identities: gradient, features: Matrix(rows: features.rows, columns: features.columns))
    if features.rows > 0 {
      BLAS.add(
        llms.map { values.selecting(rows: $0) } ?? values, .transposed, gradient.weights, .asStored,
        to: &result.features)
    }
    guard let llms else { return result }
    var weights = Matrix(rows: identities.weights.rows, columns: identities.weights.columns)
    weights.addRows(of: gradient.weights, at: llms)
    var biases = [Float](repeating: 0, count: identities.biases.count)
    for (index, llm) in llms.enumerated() { biases[llm] += gradient.biases[index] }
    result.identities = AffineLayer(weights: weights, biases: biases)
    return result
  }
}
