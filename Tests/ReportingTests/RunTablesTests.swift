import Evaluation
import FileFormats
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite struct RunTablesTests {
  /// The paper's figures as the project carries them.
  static let paper = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("experiments/paper").path

  func row(_ table: ReportTable, _ start: String...) -> [String]? {
    table.rows.map { $0.cells.map(\.text) }.first { $0.starts(with: start) }
  }

  @Test func meansOverGroupsByHand() throws {
    let sample = try SampleRun()
    // μ of random is (0.625 + 0.375 + 0.75) / 3, its V_B (0.625 / 1 + 0.375 / 0.5 + 0.75 / 1) / 3; μ of the
    // oracle (1 + 0.75 + 1) / 3. The reference of gsm8k is 0.92.
    let mean = try #require(GroupMean("random", benchmark: "gsm8k", size: 2, in: sample.run.cells))
    #expect(mean.groups == 3)
    #expect(abs(mean.mu - 1.75 / 3) < 1e-9)
    #expect(abs(try #require(mean.bestSingleModelValue) - 2.125 / 3) < 1e-9)
    #expect(abs(try #require(mean.referenceValue) - 1.75 / 3 / 0.92) < 1e-9)
    #expect(abs(mean.classificationBias - 1) < 1e-9)
    #expect(GroupMean("random", benchmark: "gsm8k", size: 3, in: sample.run.cells) == nil)

    let report = Report(sample.run)
    #expect(report.paperTables.isEmpty)
    let table = try #require(report.otherTables.first)
    #expect(row(table, "2", "random") == ["2", "random", "here", "0.583", "0.634", "0.708", "1.00"])
    #expect(row(table, "2", "oracle")?[3...5] == ["0.917", "0.996", "1.167"])
    let bias = try #require(report.biasTables.first)
    #expect(row(bias, "2", "random") == ["2", "random", "here", "1.00", "1.00", "1.00"])
  }

  @Test func aBenchmarkWithoutReferenceHasNoVR() throws {
    let report = Report(try SampleRun(benchmark: "mine").run)
    let table = try #require(report.otherTables.first)
    #expect(row(table, "2", "random") == ["2", "random", "here", "0.583", "–", "0.708", "1.00"])
    #expect(table.csv.contains("\n2,random,here,0.583,,0.708,1.00\n"))
    let quality = try #require(report.sections.first?.tables[1])
    let place = try #require(quality.columns.firstIndex { $0.title == "V_R" })
    #expect(quality.rows.allSatisfy { $0.cells[place].text == "–" })
    let notes = report.sections.flatMap(\.tables).flatMap(\.notes)
    #expect(notes.contains("Undefined: V_R: benchmark 'mine' has no reference accuracy"))
  }

  @Test func thePaperStandsBelowOurs() throws {
    let paper = try PaperFigures(folder: Self.paper)
    let run = try SampleRun(sizes: [2, 3]).run
    let tables = Report(run, paper: paper).paperTables
    let table = try #require(tables.first)
    #expect(table.name == "tables_1_2" && tables.count == 1)
    let rows = table.rows.map { ($0.cells.map(\.text), $0.isQuoted) }
    #expect(
      rows.map { "\($0.0[1]) \($0.0[2])" } == [
        "oracle here", "oracle paper", "random here", "random paper", "last here",
      ])
    #expect(rows.map(\.1) == [false, true, false, true, false])
    let printed = try #require(paper.means("gsm8k", size: 3, router: "random"))
    #expect(rows[3].0[3] == NumberText.fixed(printed.mu, 2))
    #expect(table.notes.contains { $0.contains("can't be compared number by number") })
    let published = Report(
      run, paper: paper, origin: DataOrigin(sources: ["linggm/RouterEval router_dataset"]))
    #expect(published.paperTables[0].notes.contains { $0.contains("names RouterEval's published files") })
  }

  @Test func thePaperReads() throws {
    let paper = try PaperFigures(folder: Self.paper)
    #expect(
      paper.means("arc", size: 3, router: "oracle")
        == PaperFigures.Means(
          mu: 0.80, referenceValue: 0.94, bestSingleModelValue: 1.34, classificationBias: 1.02))
    #expect(paper.bias("mmlu", size: 5, group: .allWeak, router: "mlc") == 0.03)
    #expect(paper.bias("arc", size: 5, group: .allWeak, router: "mlc") == nil)
    #expect(paper.means("arc", size: 10, router: "oracle") == nil)
    #expect(PaperRouter.name(of: "linear:paper") == "linear" && PaperRouter.name(of: "mix:0") == "random")
  }

  @Test(arguments: [
    ("benchmark,m,router,mu,vr,vb\narc,3,oracle,1,1,1\n", "line 1: no column named \"ep\""),
    ("benchmark,m,router,mu,vr,vb,ep\narc,3,oracle,0.8,x,1,1\n", "line 2: vr is 'x', expected a number"),
    ("benchmark,m,router,mu,vr,vb,ep\narc,0,oracle,1,1,1,1\n", "line 2: m is '0'"),
    ("benchmark,m,router,mu,vr,vb,ep\na,3,b,1,1,1,1\na,3,b,1,1,1,1\n", "line 3: b with m = 3 occurs twice"),
  ])
  func aBadPaperFileIsNamed(text: String, reason: String) throws {
    let scratch = try TemporaryFolder()
    try AtomicFile.write(text, to: scratch["tables_1_2.csv"])
    let error = try #require(throws: FileError.self) { try PaperFigures(folder: scratch.path) }
    #expect(error.description.contains("tables_1_2.csv: \(reason)"), "\(error)")
    #expect(throws: FileError.self) { try PaperFigures(folder: scratch["nothing"]) }
  }
}
