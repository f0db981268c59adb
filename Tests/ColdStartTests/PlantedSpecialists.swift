import FileFormats
import NumericKernels
import RoutingData

/// A benchmark whose LLMs are general or specialists of one of two sides, which the embedding shows.
///
/// Log-odds are ability + 1.5·side for LLMs of one side, − for the other; eight sub-scenarios, four of each side. A
/// family has four LLMs.
enum PlantedSpecialists {
  static let encoder = "planted"

  static func dataset(llms: Int = 24, queries: Int = 480, seed: UInt64 = 1) throws -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: "specialists")
    let abilities = (0..<llms).map { _ in 0.7 * generator.normal() }
    var embeddings = Matrix(rows: queries, columns: 6)
    var builder = ResponseMatrixBuilder(queryCount: queries, llmCount: llms)
    let centres = (0..<8).map { _ in (0..<6).map { _ in 0.5 * generator.normal() } }
    for query in 0..<queries {
      let subscenario = query % 8
      let side: Float = subscenario % 2 == 0 ? 1 : -1
      for column in 0..<6 {
        embeddings[query, column] = centres[subscenario][column] + 0.2 * generator.normal()
      }
      embeddings[query, 0] += 2 * side
      let difficulty = 0.8 * generator.normal()
      let row = (0..<llms).map { llm -> Float in
        let own: Float = llm % 2 == 0 ? 1.5 : -1.5
        let p = Elementwise.sigmoid(abilities[llm] + own * side - difficulty)
        return generator.uniform() < p ? 1 : 0
      }
      try builder.setRow(query, row[...])
    }
    let subscenarios = (0..<queries).map { $0 % 8 }
    let benchmark = try Benchmark(
      name: "planted",
      queries: QuerySet(
        subscenarioNames: (0..<8).map { "s\($0)" }, subscenarios: subscenarios,
        embeddings: [encoder: NDArray(matrix: embeddings)]),
      llms: Array(0..<llms), responses: builder.build(),
      split: .stratified(subscenarios: subscenarios, benchmark: "planted", seed: 0))
    return try Dataset(
      catalog: LLMCatalog(
        names: (0..<llms).map { "llm-\($0)" }, fields: ["family"],
        metadata: (0..<llms).map { ["family\($0 / 4)"] }),
      benchmarks: [benchmark])
  }
}
