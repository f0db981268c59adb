import FileFormats
import Foundation
import Metrics
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing
@testable import Reporting

/// Reports of made-up experiments with logs, whose numbers are known.
@Suite struct DebiasingReportTests {
  /// A run that loses 4/√(rows/1000) points without a correction, half by stack and a quarter on uniform logs.
  static func run(
    _ path: String, benchmark: String = "gsm8k", policies: [String] = ["difficulty"],
    gradings: [String] = ["all"], router: String = "knn"
  ) -> FinishedDebiasing {
    let configuration = DebiasingConfiguration(
      version: "1", datasetHash: "d", benchmarks: [benchmark], encoder: "e", sizes: [3, 5],
      groups: [.allStrong], poolQueries: .train, policies: policies, gradings: gradings, methods: ["stack"],
      estimators: ["snips", "dr"], rows: [1_000, 4_000], logs: 2, floor: 0.05, seed: 0)
    var learned: [LearnedRouter] = []
    var estimated: [EstimatedRouter] = []
    for size in configuration.sizes {
      for policy in configuration.policies {
        for grading in configuration.gradings {
          for rows in configuration.rows {
            let kind = LogKind(
              benchmark: benchmark, size: size, group: .allStrong, policy: policy, grading: grading,
              rows: rows)
            for log in 0..<2 {
              let whole = (policy == "uniform" ? 0.01 : 0.04) / (Double(rows) / 1_000).squareRoot()
              let off = log == 0 ? 0.002 : -0.002
              for method in configuration.methods {
                let loss = whole * (method == "stack" ? 0.5 : 1) + off
                learned.append(
                  LearnedRouter(kind, log: log, method: method, mu: 0.7 - loss, fullMu: 0.7))
              }
              for estimator in configuration.estimators {
                for (place, name) in [router, "best-single"].enumerated() {
                  let truth = 0.6 + 0.02 * Double(place)
                  estimated.append(
                    EstimatedRouter(
                      kind, log: log, router: name, estimator: estimator, truth: truth,
                      estimate: truth + (log == 0 ? 0.03 : 0), low: truth - 0.02, high: truth + 0.05,
                      effectiveSampleSize: Double(rows) / 40))
                }
              }
            }
          }
        }
      }
    }
    return FinishedDebiasing(
      path: path, configuration: configuration,
      result: DebiasingResult(learned: learned, estimated: estimated, skipped: []))
  }

  static func spread() throws -> SpreadReport {
    let table = try TableBenchmark.checkerboard(llmCount: 2)
    let pool = try PoolResponses(
      table.benchmark, llmNames: table.llmNames, pool: CandidatePool(group: .allStrong, llms: [0, 1]))
    func sample(_ seed: UInt64) -> SpreadSample {
      var generator = SeededGenerator(seed: seed, stream: "report")
      var (scores, responses) = (Matrix(rows: 800, columns: 2), Matrix(rows: 800, columns: 2))
      for row in 0..<800 {
        scores[row, 0] = 0.1 * abs(generator.normal())
        for llm in 0..<2 { responses[row, llm] = generator.uniform() < 0.6 ? 1 : 0 }
      }
      return SpreadSample(
        candidates: Candidates(["a", "b"]), scores: Scores(scores),
        published: Elementwise.softmaxRows(scores), responses: responses)
    }
    let walk = SpreadWalk(margin: 0.02)
    return SpreadReport(
      margin: 0.02, queries: "validation",
      pools: [SpreadOutcome(walk, pool: pool, choosing: sample(1), test: sample(2))], skipped: [])
  }

  private func row(_ table: ReportTable?, _ first: String...) -> [String]? {
    table?.rows.map { $0.cells.map(\.text) }.first { $0.starts(with: first) }
  }

  @Test func tablesHoldTheNumbers() throws {
    let report = DebiasingReport([Self.run("a/run")], spread: [try Self.spread()])
    let tables = Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0) })
    // Two pools with an error of 0.2 points each: 0.2/√2.
    #expect(
      row(tables["summary"], "gsm8k", "difficulty", "all", "4000")
        == ["gsm8k", "difficulty", "all", "4000", "2.00", "0.14", "1.00", "0.14"])
    // 1 of the 1.5 points beyond the uniform log.
    #expect(
      row(tables["gains"], "gsm8k", "difficulty", "all", "4000")
        == ["gsm8k", "difficulty", "all", "4000", "1.00", "0.00", "67"])
    #expect(
      row(tables["estimators"], "gsm8k", "uniform", "all", "1000", "snips")
        == [
          "gsm8k", "uniform", "all", "1000", "snips", "1.50", "1.06", "2.12", "1.000", "0.000", "7.00", "25",
          "0.00", "0.00", "1.00",
        ])
    #expect(tables["spread"]?.rows.count == 1 && tables["configuration"] != nil)
    #expect(Set(report.tables.map(\.name)).count == report.tables.count)
  }

  @Test func figuresHaveAPanelForEachPolicy() throws {
    let report = DebiasingReport(
      [Self.run("a"), Self.run("b", benchmark: "gsm8k", policies: ["softmax:0.1", "cost"])],
      spread: [try Self.spread(), try Self.spread()])
    #expect(
      report.figures.map(\.name) == [
        "loss_gsm8k", "regret_gsm8k", "loss_gsm8k+2", "regret_gsm8k+2", "coverage", "frontier_checkerboard",
        "frontier_checkerboard+2",
      ])
    for title in ["'uniform'", "'softmax:0.1'", "'cost'"] {
      #expect(report.figures[2].script.contains(title))
    }
    let blocks = report.figures[0].data.components(separatedBy: "\n\n\n")
    #expect(blocks.count == 4)
  }

  @Test(.enabled(if: Gnuplot() != nil, "no gnuplot on the PATH"))
  func everyFigureIsDrawnWhateverTheNames() throws {
    let scratch = try TemporaryFolder()
    let odd = "<i>O'Neil</i> \"$x\" `id`\t#1"
    let report = DebiasingReport(
      [
        Self.run(
          "a/<b>", policies: [odd, "softmax:0.1", "epsilon:0.1", "cost"], gradings: ["all", "outcome"],
          router: odd)
      ], spread: [try Self.spread()])
    let first = try ReportFolder(scratch["a"], replacing: false).write(report, gnuplot: Gnuplot())
    #expect(first.failures.isEmpty, "\(first.failures)")
    let page = try String(contentsOfFile: first.page, encoding: .utf8)
    #expect(page.components(separatedBy: "<svg ").count - 1 == report.figures.count)
    #expect(!page.contains("<i>O'Neil"))
    let second = try ReportFolder(scratch["b.html"], replacing: false).write(report, gnuplot: Gnuplot())
    #expect(try String(contentsOfFile: second.page, encoding: .utf8) == page)
  }
}
