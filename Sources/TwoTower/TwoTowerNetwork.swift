import Foundation
import Learning
import NumericKernels

/// Both towers and the temperature between them, or what has their shape: a gradient.
///
/// The logit of a query with factors q for an LLM with vector u and bias c is exp(s)·(q·u) + c, with
/// the learned log-scale s; the temperature is exp(−s).
struct TwoTowerNetwork: Equatable, Sendable, Parameterized {
  /// The query tower.
  var query: QueryNetwork
  /// The LLM tower.
  var llm: LLMNetwork
  /// s, the only element.
  var logScale: [Float]

  /// exp(s).
  var scale: Float { exp(logScale[0]) }

  /// Whether every parameter is a finite number.
  var isFinite: Bool { parameters.allSatisfy { $0.allSatisfy(\.isFinite) } }

  var parameters: [[Float]] { query.parameters + llm.parameters + [logScale] }

  mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void) {
    query.changeParameters(body)
    llm.changeParameters(body)
    body(&logScale, .offsets)
  }

  /// Some queries of a block and their labels.
  struct Batch {
    /// n × d.
    let embeddings: Matrix
    /// The sub-scenario of each query, nil where unknown or unused.
    let subscenarios: [Int?]
    /// n × (LLMs of the block), NaN where missing.
    let labels: Matrix
    /// How much each label counts; nil where all count 1.
    var weights: Matrix?
    /// The benchmark of all of them, a row of the query tower's; nil where there is only one.
    var benchmark: Int?
  }

  /// The gradient of a sum of losses with respect to the query tower, the vectors and biases of a block's
  /// LLMs, and the log-scale.
  struct BatchGradient: Sendable {
    var loss: LossSum
    var query: QueryNetwork
    var vectors: AffineLayer
    var logScale: Float

    static func += (left: inout BatchGradient, right: BatchGradient) {
      left.loss += right.loss
      left.query += right.query
      left.vectors.weights += right.vectors.weights
      for index in right.vectors.biases.indices { left.vectors.biases[index] += right.vectors.biases[index] }
      left.logScale += right.logScale
    }
  }

  /// The summed loss of a batch and its gradient; `vectors` are those of the block's LLMs.
  ///
  /// Cost 6·n·(weights of the query tower + m·k) operations and the loss.
  func gradient(
    _ batch: Batch, vectors: AffineLayer, loss: ResponseLoss, dropout: inout Dropout?
  ) -> BatchGradient {
    let scale = scale
    let pass = query.pass(
      batch.embeddings, benchmark: batch.benchmark, batch.subscenarios, dropout: &dropout)
    let factors = pass.outputs.scaled(by: scale)
    var delta = vectors.outputs(factors)
    let sum = loss.replaceWithSummedGradient(&delta, labels: batch.labels, weights: batch.weights)
    let factorGradient = BLAS.multiply(delta, vectors.weights)
    return BatchGradient(
      loss: sum,
      query: query.gradient(
        of: pass, batch.embeddings, benchmark: batch.benchmark, batch.subscenarios,
        outputGradient: factorGradient.scaled(by: scale)),
      vectors: AffineLayer.gradient(ofOutputs: delta, inputs: factors),
      // exp(s) enters only by the scaled factors, so d/ds is their product with their gradient.
      logScale: BLAS.dot(factors.storage, factorGradient.storage))
  }

  /// The gradient with respect to every parameter from that of a block.
  func gradient(of batch: BatchGradient, features: Matrix, llms: [Int]?) -> TwoTowerNetwork {
    TwoTowerNetwork(
      query: batch.query, llm: llm.gradient(ofVectors: batch.vectors, features: features, of: llms),
      logScale: [batch.logScale])
  }
}
