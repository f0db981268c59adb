import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// Routing on synthetic data pays: the embeddings carry part of what the best single LLM lacks.
@Suite struct SyntheticRoutingTests {
  /// V_B of a router that takes the best-scored candidate of each test query.
  private func relativeValue(_ scores: Matrix, _ benchmark: Benchmark, pool: [Int], queries: [Int]) -> Double
  {
    var routed = 0.0
    var single = [Double](repeating: 0, count: pool.count)
    for query in queries {
      let best = pool.max { scores[query, $0] < scores[query, $1] } ?? pool[0]
      routed += Double(benchmark.responses[query, best] ?? 0)
      for (place, llm) in pool.enumerated() { single[place] += Double(benchmark.responses[query, llm] ?? 0) }
    }
    return routed / max(single.max() ?? 1, 1)
  }

  /// Ridge regression of all responses on the embeddings, learnt on the train queries.
  private func ridge(_ benchmark: Benchmark) throws -> Matrix {
    let bare = try benchmark.embeddings(encoder: SyntheticGenerator.encoder)
    var embeddings = Matrix(rows: bare.rows, columns: bare.columns + 1, repeating: 1)
    for row in 0..<bare.rows {
      for column in 0..<bare.columns { embeddings[row, column] = bare[row, column] }
    }
    let train = benchmark.split.queries(in: .train)
    let x = embeddings.selecting(rows: train)
    let y = benchmark.responses.selecting(queries: train).dense()
    var gram = BLAS.gram(x)
    for index in 0..<gram.rows { gram[index, index] += 1 }
    let weights = try Cholesky(gram).solve(BLAS.multiply(x, .transposed, y, .asStored))
    return BLAS.multiply(embeddings, weights)
  }

  @Test func routersBeatTheBestSingleLLM() throws {
    let dataset = try SyntheticGenerator.generate(SyntheticOptions(llms: 120, queries: 24_000))
    let abilities = try #require(try dataset.truth["llm_factors"]?.matrix())
    var known: [Double] = []
    var learnt: [Double] = []
    for benchmark in dataset.benchmarks {
      let probabilities = try SyntheticGeneratorTests.probabilities(benchmark, dataset, abilities)
      let scores = try ridge(benchmark)
      let construction = PoolConstruction(benchmark)
      for size in [3, 5, 10] where construction.eligible.count >= size {
        for group in CandidateGroup.allCases {
          let pool = try construction.pool(size: size, group: group, seed: 0).llms
          let test = benchmark.split.queries(in: .test)
          known.append(relativeValue(probabilities, benchmark, pool: pool, queries: test))
          learnt.append(relativeValue(scores, benchmark, pool: pool, queries: test))
        }
      }
    }
    func share(_ values: [Double]) -> Double { Double(values.count { $0 > 1.01 }) / Double(values.count) }
    print("known truth: median V_B \(known.sorted()[known.count / 2]), above 1.01 in \(share(known))")
    print("ridge: median V_B \(learnt.sorted()[learnt.count / 2]), above 1.01 in \(share(learnt))")
    #expect(known.count > 90)
    #expect(share(known) > 0.9)
    #expect(share(learnt) > 0.6)
  }
}
