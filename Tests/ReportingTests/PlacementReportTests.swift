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

  /// A run that routes: half of a gain of 4 points is reached with the fewest answers, three quarters later.
  private static func routed(_ path: String) -> FinishedPlacements {
    let own = run(path)
    var routed: [RoutedLLM] = []
    for size in [3, 100] {
      for count in [25, 100] {
        for llm in 0..<3 {
          routed.append(
            RoutedLLM(
              benchmark: "gsm8k", fold: "f", llm: "llm\(llm)", size: size, pool: 0, answers: count,
              without: 0.5, with: count == 25 ? 0.52 : 0.53, full: 0.54, single: 0.51, bestWithout: 0.5,
              bestWith: 0.5))
        }
      }
    }
    return FinishedPlacements(
      path: path, configuration: own.configuration,
      result: PlacementResult(own.result.estimates, skipped: [], routed: routed))
  }

  private static func unseen(_ path: String, benchmarks: [String] = ["b"]) -> FinishedUnseen {
    let cells: [(method: String, labels: Int, loss: Double)] = [
      ("means", 0, 0.7), ("map", 0, 0.65), ("average", 0, 0.6), ("shift", 5, 0.5),
    ]
    var results: [UnseenResult] = []
    for (method, labels, loss) in cells {
      for off in [-0.01, 0.01] {
        let quality = PredictionQuality(
          logLoss: loss + off, ratios: [3: 1 - loss / 100, 5: 1 - loss / 50])
        results.append(
          UnseenResult(fold: "f\(off)", method: method, labels: labels, queries: 50, quality: quality))
      }
    }
    return FinishedUnseen(
      path: path,
      configuration: UnseenConfiguration(
        version: "1", datasetHash: "d", benchmarks: benchmarks, holdOut: .subscenario, encoder: "e",
        labels: [5], factors: 1, llms: 9, seed: 0), summaries: UnseenSummary.of(results))
  }

  @Test func theShareOfTheValueIsShownWhereThereIsOne() throws {
    let report = PlacementReport([Self.routed("a"), Self.run("b", holdOut: .frontier)])
    let figure = try #require(report.figures.first { $0.name == "value_gsm8k" })
    let rows = figure.data.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let shares = rows.compactMap { row in Double(row.split(separator: "\t")[1]) }
    #expect(shares.map { Int(($0 * 100).rounded()) } == [50, 75, 50, 75])
    #expect(
      row(report.tables.first { $0.name == "routing" }, "gsm8k", "families held out", "3", "25") == [
        "gsm8k", "families held out", "3", "25", "3", "2.00", "0.00", "2.00", "0.00", "0.50", "0.00", "1.00",
        "0.00", "1.0000", "1.0400", "1.0800",
      ])
    let plain = PlacementReport([Self.run("b")])
    #expect(!plain.figures.contains { $0.name.hasPrefix("value") })
    #expect(!plain.tables.contains { $0.name == "routing" })
  }

  @Test func unseenQueriesStandAfterTheLLMs() throws {
    let both = PlacementReport(
      [Self.run("a")],
      unseen: [Self.unseen("x/one"), Self.unseen("x/two"), Self.unseen("y", benchmarks: ["c"])])
    #expect(
      both.figures.suffix(3).map(\.title) == [
        "b: sub-scenarios held out (one)", "b: sub-scenarios held out (two)", "c: sub-scenarios held out",
      ])
    #expect(
      row(both.tables.first { $0.name == "unseen" }, "c: sub-scenarios held out", "shift") == [
        "c: sub-scenarios held out", "shift", "5", "2", "0.5000", "0.0100", "0.9950", "0.0000", "0.9900",
        "0.0000",
      ])
    let alone = PlacementReport([], unseen: [Self.unseen("one")])
    #expect(alone.tables.map(\.name) == ["unseen", "configuration"])
    #expect(Set(both.tables.map(\.name)).count == both.tables.count)
  }

  @Test(.enabled(if: Gnuplot() != nil, "no gnuplot on the PATH"))
  func everyFigureIsDrawnWhateverTheNames() throws {
    let scratch = try TemporaryFolder()
    let odd = "<i>O'Neil</i> \"$x\" `id`\t#1"
    let runs = [
      Self.run("a/<b>", llm: odd, skipped: [SkippedBenchmark(benchmark: "c", reason: "<too small>")]),
      Self.run("a/one", holdOut: .llm, anchors: [.fixed(.forward)], answers: [7]), Self.routed("a/$x"),
    ]
    let report = PlacementReport(runs, unseen: [Self.unseen("`id`", benchmarks: ["<i>O'Neil</i> \"$x\""])])
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
