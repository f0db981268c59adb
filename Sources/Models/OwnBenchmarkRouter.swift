import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData

/// A trained model among the queries of a mixed benchmark: each is shown to it as a query of its own benchmark.
///
/// Models know benchmarks by name, such as how hard one is for each LLM; they were trained on none that is called `mix`.
/// Queries of other benchmarks pass through as they are.
struct OwnBenchmarkRouter: Router {
  /// The model.
  let model: any Router
  /// The mixed benchmark's name and parts.
  private let mixName: Name
  private let mix: BenchmarkMix

  /// A model for a mixed benchmark.
  init(_ model: any Router, of benchmark: String, mix: BenchmarkMix) {
    self.model = model
    mixName = Name(benchmark)
    self.mix = mix
  }

  /// The model's.
  var name: String { model.name }
  /// The model's.
  var encoder: String? { model.encoder }
  /// The model's.
  var policy: (any Policy)? { model.policy }

  /// The model's scores, part by part.
  func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    guard let parts = try parts(of: batch) else {
      return try model.scores(for: batch, among: candidates)
    }
    let all = try parts.map { part in
      let scores = try model.scores(for: part.batch, among: candidates)
      try scores.check(of: name, for: part.batch, among: candidates)
      return scores
    }
    func joined(_ matrix: (Scores) -> Matrix?) -> Matrix? {
      let own = all.compactMap(matrix)
      return own.count == all.count ? Self.joined(own, parts, columns: candidates.count) : nil
    }
    return Scores(
      joined(\.values) ?? Matrix(rows: 0, columns: candidates.count), probabilities: joined(\.probabilities),
      standardErrors: joined(\.standardErrors))
  }

  private struct Part {
    let batch: QueryBatch
    /// The places in the whole batch.
    let places: [Int]
  }

  /// The queries by their own benchmark; nil for queries that are not of the mix.
  private func parts(of batch: QueryBatch) throws(DataError) -> [Part]? {
    guard let benchmark = batch.benchmark, Name(benchmark) == mixName, let rows = batch.rows else {
      return nil
    }
    var places = [[Int]](repeating: [], count: mix.parts.count)
    for (place, row) in rows.enumerated() {
      guard let own = mix.place(of: row) else {
        throw DataError("router '\(name)': benchmark '\(benchmark)' has no query \(row)")
      }
      places[own.part].append(place)
    }
    return zip(mix.parts, places).compactMap { part, places in
      guard !places.isEmpty else { return nil }
      let own = places.map { rows[$0] - part.rows.lowerBound }
      return Part(
        batch: QueryBatch(
          embeddings: batch.embeddings.selecting(rows: places), encoder: batch.encoder,
          benchmark: part.benchmark.name,
          subscenarios: part.benchmark.queries.subscenarioNames(of: own),
          prompts: batch.prompts.map { texts in places.map { texts[$0] } }, rows: own),
        places: places)
    }
  }

  private static func joined(_ matrices: [Matrix], _ parts: [Part], columns: Int) -> Matrix {
    var result = Matrix(rows: parts.reduce(0) { $0 + $1.places.count }, columns: columns)
    for (matrix, part) in zip(matrices, parts) {
      result.replaceRows(at: part.places, with: matrix)
    }
    return result
  }
}

extension OwnBenchmarkRouter: PublishesSelectionProbabilities {
  /// What the model publishes, which for models is a matter of the scores alone; else their softmax.
  func selectionProbabilities(
    of scores: Scores, for batch: QueryBatch, among candidates: Candidates
  ) throws -> Matrix {
    guard let own = model as? any PublishesSelectionProbabilities else {
      return Elementwise.softmaxRows(scores.values)
    }
    return try own.selectionProbabilities(of: scores, for: batch, among: candidates)
  }
}
