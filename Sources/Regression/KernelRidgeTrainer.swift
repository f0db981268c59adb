import Learning
import NumericKernels
import RoutingData

/// Trains kernel ridge regression of all LLMs' responses on query embeddings, in closed form.
package struct KernelRidgeTrainer: Trainer {
  /// The name of the algorithm on the command line and in model folders.
  package static let algorithm = "kernel-ridge"

  /// One sentence for help texts.
  package static let summary = "kernel ridge regression of responses on query embeddings, in closed form"

  /// The kernel.
  package var kernel = KernelFamily.rbf
  /// λ, added to the kernel's diagonal.
  package var l2 = Choice.auto
  /// The width σ of the RBF kernel.
  package var width = Choice.auto
  /// The rank of the coefficients; nil for as many as there are LLMs, at most 256.
  package var rank: Int?
  /// With more train queries the kernel is approximated.
  package var exactQueries = 20_000
  /// The number of landmarks of the approximation.
  package var landmarks = 2_000
  /// How many train queries `auto` looks at.
  package var searchQueries = 1_000
  /// The seed of all samples.
  package var seed: UInt64 = 42

  /// A trainer with the default settings.
  package init() {}

  /// Every hyper-parameter.
  package static let settings: [Setting<KernelRidgeTrainer>] = [
    .word("kernel", \.kernel, help: "similarity of two queries", searched: true),
    .choice(
      "l2", \.l2,
      help: "penalty, added to the kernel's diagonal; auto chooses by the closed-form leave-one-out error",
      search: .logUniform(0.1, 30)),
    .choice(
      "width", \.width, in: .from(1e-6, to: 1e6),
      help: "width of the rbf kernel, a distance of standardized embeddings, whose typical length is 1; auto "
        + "chooses like --l2"),
    .integer(
      "rank", \.rank, none: "auto", placeholder: "R", in: 1...4096,
      help: "rank of the coefficients, and number of factors; auto is one for each LLM, at most 256"),
    .integer(
      "exact-queries", \.exactQueries, in: 1...100_000,
      help:
        "train queries up to which the kernel is exact; beyond, it is approximated from landmarks (Nyström)"),
    .integer("landmarks", \.landmarks, in: 1...20_000, help: "train queries that approximate the kernel"),
    .integer(
      "search-queries", \.searchQueries, in: 2...20_000,
      help: "train queries, drawn with the seed, on which auto compares penalties and widths first"),
  ]

  /// One.
  package var maximumEpochs: Int { 1 }

  /// Begins a fit.
  package func start(on data: TrainingData) throws -> SinglePassFit<FactorModel> {
    let regression = KernelRidgeRegression(
      family: kernel, l2: l2.fixed, width: width.fixed, rank: rank, exactQueries: exactQueries,
      landmarks: landmarks, searchQueries: searchQueries, seed: seed)
    let (choosesPenalty, choosesWidth) = (l2 == .auto, width == .auto)
    return SinglePassFit(data, for: Self.algorithm) { problem in
      let result = try regression.fit(problem)
      var chosen: [String: Double] = [:]
      if choosesPenalty { chosen["l2"] = result.l2 }
      if choosesWidth { chosen["width"] = result.width }
      return RegressionSolution(
        encoder: result.map, llmFactors: result.llmFactors, biases: result.biases, chosen: chosen,
        error: result.leaveOneOutError)
    }
  }
}
