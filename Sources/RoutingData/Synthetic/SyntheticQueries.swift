import LinearAlgebra

/// The queries of one synthetic benchmark: what they ask of an LLM, and embeddings that show part of it.
struct SyntheticQueries {
  let subscenarioNames: [String]
  let subscenarios: [Int]
  /// Discriminations of each query and its difficulty, n × (F + 1).
  let factors: Matrix
  /// Unit-length embeddings, n × d.
  let embeddings: Matrix

  /// Draws `counts[s]` queries of each sub-scenario.
  ///
  /// An embedding is a random projection of the query's factors, the same for all benchmarks, plus a
  /// centroid of its sub-scenario and noise.
  init(
    benchmark: RouterEvalBenchmarks.Benchmark, counts: [Int], projection: Matrix, traits: Int, seed: UInt64
  ) {
    let dimensions = projection.columns
    var generator = SeededGenerator(seed: seed, stream: "synthetic/benchmark/\(benchmark.name)")
    let difficulty = 0.6 * generator.normal()
    subscenarioNames = benchmark.subscenarios.map(\.name)
    subscenarios = counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
    var factors = Matrix(rows: subscenarios.count, columns: traits + 1)
    var noise = Matrix(rows: subscenarios.count, columns: dimensions)
    let themes = counts.indices.map { subscenario -> (direction: [Float], centroid: [Float]) in
      var generator = SeededGenerator(
        seed: seed, stream: "synthetic/subscenario/\(benchmark.name)", subscenario)
      return (
        (0..<traits).map { _ in 0.5 * generator.normal() }, (0..<dimensions).map { _ in generator.normal() }
      )
    }
    // The noise of a longer embedding is larger, so that its length does not change what it tells.
    let noiseScale = (Float(dimensions) / 64).squareRoot() * 2
    for (query, subscenario) in subscenarios.enumerated() {
      var generator = SeededGenerator(seed: seed, stream: "synthetic/query/\(benchmark.name)", query)
      factors[query, 0] = 1 + 0.3 * abs(generator.normal())
      for trait in 1..<max(traits, 1) {
        factors[query, trait] = themes[subscenario].direction[trait] + 0.7 * generator.normal()
      }
      factors[query, traits] = difficulty + 1.2 * generator.normal()
      for column in 0..<dimensions {
        noise[query, column] = themes[subscenario].centroid[column] + noiseScale * generator.normal()
      }
    }
    self.factors = factors
    var embeddings = noise
    BLAS.add(factors, .asStored, projection, .asStored, to: &embeddings)
    for query in 0..<embeddings.rows {
      let length = BLAS.dot(embeddings.row(query), embeddings.row(query)).squareRoot()
      for column in 0..<dimensions where length > 0 { embeddings[query, column] /= length }
    }
    self.embeddings = embeddings
  }
}
