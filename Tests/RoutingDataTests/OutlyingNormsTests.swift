import FileFormats
import NumericKernels
import Testing

@testable import RoutingData

@Suite struct OutlyingNormsTests {
  /// Embeddings of 300 queries with some rows multiplied.
  private func finding(
    _ factors: [Int: Float], scale: Float = 1, isNormalised: Bool = false, examples: Int = 5
  ) throws -> LeakAudit.NormFinding {
    var generator = SeededGenerator(seed: 5, stream: "norms")
    let rows: [[Float]] = (0..<300).map { row in
      let values = (0..<16).map { _ in generator.normal() }
      let norm = isNormalised ? BLAS.dot(values, values).squareRoot() : 1
      return values.map { $0 / norm * scale * (factors[row] ?? 1) }
    }
    let benchmark = try Benchmark(
      name: "x",
      queries: QuerySet(
        subscenarioNames: ["s"], subscenarios: rows.map { _ in 0 }, ids: rows.indices.map { "id-\($0)" },
        embeddings: ["e": NDArray(matrix: Matrix(rows))]), llms: [0],
      responses: SmallDataset.responses(rows.map { _ in [1] }),
      split: Split(parts: rows.indices.map { $0 < 200 ? .train : $0 < 250 ? .validation : .test }))
    var options = LeakAudit.Options()
    options.examples = examples
    let dataset = try Dataset(catalog: LLMCatalog(names: ["a"]), benchmarks: [benchmark])
    let audit = try LeakAudit(dataset, options: options)
    let finding = try #require(audit.norms.first)
    #expect(audit.findings == finding.outlying + audit.embeddings[0].pairsAcrossSplits)
    return finding
  }

  @Test(arguments: [false, true])
  func whatStandsOutIsNamed(isNormalised: Bool) throws {
    let found = try finding([210: -100, 7: 0.001, 260: 0, 3: 1.1], isNormalised: isNormalised)
    #expect(found.outlying == 3 && found.encoder == "e")
    #expect(found.top.map(\.query.id) == ["id-260", "id-7", "id-210"])
    #expect(found.top.map(\.query.split) == ["test", "train", "validation"])
    #expect(found.top[0].score == nil && found.top[0].norm == 0)
    #expect(found.top[2].norm > 50 * found.medianNorm)
    #expect(try finding([210: -100, 7: 0.001], isNormalised: isNormalised, examples: 1).top.count == 1)
  }

  @Test(arguments: [false, true])
  func ordinaryEmbeddingsHaveNone(isNormalised: Bool) throws {
    let found = try finding([:], isNormalised: isNormalised)
    #expect(found.outlying == 0 && found.top.isEmpty)
  }

  /// The finding doesn't depend on the unit, not even where squares overflow or vanish in single precision.
  @Test(arguments: [1e-30, 1e-6, 1e6, 1e30] as [Float])
  func theUnitDoesNotMatter(scale: Float) throws {
    let factors: [Int: Float] = [210: -100, 7: 0.01]
    let (plain, scaled) = (try finding(factors), try finding(factors, scale: scale))
    #expect(plain.top.map(\.query) == scaled.top.map(\.query) && plain.outlying == scaled.outlying)
    for (first, second) in zip(plain.top, scaled.top) {
      #expect(abs((first.score ?? 0) - (second.score ?? 1)) < 1e-3)
    }
  }

  @Test func embeddingsThatAreMostlyZeroHaveNoMedian() throws {
    let zeros = Dictionary(uniqueKeysWithValues: (0..<290).map { ($0, Float(0)) })
    #expect(try finding(zeros).outlying == 0)
  }
}
