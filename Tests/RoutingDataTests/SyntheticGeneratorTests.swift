import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

/// The number of threads belongs to the whole process, so these run one after the other.
@Suite(.serialized) struct SyntheticGeneratorTests {
  private static let small = SyntheticOptions(llms: 37, queries: 400, factors: 6, dimensions: 12, seed: 3)

  private func contents(_ dataset: Dataset) throws -> [BenchmarkContents] {
    try dataset.benchmarks.map { try BenchmarkContents($0, in: dataset) }
  }

  @Test(arguments: [0, 0.3])
  func theSameBitsAtAnyThreadCount(missing: Double) throws {
    var options = Self.small
    options.missing = missing
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    let alone = try SyntheticGenerator.generate(options)
    Threads.count = 2
    let together = try SyntheticGenerator.generate(options)
    #expect(try contents(alone) == contents(together))
    #expect(try alone.truth.mapValues { try $0.floats() } == together.truth.mapValues { try $0.floats() })
    options.seed += 1
    #expect(try contents(SyntheticGenerator.generate(options)) != contents(alone))
  }

  @Test func theShapeIsRouterEvals() throws {
    let dataset = try SyntheticGenerator.generate(.sample)
    #expect(dataset.benchmarks.map(\.name) == RouterEvalBenchmarks.all.map(\.name))
    #expect(dataset.benchmarks.reduce(0) { $0 + $1.queries.count } == 6_000 && dataset.catalog.count == 200)
    for benchmark in dataset.benchmarks {
      let real = RouterEvalBenchmarks.all.first { $0.name == benchmark.name }
      let expected = Double(real?.queries ?? 0) / 50_265 * 6_000
      #expect(abs(Double(benchmark.queries.count) - expected) < 60)
      #expect(Set(benchmark.queries.subscenarios).count == real?.subscenarios.count)
      #expect(benchmark.responses.isBinary == (benchmark.name != "ifeval"))
      let matrix = try benchmark.embeddings(encoder: SyntheticGenerator.encoder)
      #expect((0..<matrix.rows).allSatisfy { abs(BLAS.dot(matrix.row($0), matrix.row($0)) - 1) < 1e-4 })
    }
    #expect(dataset.catalog.fields == ["family", "parameters_billion", "kind"])
    let means = dataset.benchmarks.map { $0.responses.llmMeans().reduce(0) { $0 + ($1 ?? 0) } / 200 }
    #expect(try #require(means.min()) < 0.25 && #require(means.max()) > 0.7)
  }

  /// Responses follow the truth: over many cells of one predicted probability, their mean is that probability.
  @Test func theTruthPredictsTheResponses() throws {
    let dataset = try SyntheticGenerator.generate(.sample)
    let abilities = try #require(try dataset.truth["llm_factors"]?.matrix())
    var sums = [Double](repeating: 0, count: 10)
    var expected = sums
    var counts = sums
    for benchmark in dataset.benchmarks {
      let probabilities = try Self.probabilities(benchmark, dataset, abilities)
      for query in 0..<probabilities.rows {
        for llm in 0..<probabilities.columns {
          let probability = probabilities[query, llm]
          let bin = min(9, Int(probability * 10))
          sums[bin] += Double(benchmark.responses[query, llm] ?? 0)
          expected[bin] += Double(probability)
          counts[bin] += 1
        }
      }
    }
    for bin in 0..<10 { #expect(abs(sums[bin] - expected[bin]) / counts[bin] < 0.01) }
  }

  @Test func aShareIsMissing() throws {
    var options = Self.small
    options.missing = 0.25
    let dataset = try SyntheticGenerator.generate(options)
    let observed = dataset.benchmarks.reduce(0) { $0 + $1.responses.observedCount }
    #expect(abs(Double(observed) / (37 * 400) - 0.75) < 0.02)
    #expect(dataset.benchmarks.allSatisfy { $0.responses.cells.observed != nil })
  }

  @Test func sizesThatCannotBe() {
    #expect(
      failure { _ = try SyntheticGenerator.generate(SyntheticOptions(queries: 50)) }
        == "50 queries: from 101, one for each sub-scenario, to 16777216 are possible")
    #expect(failure { _ = try SyntheticGenerator.generate(SyntheticOptions(missing: 1)) } != nil)
    #expect(failure { _ = try SyntheticGenerator.generate(SyntheticOptions(llms: 0)) } != nil)
  }

  @Test func aFolderHoldsItAll() throws {
    let scratch = try ScratchFolder()
    let dataset = try SyntheticGenerator.generate(Self.small)
    try DatasetFolder.write(dataset, to: scratch.file("data"))
    let opened = try DatasetFolder.open(scratch.file("data"))
    #expect(try contents(opened) == contents(dataset))
    #expect(opened.truth.count == 25 && opened.catalog == dataset.catalog)
    #expect(try DatasetFolder.verify(scratch.file("data")).problems.isEmpty)
  }

  static func probabilities(_ benchmark: Benchmark, _ dataset: Dataset, _ abilities: Matrix) throws -> Matrix
  {
    let factors = try #require(try dataset.truth["query_factors/\(benchmark.name)"]?.matrix())
    let biases = try #require(try dataset.truth["query_biases/\(benchmark.name)"]?.floats())
    var logits = BLAS.multiply(factors, .asStored, abilities, .transposed)
    for query in 0..<logits.rows {
      for llm in 0..<logits.columns { logits[query, llm] += biases[query] }
    }
    return Elementwise.sigmoid(logits)
  }
}
