import FileFormats
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
  /// Where the fit's factors are log-odds they stay, so that new LLMs can be placed: of the map only an intercept is left, and
  /// a benchmark's biases make up the difference. Others have no factors of train queries: those of the fit belong to other
  /// biases.
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
    if !queries.isEmpty, calibration == .logOdds, queryEncoder.width == llmFactors.columns + 1 {
      return try ofMeans(
        zip(blocks, data.blocks).map { own, block in
          (block.benchmark, zip(own, biases).map { $0 ?? $1 })
        })
    }
    let nothing = EmbeddingMap(
      benchmarks: benchmarks,
      weights: Matrix(rows: queryEncoder.dimensions + benchmarks.count, columns: llmFactors.columns),
      residualCovariance: nil)
    return try FactorModel(
      identity, llmFactors: llmFactors, llmBiases: biases, benchmarkBiases: benchmarkBiases,
      queryEncoder: nothing)
  }

  /// This model with a map that tells no query from another and gives each LLM its log-odds on each benchmark.
  private func ofMeans(_ logOdds: [(benchmark: String, ofLLMs: [Float])]) throws(DataError) -> FactorModel {
    let k = llmFactors.columns
    var weights = Matrix(rows: queryEncoder.dimensions + logOdds.count, columns: k + 1)
    var own: [String: [Float]] = [:]
    for (place, (benchmark, wanted)) in logOdds.enumerated() {
      let known = queries.first { Name($0.benchmark) == Name(benchmark) }
      let centre = (0..<k).map { column in
        (known?.factors.column(column).reduce(0, +) ?? 0) / Float(max(known?.rows.count ?? 1, 1))
      }
      let rest = wanted.indices.map { llm in
        wanted[llm] - llmBiases[llm] - BLAS.dot(centre, llmFactors.row(llm))
      }
      // A benchmark's mean bias belongs to its queries, see `KnownQueries`: it stays as it is.
      let kept = benchmarkBiases[benchmark].map { $0.reduce(0, +) / Float($0.count) } ?? 0
      let mean = rest.reduce(0, +) / Float(max(rest.count, 1))
      own[benchmark] = rest.map { $0 - mean + kept }
      weights.replaceRow(queryEncoder.dimensions + place, with: centre + [mean - kept])
    }
    return try FactorModel(
      identity, llmFactors: llmFactors, llmBiases: llmBiases, benchmarkBiases: own,
      llmStandardErrors: llmStandardErrors, queries: queries, newLLM: newLLM,
      queryEncoder: EmbeddingMap(
        benchmarks: logOdds.map(\.benchmark), weights: weights, residualCovariance: nil))
  }
}
