import Learning
import NumericKernels
import RoutingData

/// Trains a linear map from embeddings to all LLMs' responses, in closed form.
package struct RidgeTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "ridge"

  /// One sentence for help texts.
  package static let summary = "ridge regression of responses on query embeddings, in closed form"

  /// λ, on the weights; intercepts are free.
  package var l2 = Choice.auto
  /// The rank of the weights; nil for as many as there are LLMs, at most 256.
  package var rank: Int?
  /// The seed of the randomized decomposition where there are many LLMs.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<RidgeTrainer>] = [
    .choice(
      "l2", \.l2,
      help:
        "penalty on the weights of standardized embeddings, whose typical length is 1; auto chooses by the "
        + "closed-form leave-one-out error",
      search: .logUniform(0.03, 300)),
    .integer(
      "rank", \.rank, none: "auto", placeholder: "R", in: 1...4096,
      help: "rank of the weights, and number of factors; auto is one for each LLM, at most 256",
      search: .words(["4", "8", "16", "auto"])),
  ]

  /// One.
  package var maximumEpochs: Int { 1 }

  /// Begins a fit.
  package func start(on data: TrainingData) throws -> SinglePassFit<FactorModel> {
    let regression = RidgeRegression(l2: l2.fixed, rank: rank, seed: seed)
    let isChosen = l2 == .auto
    let benchmarks = data.blocks.map(\.benchmark)
    return SinglePassFit(data, for: Self.algorithm) { problem in
      let result = try regression.fit(problem)
      return RegressionSolution(
        encoder: EmbeddingMap(benchmarks: benchmarks, weights: result.weights, residualCovariance: nil),
        llmFactors: result.llmFactors, biases: result.biases, chosen: isChosen ? ["l2": result.l2] : [:],
        error: result.leaveOneOutError)
    }
  }
}
