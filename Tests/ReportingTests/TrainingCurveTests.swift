import Testing

@testable import Reporting

@Suite struct TrainingCurveTests {
  private func curve(_ name: String, _ epochs: Int, kept: Int? = nil) -> TrainingCurve {
    TrainingCurve(
      name: name, algorithm: "als",
      epochs: (1...epochs).map {
        TrainingCurve.Epoch(epoch: $0, objective: 1 / Double($0), validation: 0.5 + Double($0 % 3) / 10)
      }, kept: kept, end: "patience")
  }

  @Test func everyEpochIsInTheData() throws {
    let figure = try #require(TrainingFigure([curve("a", 4, kept: 3), curve("it's", 2)]).figure())
    #expect(
      figure.data.split(separator: "\n", omittingEmptySubsequences: false).prefix(5) == [
        "# epoch\tobjective\tvalidation\tmodel", "1.0\t1.0\t0.6\ta", "2.0\t0.5\t0.7\ta",
        "3.0\t0.3333333333333333\t0.5\ta", "4.0\t0.25\t0.6\ta",
      ])
    #expect(figure.data.contains("\n\n\n1.0\t1.0\t0.6\tit's\n"))
    #expect(figure.script.contains("($1 == 3 ? $1 : NaN):3"))
    #expect(figure.script.contains("'it''s (als)'"))
  }

  @Test func oneEpochIsNoCurve() throws {
    #expect(TrainingFigure([curve("ridge", 1)]).figure() == nil)
    #expect(TrainingFigure([]).figure() == nil)
    let table = TrainingTable.table([curve("ridge", 1, kept: 1), curve("none", 2, kept: 0)])
    #expect(table.rows[0].cells.map(\.text) == ["ridge", "als", "1", "1", "patience", "0.6000"])
    #expect(table.rows[1].cells.map(\.text) == ["none", "als", "2", "start", "patience", "0.7000"])
  }

  @Test func itIsPartOfThePage() throws {
    let run = try SampleRun()
    let report = Report(run.run, training: [curve("mine", 3, kept: 1)])
    #expect(report.tables.contains { $0.name == "training" })
    #expect(report.figures.last?.name == "training")
    #expect(
      report.page(pictures: [:], remedy: nil, machine: report.configuration).contains("id=\"training\""))
    #expect(!Report(run.run).tables.contains { $0.name == "training" })
  }
}
