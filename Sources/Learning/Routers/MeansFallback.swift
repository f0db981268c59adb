import NumericKernels
import Routing
import RoutingData

extension FactorModel {
  /// The word for the fallback among what was chosen.
  package static let fallback = "llm-means"

  /// This model, or that of the LLMs' means alone, which every model of factors contains, where validation shows that
  /// it predicts worse: so it is where answers are too few to learn more.
  ///
  /// Without validation responses nobody knows, and the model stays. Cost: two predictions of the validation part.
  ///
  /// - Throws: As `scores(for:among:)`; `NumericalError` for predictions that are not finite.
  package func orMeans(on data: TrainingData, chosen: [String: Double]) throws -> FittedModel<FactorModel> {
    guard let validation = ValidationSet(data) else { return FittedModel(self, chosen: chosen) }
    let means = try ofMeans(data)
    guard try validation.logLoss(of: means) < validation.logLoss(of: self) else {
      return FittedModel(self, chosen: chosen)
    }
    return FittedModel(means, chosen: chosen.merging([Self.fallback: 1]) { first, _ in first })
  }

  /// The same LLMs with the log-odds of their mean responses to the train queries of each benchmark.
  ///
  /// It has no factors of train queries: those of the fit belong to other biases.
  private func ofMeans(_ data: TrainingData) throws -> FactorModel {
    let count = data.llms.count
    let places = Dictionary(data.llms.enumerated().map { ($1, $0) }) { first, _ in first }
    let blocks = data.blocks.map { block -> [Float?] in
      let sums = block.train.cells.sums().columns
      let (total, weight) = (0..<sums.rows).reduce((Float(0), Float(0))) {
        ($0.0 + sums[$1, 0], $0.1 + sums[$1, 1])
      }
      let mean = weight > 0 ? total / weight : 0.5
      var result = [Float?](repeating: nil, count: count)
      for (column, llm) in block.llms.enumerated() {
        guard let place = places[llm], sums[column, 1] > 0 else { continue }
        // One answer more, of the mean of all: few answers say little.
        let own = (sums[column, 0] + mean) / (sums[column, 1] + 1)
        result[place] = Elementwise.logit(min(max(own, 1e-6), 1 - 1e-6))
      }
      return result
    }
    func mean(_ values: [Float]) -> Float? {
      values.isEmpty ? nil : values.reduce(0, +) / Float(values.count)
    }
    let all = mean(blocks.flatMap { $0.compactMap { $0 } }) ?? 0
    let biases = (0..<count).map { llm in mean(blocks.compactMap { $0[llm] }) ?? all }
    var benchmarkBiases: [String: [Float]] = [:]
    if blocks.count > 1 {
      for (block, own) in zip(data.blocks, blocks) {
        benchmarkBiases[block.benchmark] = zip(own, biases).map { ($0 ?? $1) - $1 }
      }
    }
    let benchmarks = data.blocks.map(\.benchmark)
    let nothing = EmbeddingMap(
      benchmarks: benchmarks,
      weights: Matrix(rows: queryEncoder.dimensions + benchmarks.count, columns: llmFactors.columns),
      residualCovariance: nil)
    return try FactorModel(
      identity, llmFactors: llmFactors, llmBiases: biases, benchmarkBiases: benchmarkBiases,
      queryEncoder: nothing)
  }
}
