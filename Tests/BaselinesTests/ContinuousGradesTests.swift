import Baselines
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// What RouterEval's `r_o_router.py` says on grades between 0 and 1, worked out here as it does.
@Suite struct ContinuousGradesTests {
  static let grades: [[Float]] = [
    [0.2, 0.7, 0.7, 0.4], [0, 0, 0, 0], [0.9, 0.01, 0.5, 0], [1, 1, 0.25, 0.5], [0.3, 0.3, 0.3, 0.3],
  ]

  /// E_p of r_o(p): probabilities are p times the grades over their sum (alike where all are 0) and (1 − p) / m.
  static func published(_ grades: [[Float]], share: Double) -> Double {
    var bits = 0.0
    for row in grades {
      let sum = row.reduce(0) { $0 + Double($1) }
      for grade in row {
        let oracle = sum > 0 ? Double(grade) / sum : 1 / Double(row.count)
        let probability = share * oracle + (1 - share) / Double(row.count)
        if probability > 1e-10 { bits -= probability * log2(probability) }
      }
    }
    return bits / Double(grades.count)
  }

  @Test(arguments: [0, 0.25, 0.5, 1])
  func theBiasIsThatOfProbabilitiesProportionalToTheGrades(share: Double) throws {
    let table = try TableBenchmark(Self.grades, parts: Array(repeating: .test, count: 5))
    let mix = try MixRouter(oracleShare: share, [table.benchmark], catalog: table.catalog)
    let (pool, routed) = try table.route(table.baselines + [mix])
    let metrics = routed.map { RoutingMetrics($0, pool: pool) }
    #expect(abs(metrics[3].classificationBias - Self.published(Self.grades, share: share)) < 1e-6)
    #expect(abs(metrics[0].classificationBias - Self.published(Self.grades, share: 1)) < 1e-6)
    #expect(abs(metrics[1].classificationBias - Self.published(Self.grades, share: 0)) < 1e-6)
    // μ is p times the mean of the best grades, (.7 + 0 + .9 + 1 + .3) / 5, and 1 − p times that of all.
    let all = Self.grades.joined().reduce(0) { $0 + Double($1) } / 20
    #expect(abs(metrics[3].mu - (share * 0.58 + (1 - share) * all)) < 1e-6)
  }

  /// By hand: grades 1/2 and 1/4 and 0 are 2/3, 1/3 and 0: log₂ 3 − 2/3 bits, where the picks have none.
  @Test func workedByHand() throws {
    let table = try TableBenchmark([[0.5, 0.25, 0]], parts: [.test])
    let (pool, routed) = try table.route([OracleRouter([table.benchmark], catalog: table.catalog)])
    let metrics = RoutingMetrics(routed[0], pool: pool)
    #expect(abs(metrics.classificationBias - (log2(3) - 2.0 / 3)) < 1e-6)
    #expect(metrics.pickEntropy == 0 && metrics.mu == 0.5)
  }

  @Test func binaryGradesPublishWhatIsPicked() throws {
    let table = try TableBenchmark.random(queryCount: 60, llmCount: 7, seed: 12)
    for router: any Router in [
      table.baselines[0], try MixRouter(oracleShare: 0.3, [table.benchmark], catalog: table.catalog),
    ] {
      let (batch, candidates) = (table.batch(), table.candidates())
      let scores = try router.scores(for: batch, among: candidates)
      #expect(
        try SelectionProbabilities.of(router, scores: scores, for: batch, among: candidates)
          == router.policy?.picks(scores, among: candidates))
    }
  }
}
