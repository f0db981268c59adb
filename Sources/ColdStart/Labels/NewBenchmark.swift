import FileFormats
import Learning
import NumericKernels
import Routing
import RoutingData

/// A benchmark that a model never saw, some of whose queries known LLMs have answered.
///
/// So many answered queries are its labels, by lot: of the benchmark's train part, then of its validation part, of its test
/// part only where these are too few. The model's predictions of the others are measured before and after.
public struct NewBenchmark {
  private static let stream = "labels"

  private let model: FactorModel
  private let benchmark: String
  private let seed: UInt64
  private let labelled: Part
  private let rest: Part
  private let learned: LabelledBenchmark

  /// The number of LLMs that the model knows and the benchmark has answers of.
  public let llmCount: Int
  /// LLMs of the benchmark that the model does not know, and whose answers are not used.
  public let unknownLLMs: [String]
  /// The number of answered queries that are no labels.
  public var restCount: Int { rest.responses.rows }
  /// The number of labels that are test queries: who measures the model on the test part is flattered by them.
  public let testLabelCount: Int
  /// How much harder or easier than predicted it is, in log-odds.
  public var shift: Double { learned.shift.shift }

  /// Queries with what the model says of them.
  private struct Part {
    let features: Matrix
    let predicted: Matrix
    let responses: Matrix
  }

  /// Learns from so many labels of a benchmark of a dataset.
  ///
  /// - Throws: `DataError` for a benchmark that the model knows, without embeddings of its encoder, without a known LLM, or
  ///   with fewer answered queries than labels; `FileError` for embeddings that can't be read.
  public init(
    _ benchmark: Benchmark, catalog: LLMCatalog, model: FactorModel, labels: Int, seed: UInt64
  ) throws {
    self.model = model
    self.seed = seed
    self.benchmark = benchmark.name
    let names = benchmark.llms.map { catalog.names[$0] }
    let places = NameIndex(model.identity.llms)
    let columns = names.indices.filter { places.contains(names[$0]) }
    unknownLLMs = names.filter { !places.contains($0) }
    guard !columns.isEmpty else {
      throw DataError(
        "the model knows none of the \(names.count) LLMs of benchmark '\(benchmark.name)', such as '\(names[0])': their "
          + "names must be those of the model, such as '\(model.identity.llms[0])'")
    }
    llmCount = columns.count
    let responses = benchmark.responses.selecting(llms: columns).dense()
    let answered = (0..<responses.rows).filter { row in responses.row(row).contains { !$0.isNaN } }
    guard answered.count >= labels else {
      throw DataError(
        "benchmark '\(benchmark.name)': \(labels) labels are wanted, of its queries \(answered.count) have an answer of a "
          + "known LLM: choose at most so many with --labels")
    }
    let embeddings = try Self.embeddings(of: benchmark, encoder: model.identity.encoder)
    let candidates = Candidates(columns.map { names[$0] })
    func part(_ rows: [Int]) throws -> Part {
      // Its own name is unknown to the model: the mean over benchmarks is what it says of any.
      let batch = QueryBatch(
        embeddings: embeddings.matrix.selecting(rows: rows), encoder: embeddings.encoder, rows: rows)
      let scores = try model.scores(for: batch, among: candidates)
      return Part(
        features: try model.identity.features(of: batch, width: model.queryEncoder.dimensions).embeddings,
        predicted: scores.probabilities ?? Elementwise.sigmoid(scores.values),
        responses: responses.selecting(rows: rows))
    }
    var shuffled = answered
    var generator = SeededGenerator(seed: seed, stream: Self.stream)
    generator.shuffle(&shuffled)
    let parts = benchmark.split.parts
    let order = [SplitPart.train, .validation, .test].flatMap { part in shuffled.filter { parts[$0] == part }
    }
    testLabelCount = order.prefix(labels).filter { parts[$0] == .test }.count
    labelled = try part(order.prefix(labels).sorted())
    rest = try part(order.dropFirst(labels).sorted())
    learned = try LabelledBenchmark(
      predicted: labelled.predicted, responses: labelled.responses, features: labelled.features)
    offsets = Self.offsets(learned.shift, of: columns.map { names[$0] }, in: model)
  }

  private let offsets: [Float]

  /// The offsets of all LLMs of the model: those without an answer get the benchmark's own alone.
  private static func offsets(
    _ shift: BenchmarkShift, of names: [String], in model: FactorModel
  ) -> [Float] {
    let places = NameIndex(names)
    let mean = shift.offsets.reduce(0, +) / Float(max(shift.offsets.count, 1))
    return model.identity.llms.map { name in places[name].map { shift.offsets[$0] } ?? mean }
  }

  private static func embeddings(
    of benchmark: Benchmark, encoder: String?
  ) throws -> (matrix: Matrix, encoder: String) {
    let there = benchmark.queries.embeddings.keys.sortedAsNames()
    guard let wanted = encoder ?? (there.count == 1 ? there[0] : nil),
      benchmark.widths(of: wanted) != nil
    else {
      throw DataError(
        "benchmark '\(benchmark.name)' has no embeddings of encoder '\(encoder ?? "")', on which the model was trained; "
          + "it has \(there.isEmpty ? "none" : "those of " + there.joined(separator: ", "))")
    }
    return (try benchmark.embeddings(encoder: wanted), wanted)
  }

  /// The model with the benchmark in it.
  ///
  /// - Throws: `DataError` for a benchmark that it knows already.
  public func extendedModel() throws(DataError) -> FactorModel {
    try model.adding(benchmark: benchmark, offsets: offsets)
  }

  /// Predictions of the answered queries that are no labels: as the model made them, moved by what the labels say, and
  /// corrected by labelled queries near by; none where every answered query is a label.
  public func qualities() -> [(name: String, quality: PredictionQuality)] {
    guard restCount > 0 else { return [] }
    func quality(_ predictions: Matrix) -> PredictionQuality {
      PredictionQuality(predictions, responses: rest.responses, seed: seed)
    }
    return [
      ("before", quality(rest.predicted)), ("shift", quality(learned.shifted(rest.predicted))),
      ("local", quality(learned.corrected(rest.predicted, features: rest.features))),
    ]
  }
}
