import FileFormats
import Foundation
import TestSupport
import Testing

@testable import ColdStart
@testable import Reporting

/// Reports of made-up runs, whose numbers are known.
@Suite struct PlacementReportTests {
  /// A run whose error is 19 points over √answers, twice that for the mean; the last LLM's interval is too narrow.
  static func run(
    _ path: String, benchmarks: [String] = ["gsm8k"], holdOut: HoldOut = .family, dataset: String = "d",
    anchors: [AnchorPolicy] = [.fixed(.random), .adaptive], answers: [Int] = [25, 100], llm: String = "llm",
    skipped: [SkippedBenchmark] = []
  ) -> FinishedPlacements {
    let configuration = PlacementConfiguration(
      version: "1", datasetHash: dataset, benchmarks: benchmarks, holdOut: holdOut, answers: answers,
      policies: anchors, factors: 3, llms: 20, seed: 0)
    var estimates: [PlacedLLM] = []
    for benchmark in benchmarks {
      for policy in anchors {
        for count in answers {
          for estimator in EstimatorName.allCases {
            for index in 0..<4 {
              let off = 0.19 / Double(count).squareRoot() * (index % 2 == 0 ? 1 : -1)
              let (truth, own) = (0.4 + 0.1 * Double(index), estimator == .mean ? 2 * off : off)
              let half = index == 3 ? 0.002 : 0.1
              estimates.append(
                PlacedLLM(
                  benchmark: benchmark, fold: "f", llm: "\(llm)\(index)", anchors: policy.name,
                  estimator: estimator, answers: count, truth: truth, estimate: truth + own,
                  low: truth + own - half, high: truth + own + half))
            }
          }
        }
      }
    }
    return FinishedPlacements(
      path: path, configuration: configuration, result: PlacementResult(estimates, skipped: skipped))
  }

  private func row(_ table: ReportTable?, _ first: String...) -> [String]? {
    table?.rows.map { $0.cells.map(\.text) }.first { $0.starts(with: first) }
  }

  @Test func tablesHoldTheNumbers() throws {
    let report = PlacementReport([Self.run("a/family"), Self.run("a/frontier", holdOut: .frontier)])
    let tables = Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0) })
    #expect(
      row(tables["summary"], "gsm8k", "families held out", "4", "25") == [
        "gsm8k", "families held out", "4", "25", "7.60", "0.00", "adaptive", "3.80", "0.00", "0.00", "0.750",
        "15.1", "3.80", "random, weighted",
      ])
    #expect(
      row(tables["answers_needed"], "gsm8k", "frontier held out") == [
        "gsm8k", "frontier held out", "> 100", "90", "90", "random, weighted", "> 100", "> 100", "–", "–",
      ])
    #expect(tables["errors_1_gsm8k"]?.rows.count == 2 * EstimatorName.allCases.count)
    #expect(
      row(tables["errors_2_gsm8k"], "random", "mean") == ["random", "mean", "7.60", "0.00", "3.80", "0.00"])
    #expect(
      row(tables["intervals_1_gsm8k"], "adaptive", "stack")
        == ["adaptive", "stack", "0.00", "0.75", "15.1", "0.00", "0.75", "15.1"])
    #expect(Set(report.tables.map(\.name)).count == report.tables.count)
  }

  /// What is known before the first answer has a table of its own, and no place on an axis of logarithms.
  @Test func withoutAnswersIsATableOfItsOwn() throws {
    let run = Self.run("a")
    let bare = run.result.estimates.prefix(4).map {
      PlacedLLM(
        benchmark: $0.benchmark, fold: $0.fold, llm: $0.llm, anchors: PlacedLLM.withoutAnchors,
        estimator: .mirt, answers: 0, truth: $0.truth, estimate: $0.truth + 0.1, low: $0.truth,
        high: $0.truth + 0.2)
    }
    let more = FinishedPlacements(
      path: "a", configuration: run.configuration,
      result: PlacementResult(bare + run.result.estimates, skipped: []))
    let (with, without) = (PlacementReport([more]), PlacementReport([run]))
    #expect(
      row(with.tables.first { $0.name == "without_answers" }, "gsm8k")
        == ["gsm8k", "families held out", "mirt", "4", "10.00", "0.00", "10.00", "1.000", "20.0"])
    #expect(with.tables.count == without.tables.count + 1 && with.figures == without.figures)
    #expect(more.result.answersNeeded == run.result.answersNeeded)
  }

  /// Two datasets may have a benchmark of one name; the runs of each stand together.
  @Test func benchmarksOfOneNameAreKeptApart() {
    let runs = [
      Self.run("x/one", benchmarks: ["gsm8k", "arc"]), Self.run("x/two", dataset: "other"),
      Self.run("x/three", benchmarks: ["gsm8k"], holdOut: .frontier),
    ]
    let outline = PlacementOutline(runs)
    #expect(outline.sections.map(\.title) == ["gsm8k of one and three", "arc", "gsm8k of two"])
    #expect(outline.sections.map(\.name) == ["gsm8k", "arc", "gsm8k+2"])
    #expect(outline.sections[0].panels.map(\.title) == ["families held out", "frontier held out"])
    let same = PlacementOutline([Self.run("x/a"), Self.run("x/b")])
    #expect(same.sections[0].panels.map(\.title) == ["families held out (a)", "families held out (b)"])
    let report = PlacementReport(runs)
    for names in [report.tables.map(\.name), report.figures.map(\.name)] {
      #expect(Set(names).count == names.count)
    }
  }

  @Test func figuresHaveAPanelForEachRun() {
    let report = PlacementReport([Self.run("family"), Self.run("frontier", holdOut: .frontier)])
    #expect(
      report.figures.map(\.name) == [
        "mae_anchors_gsm8k", "mae_estimators_gsm8k", "coverage_gsm8k", "accuracy_gsm8k",
      ])
    for figure in report.figures {
      for title in ["'families held out'", "'frontier held out'"] { #expect(figure.script.contains(title)) }
    }
    // The floor is the first curve of every panel of errors.
    let curves = report.figures[0].data.components(separatedBy: "\n\n\n")
    #expect(curves.count == 6)
    for index in [0, 3] {
      let rows = curves[index].split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(rows.map { $0.split(separator: "\t").suffix(2) } == [["random", "mean"], ["random", "mean"]])
      #expect(
        rows.compactMap { Double($0.split(separator: "\t")[1]).map { ($0 * 10).rounded() } } == [76, 38])
    }
    #expect(report.figures[0].script.contains("title 'random, mean'"))
    // Three of four intervals hold the truth.
    let blocks = report.figures[3].data.components(separatedBy: "\n\n\n")
    #expect(blocks.map { $0.split(separator: "\n").count } == [1 + 3, 1, 3, 1])
  }

  @Test(.enabled(if: Gnuplot() != nil, "no gnuplot on the PATH"))
  func everyFigureIsDrawnWhateverTheNames() throws {
    let scratch = try TemporaryFolder()
    let odd = "<i>O'Neil</i> \"$x\" `id`\t#1"
    let runs = [
      Self.run("a/<b>", llm: odd, skipped: [SkippedBenchmark(benchmark: "c", reason: "<too small>")]),
      Self.run("a/one", holdOut: .llm, anchors: [.fixed(.forward)], answers: [7]),
    ]
    let report = PlacementReport(runs)
    let first = try ReportFolder(scratch["a"], replacing: false).write(report, gnuplot: Gnuplot())
    #expect(first.failures.isEmpty, "\(first.failures)")
    let page = try String(contentsOfFile: first.page, encoding: .utf8)
    #expect(page.components(separatedBy: "<svg ").count - 1 == report.figures.count)
    #expect(!page.contains("<too") && page.contains("&lt;too small&gt;"))
    let ids = page.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
    let second = try ReportFolder(scratch["b.html"], replacing: false).write(report, gnuplot: Gnuplot())
    #expect(try String(contentsOfFile: second.page, encoding: .utf8) == page)
  }
}
