import Evaluation

/// The run in the layout of the paper's Tables 1 and 2: μ, V_R, V_B and E_p by benchmark and router, means
/// over the groups, with the paper's own figures below ours where it prints some.
struct PaperTables {
  let run: FinishedRun
  let paper: PaperFigures?
  let origin: DataOrigin

  private static let benchmarksPerTable = 4

  /// The tables for the paper's numbers of candidates; none where the run has none of them.
  func tables() -> [ReportTable] {
    tables(
      RunOutline(run.cells).paperSizes, name: "tables_1_2", title: "Tables 1 and 2 of the paper, m = 3 and 5")
  }

  /// The same for the other numbers of candidates.
  func otherTables() -> [ReportTable] {
    let outline = RunOutline(run.cells)
    let sizes = outline.sizes.filter { !outline.paperSizes.contains($0) }
    return tables(sizes, name: "other_sizes", title: "Other numbers of candidates")
  }

  private func tables(_ sizes: [Int], name: String, title: String) -> [ReportTable] {
    guard !sizes.isEmpty else { return [] }
    let lots = RunOutline(run.cells).lots(of: Self.benchmarksPerTable)
    return lots.enumerated().map { index, benchmarks in
      table(
        sizes, benchmarks, name: lots.count == 1 ? name : "\(name)_part_\(index + 1)",
        title: "\(title): \(benchmarks.joined(separator: ", "))")
    }
  }

  private func table(_ sizes: [Int], _ benchmarks: [String], name: String, title: String) -> ReportTable {
    var rows: [ReportTable.Row] = []
    var isQuoting = false
    for size in sizes {
      var isFirst = true
      for router in RunOutline(run.cells).routers {
        let means = benchmarks.map { GroupMean(router, benchmark: $0, size: size, in: run.cells) }
        guard means.contains(where: { $0 != nil }) else { continue }
        let start = [ReportTable.Cell("\(size)"), ReportTable.Cell(router)]
        rows.append(
          ReportTable.Row(start + ["here"] + means.flatMap(Self.cells), startsSection: isFirst))
        isFirst = false
        let printed = zip(benchmarks, means).map { benchmark, mean in
          mean == nil
            ? nil : paper?.means(benchmark, size: size, router: PaperRouter.name(of: router))
        }
        guard printed.contains(where: { $0 != nil }) else { continue }
        isQuoting = true
        rows.append(ReportTable.Row(start + ["paper"] + printed.flatMap(Self.cells), isQuoted: true))
      }
    }
    let metrics = ["μ", "V_R", "V_B", "E_p"]
    return ReportTable(
      name: name, title: title,
      columns: [.number("m"), .text("router"), .text("from")]
        + benchmarks.flatMap { benchmark in metrics.map { .number($0, in: benchmark) } },
      rows: rows, notes: notes(sizes, benchmarks, isQuoting: isQuoting))
  }

  private func notes(_ sizes: [Int], _ benchmarks: [String], isQuoting: Bool) -> [String] {
    var notes = [
      "Each figure is the mean over the groups. Such a mean has no interval here, because the groups share "
        + "their queries; the tables by pool have one for every value. "
        + "– is not defined: V_R without a reference LLM, V_B where every candidate's mean is 0."
    ]
    let outline = RunOutline(run.cells)
    let partial = sizes.flatMap { size in
      benchmarks.compactMap { benchmark -> String? in
        let count = run.cells.count { $0.belongs(to: benchmark) && $0.size == size }
        return count > 0 && count < outline.groups.count
          ? "\(benchmark), m = \(size): \(count)" : nil
      }
    }
    if !partial.isEmpty {
      notes.append(
        "Means over fewer than \(outline.groups.count) groups: \(partial.joined(separator: "; ")).")
    }
    if isQuoting { notes.append("Rows from the paper are as it prints them. " + origin.caveat) }
    return notes
  }

  private static func cells(_ mean: GroupMean?) -> [ReportTable.Cell] {
    [
      NumberText.cell(mean?.mu, 3), NumberText.cell(mean?.referenceValue, 3),
      NumberText.cell(mean?.bestSingleModelValue, 3), NumberText.cell(mean?.classificationBias, 2),
    ]
  }

  private static func cells(_ means: PaperFigures.Means?) -> [ReportTable.Cell] {
    [means?.mu, means?.referenceValue, means?.bestSingleModelValue, means?.classificationBias].map {
      NumberText.cell($0, 2)
    }
  }
}

/// The names that the paper's figures know routers by.
enum PaperRouter {
  /// The paper's name of one of our routers: how it is trained or
  /// where its file is does not count.
  static func name(of router: String) -> String {
    switch router {
    case "mix:0": return "random"
    case "mix:1": return "oracle"
    default:
      return router.hasSuffix(":paper") ? String(router.dropLast(6)) : router
    }
  }
}
