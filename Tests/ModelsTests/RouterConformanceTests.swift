import Baselines
import FileFormats
import Learning
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Models

/// The shared suite on every router of the catalogue, and on routers broken on purpose.
@Suite struct RouterConformanceTests {
  /// What stands for a kind that takes something, on the checkerboard and a folder for files.
  private static let examples: [String: @Sendable (TableBenchmark, TemporaryFolder) throws -> [String]] = [
    "mix": { _, _ in ["mix:1", "mix:0.5", "mix:0"] },
    "model": { table, folder in
      try ModelFolder.write(
        StoredModel(TrainingSample.train(TrainingSample.dataset(table))), into: folder.path)
      return ["model:\(folder.path)"]
    },
    "scores": { table, folder in try [scores(of: table, into: folder, as: "scores")] },
    "mlc": { table, folder in try [scores(of: table, into: folder, as: "mlc")] },
    "cluster": { _, _ in ["cluster", "cluster:7"] }, "knn": { _, _ in ["knn", "knn:1", "knn:1000"] },
  ]

  private static func scores(
    of table: TableBenchmark, into folder: TemporaryFolder, as word: String
  ) throws -> String {
    let oracle = OracleRouter([table.benchmark], catalog: table.catalog)
    let scores = try oracle.scores(for: table.batch(), among: table.candidates()).values
    try NPY.write(NDArray(matrix: scores), to: folder["scores.npy"])
    return "\(word):\(folder["scores.npy"])"
  }

  /// What a router can't be asked for; all others must learn, and know their LLMs.
  private static func exemptions(_ text: String) -> [RouterConformance.Exemption] {
    switch text {
    case "random": [.learning, .unknownLLM]
    case "best-single", "mix:0.5", "mix:0", "knn:1000": [.learning]
    default: []
    }
  }

  /// Named as a user names it, made as a run makes it: a new kind is covered without a line here, unless it takes
  /// something, when it needs an example.
  @Test(arguments: RouterCatalog.all.map(\.word)) func everyKindConforms(_ word: String) throws {
    let table = try TableBenchmark.checkerboard()
    let folder = try TemporaryFolder()
    let texts = try Self.examples[word]?(table, folder) ?? [word]
    for text in texts {
      let suite = try RouterConformance(except: Self.exemptions(text), tolerance: 1e-4) { table in
        let dataset = try TrainingSample.dataset(table)
        let routers = try RouterSuite(
          [RouterSpecification(text)], benchmarks: dataset.benchmarks, of: dataset, seed: 0
        ).prepare(dataset.benchmarks[0], embeddings: table.embeddings, encoder: "encoder", measured: .test)
        let made = try routers(CandidatePool(group: .strongToWeak, llms: [0, 1, 2, 3]))
        #expect(made.count == 1)
        return try #require(made.first)
      }
      #expect(try suite.faults() == [], "\(text)")
    }
  }

  @Test func everyKindIsNamedOnce() {
    #expect(Set(RouterCatalog.all.map(\.word)).count == RouterCatalog.all.count)
    #expect(Set(Self.examples.keys).isSubset(of: RouterCatalog.all.map(\.word)))
    #expect(RouterCatalog.forms.count == RouterCatalog.all.count)
  }

  /// A router that is right about the checkerboard but spoils what `spoil` says.
  struct Broken: Router {
    let name = "broken"
    let spoil: @Sendable (inout Matrix, QueryBatch, [String]) throws -> Void

    func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
      var scores = Matrix(rows: batch.count, columns: candidates.count)
      for (row, query) in (batch.rows ?? []).enumerated() {
        for (column, llm) in candidates.names.enumerated() {
          guard let number = Int(llm.dropFirst(3)) else { throw DataError("unknown LLM '\(llm)'") }
          scores[row, column] = number % 2 == query % 2 ? 1 : 0
        }
      }
      try spoil(&scores, batch, candidates.names)
      return Scores(scores)
    }
  }

  @Test func everyFaultIsFound() throws {
    func faults(_ spoil: @escaping @Sendable (inout Matrix, QueryBatch, [String]) throws -> Void) throws
      -> [String]
    {
      try RouterConformance { _ in Broken(spoil: spoil) }.faults()
    }
    #expect(try faults { _, _, _ in } == [])
    #expect(
      try faults { scores, _, _ in
        for row in 0..<scores.rows { scores[row, 0] += 0.01 }
      } == ["scores depend on the pool's order"])
    #expect(
      try faults { scores, batch, _ in
        for row in 0..<scores.rows {
          for column in 0..<scores.columns { scores[row, column] += 0.01 * Float(batch.count) }
        }
      } == ["scores depend on the other queries of a batch"])
    #expect(
      try faults { scores, _, _ in
        for index in scores.storage.indices { scores.storage[index] = 0 }
      }.contains { $0.hasPrefix("μ on the checkerboard is") })
    #expect(
      try faults { scores, batch, _ in
        for row in 0..<scores.rows { scores[row, 0] += 0 * batch.embeddings[row, 0] }
      }.count == 3)
    #expect(
      try RouterConformance { _ in
        ScriptedRouter("trusting") { query, llm in
          llm == "llm0" || llm == "llm2" ? Float(1 - query % 2) : Float(query % 2)
        }
      }.faults() == ["an unknown LLM gives no error"])
  }
}
