import FileFormats
import NumericKernels
import Recommenders
import RoutingData
import TestSupport
import Testing

/// The shared suite on the baselines, and on routers broken on purpose.
@Suite struct RouterConformanceTests {
  @Test func oracle() throws {
    let suite = try RouterConformance { OracleRouter([$0.benchmark], catalog: $0.catalog) }
    #expect(try suite.faults() == [])
  }

  @Test func random() throws {
    #expect(try RouterConformance(except: [.learning, .unknownLLM]) { _ in RandomRouter() }.faults() == [])
  }

  @Test func bestSingle() throws {
    let suite = try RouterConformance(except: [.learning]) {
      BestSingleRouter([$0.benchmark], catalog: $0.catalog)
    }
    #expect(try suite.faults() == [])
  }

  @Test func mix() throws {
    for (share, exemptions) in [(1.0, []), (0.5, [RouterConformance.Exemption.learning])] {
      let suite = try RouterConformance(except: exemptions) {
        try MixRouter(oracleShare: share, [$0.benchmark], catalog: $0.catalog)
      }
      #expect(try suite.faults() == [])
    }
  }

  static let trainers: [any RouterTrainer] = [
    NearestNeighbourRouterTrainer(), ClusterRouterTrainer(), ClusterRouterTrainer(.gaussianMixture),
    ClusterRouterTrainer(name: "many", count: 7, starts: 2),
  ]

  @Test(arguments: trainers) func trained(trainer: any RouterTrainer) throws {
    let suite = try RouterConformance { table in
      let train = table.batch(.train)
      let set = PoolTrainingSet(
        table.benchmark, train: train, llmNames: table.llmNames, columns: [0, 1, 2, 3])
      return try trainer.prepare(train)(set)
    }
    #expect(try suite.faults() == [])
  }

  @Test(arguments: [ScoresFileRouter.Meaning.scores, .logits])
  func scoresFile(meaning: ScoresFileRouter.Meaning) throws {
    let folder = try TemporaryFolder()
    let suite = try RouterConformance { table in
      let oracle = OracleRouter([table.benchmark], catalog: table.catalog)
      let scores = try oracle.scores(for: table.batch(), llms: table.llmNames)
      try NPY.write(NDArray(matrix: scores), to: "\(folder.path)/scores.npy")
      return try ScoresFile(path: "\(folder.path)/scores.npy").router(
        for: table.benchmark, llmNames: table.llmNames,
        pool: CandidatePool(group: .strongToWeak, llms: [0, 1, 2, 3]), meaning: meaning)
    }
    #expect(try suite.faults() == [])
  }

  /// A router that is right about the checkerboard but spoils what `spoil` says.
  struct Broken: Router {
    let name = "broken"
    let spoil: @Sendable (inout Matrix, QueryBatch, [String]) throws -> Void

    func scores(for batch: QueryBatch, llms: [String]) throws -> Matrix {
      var scores = Matrix(rows: batch.queries.count, columns: llms.count)
      for (row, query) in batch.queries.enumerated() {
        for (column, llm) in llms.enumerated() {
          guard let number = Int(llm.dropFirst(3)) else { throw DataError("unknown LLM '\(llm)'") }
          scores[row, column] = number % 2 == query % 2 ? 1 : 0
        }
      }
      try spoil(&scores, batch, llms)
      return scores
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
          for column in 0..<scores.columns { scores[row, column] += 0.01 * Float(batch.queries.count) }
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
