import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@Suite struct LLMSimilarityTests {
  /// Four LLMs of one factor: two that know even queries, a better one that does, and one that knows odd ones.
  private static func model(_ scale: Float = 1) throws -> FactorModel {
    let signs: [Float] = [1, -1, 1, -1, 1, -1]
    return try FactorModel(
      RouterIdentity(name: "m", encoder: nil, llms: ["a", "b", "better", "odd"]),
      llmFactors: Matrix([[2 * scale], [1.9 * scale], [2 * scale], [-2 * scale]]), llmBiases: [0, 0, 3, 0],
      queries: [
        FactorModel.Queries(
          benchmark: "x", rows: Array(0..<6),
          factors: Matrix(rows: 6, columns: 1, storage: signs.map { $0 / scale }),
          biases: Array(repeating: 0, count: 6))
      ], queryEncoder: NoQueryEncoder(factors: 1))
  }

  private static func probabilities(_ model: FactorModel) -> [[Double]] {
    (0..<4).map { llm in
      (0..<6).map { query in
        let z = model.llmFactors[llm, 0] * model.queries[0].factors[query, 0] + model.llmBiases[llm]
        return 1 / (1 + exp(-Double(z)))
      }
    }
  }

  @Test func agreementIsWhatItSays() throws {
    let model = try Self.model()
    let p = Self.probabilities(model)
    let found = try LLMSimilarity.agreement.neighbours(3, of: model, queries: model.trainVectors)
    #expect(found.map { $0.map(\.llm) } == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [2, 1, 0]])
    for (llm, own) in found.enumerated() {
      for neighbour in own {
        let expected =
          zip(p[llm], p[neighbour.llm]).reduce(0) { $0 + $1.0 * $1.1 + (1 - $1.0) * (1 - $1.1) } / 6
        #expect(abs(neighbour.similarity - expected) < 1e-5)
      }
    }
  }

  /// Other units of the factors mean the same model, and so the same neighbours; how good an LLM is counts for agreement alone.
  @Test func unitsOfFactorsDoNotMatter() throws {
    for similarity in LLMSimilarity.allCases {
      let (first, second) = (try Self.model(), try Self.model(64))
      let found = try similarity.neighbours(2, of: first, queries: first.trainVectors)
      #expect(try similarity.neighbours(2, of: second, queries: second.trainVectors) == found)
    }
    let model = try Self.model()
    let correlated = try LLMSimilarity.correlation.neighbours(3, of: model, queries: model.trainVectors)
    #expect(correlated[0].last?.llm == 3 && (correlated[0].last?.similarity ?? 1) < -0.99)
    #expect((correlated[0].first { $0.llm == 2 }?.similarity ?? 0) > 0.99)
  }

  @Test func moreThanThereAreAreAll() throws {
    let model = try Self.model()
    let found = try LLMSimilarity.cosine.neighbours(100, of: model, queries: [])
    #expect(found.allSatisfy { $0.count == 3 } && Set(found[2].map(\.llm)) == [0, 1, 3])
    #expect(throws: DataError.self) { try LLMSimilarity.agreement.neighbours(1, of: model, queries: []) }
  }

  @Test func filesHoldTheNames() throws {
    let folder = try TemporaryFolder()
    let table = NeighbourTable(
      [[.init(llm: 1, similarity: 0.5)], [.init(llm: 0, similarity: 0.5)]], of: ["a,b", "c"], by: .agreement)
    try table.write(to: folder["n.csv"], replacing: false)
    let text = try String(contentsOfFile: folder["n.csv"], encoding: .utf8)
    #expect(text == "llm,rank,neighbour,agreement\n\"a,b\",1,c,0.5\nc,1,\"a,b\",0.5\n")
    #expect(throws: FileError.self) { try table.write(to: folder["n.csv"], replacing: false) }
    try table.write(to: folder["n.json"], replacing: false)
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder["n.json"])))
    #expect((json as? [String: Any])?["similarity"] as? String == "agreement")
  }
}
