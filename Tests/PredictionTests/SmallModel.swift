import Learning
import NumericKernels
import Routing

/// Three LLMs: `big` is good at everything, `small` at what has a first number, `bad` at nothing.
enum SmallModel {
  static func make(encoder: String? = "e") throws -> FactorModel {
    try FactorModel(
      RouterIdentity(name: "small", encoder: encoder, llms: ["big", "small", "bad"]),
      llmFactors: Matrix([[0.5, 1], [3, 0], [-1, -1]]), llmBiases: [1, -1, -2],
      queryEncoder: EmbeddingMap(
        benchmarks: [], weights: Matrix([[1, 0], [0, 1]]), residualCovariance: nil))
  }
}
