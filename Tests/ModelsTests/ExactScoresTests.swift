import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Models

@Suite struct ExactScoresTests {
  @Test func orderIsThatOfDoublePrecision() {
    var generator = SeededGenerator(seed: 1, stream: "exact scores")
    for scale in [1e-300, 1e-40, 1e-9, 1, 1e9, 1e38, 1e300] {
      let numbers = (0..<60).map { index -> Double in
        index % 7 == 0 ? 0.5 * scale : (0.5 + Double(generator.normal()) * 1e-12) * scale
      }
      let scores = ExactScores(rows: 3, columns: 20, numbers: numbers)
      let values = scores.values
      #expect(values.isFinite)
      for row in 0..<3 {
        let (exact, single) = (Array(scores.row(row)), Array(values.row(row)))
        for left in 0..<20 {
          for right in 0..<20 {
            #expect((exact[left] < exact[right]) == (single[left] < single[right]))
          }
        }
      }
    }
  }

  /// A perfect router whose scores differ in the ninth digit reaches the oracle, in each format.
  @Test(arguments: ["npy", "npz", "csv"])
  func theNinthDigitCounts(format: String) throws {
    let table = try TableBenchmark.random(queryCount: 80, llmCount: 4, seed: 5)
    let pool = CandidatePool(group: .allStrong, llms: [0, 1, 2, 3])
    let test = table.benchmark.split.queries(in: .test)
    let numbers = test.flatMap { query in
      pool.llms.map { 1 - 1e-9 * (1 - Double(table.benchmark.responses[query, $0] ?? 0)) }
    }
    let folder = try TemporaryFolder()
    let path = folder["perfect.\(format)"]
    let array = NDArray(doubles: numbers, shape: [test.count, 4])
    switch format {
    case "npy": try NPY.write(array, to: path)
    case "npz": try NPZ.write([("scores", array)], to: path, compressed: false)
    default:
      let rows = test.indices.map { row in (0..<4).map { "\(numbers[4 * row + $0])" }.joined(separator: ",") }
      try AtomicFile.write((["llm0,llm1,llm2,llm3"] + rows).joined(separator: "\n") + "\n", to: path)
    }
    let router = try ScoresFile(path: path).router(
      for: table.benchmark, llmNames: table.llmNames, pool: pool)
    let (responses, routed) = try table.route([router])
    #expect(RoutingMetrics(routed[0], pool: responses).mu == responses.oracleMean)
  }
}
