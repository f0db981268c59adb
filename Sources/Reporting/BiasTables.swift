import Evaluation
import Metrics
import RoutingData

/// The run in the layout of the paper's Table 3: E_p by group, for every benchmark.
struct BiasTables {
  let run: FinishedRun
  let paper: PaperFigures?
  let origin: DataOrigin

  private static let benchmarksPerTable = 4

  /// A table for each lot of benchmarks.
  func tables() -> [ReportTable] {
    let lots = RunOutline(run.cells).lots(of: Self.benchmarksPerTable)
    return lots.enumerated().map { index, benchmarks in
      table(
        benchmarks, name: lots.count == 1 ? "table_3" : "table_3_part_\(index + 1)",
        title: "Table 3 of the paper, E_p by group: \(benchmarks.joined(separator: ", "))")
    }
  }

  private func table(_ benchmarks: [String], name: String, title: String) -> ReportTable {
    let outline = RunOutline(run.cells)
    let places = benchmarks.flatMap { benchmark in outline.groups.map { (benchmark, $0) } }
    var rows: [ReportTable.Row] = []
    var isQuoting = false
    for size in outline.sizes {
      var isFirst = true
      for router in outline.routers {
        let biases = places.map { benchmark, group in
          run.cells.first { $0.belongs(to: benchmark) && $0.size == size && $0.group == group }?.router(
            named: router)?[.classificationBias]?.value
        }
        guard biases.contains(where: { $0 != nil }) else { continue }
        let start = [ReportTable.Cell("\(size)"), ReportTable.Cell(router)]
        rows.append(
          ReportTable.Row(
            start + ["here"] + biases.map { NumberText.cell($0, 2) }, startsSection: isFirst))
        isFirst = false
        let printed = zip(places, biases).map { place, bias in
          bias == nil
            ? nil
            : paper?.bias(place.0, size: size, group: place.1, router: PaperRouter.name(of: router))
        }
        guard printed.contains(where: { $0 != nil }) else { continue }
        isQuoting = true
        rows.append(
          ReportTable.Row(start + ["paper"] + printed.map { NumberText.cell($0, 2) }, isQuoted: true))
      }
    }
    return ReportTable(
      name: name, title: title,
      columns: [.number("m"), .text("router"), .text("from")]
        + places.map { .number($0.1.words, in: $0.0) },
      rows: rows,
      notes: [
        "Bits; from 0 (always the same LLM) to log2 m (every LLM alike). Intervals are in the tables by pool."
      ]
        + [ThinCells.note(run.cells.filter { cell in benchmarks.contains { cell.belongs(to: $0) } })]
        .compactMap { $0 }
        + (isQuoting ? ["Rows from the paper are as it prints them. " + origin.caveat] : []))
  }
}
