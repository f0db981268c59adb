import FileFormats
import Foundation

/// Where a report goes: the page and the folder of its tables and figures.
///
/// For `--output DIR` everything is in the folder and the page is `report.html` there; for a path that ends
/// in `.html` the page is that file and the folder `NAME_files` stands beside it.
public struct ReportFolder: Sendable {
  /// What was written.
  public struct Written: Encodable, Sendable {
    /// The page's path.
    public let page: String
    /// The folder's path.
    public let folder: String
    /// The names of the tables.
    public let tables: [String]
    /// The names of the figures.
    public let figures: [String]
    /// Why a figure has no picture, one line each.
    public let failures: [String]
  }

  private let page: String
  private let folder: String
  private let isPageInside: Bool
  private let replacing: Bool
  /// Keeps other processes out.
  private let lock: FileLock

  /// What every report has, so that nothing else is ever replaced.
  private static let marker = "tables/summary.csv"
  /// What stands in a folder whose page is not there yet.
  private static let unfinished = ".unfinished"

  /// A place for a report.
  ///
  /// A folder without its page, as an interrupted run leaves it, is no report and always replaced.
  ///
  /// - Parameter replacing: whether a report that is there is replaced.
  /// - Throws: `FileError` if the page or the folder is there and may not be replaced, or another process is
  ///   writing it.
  public init(_ output: String, replacing: Bool) throws(FileError) {
    isPageInside = !output.hasSuffix(".html")
    folder = isPageInside ? output : String(output.dropLast(5)) + "_files"
    page = isPageInside ? "\(output)/report.html" : output
    lock = try FileLock(output: output, companions: isPageInside ? [] : [folder])
    let (files, mark) = (FileManager.default, "\(folder)/\(Self.unfinished)")
    if files.fileExists(atPath: page) { try? files.removeItem(atPath: mark) }
    self.replacing = replacing || files.fileExists(atPath: mark)
    try AtomicFolder.check(folder, replacing: self.replacing, marker: Self.marker)
    if !isPageInside { try AtomicFile.check(page, replacing: replacing) }
  }

  /// Writes the tables, the figures with their data and scripts, and the page.
  ///
  /// A figure that can't be drawn is left out of the page; its data and script are written all the same.
  ///
  /// - Parameters:
  ///   - gnuplot: draws the figures; nil where there is none.
  ///   - onFigure: hears how many figures are drawn.
  /// - Throws: `FileError` for what can't be written; nothing half-written stays.
  public func write(
    _ report: some ReportContents, gnuplot: Gnuplot?, onFigure: (_ done: Int) -> Void = { _ in }
  ) throws -> Written {
    var html = ""
    var failures: [String] = []
    try AtomicFolder.write(to: folder, replacing: replacing, marker: Self.marker) { staging in
      let (tables, figures) = ("\(staging)/tables", "\(staging)/figures")
      for path in [tables, figures] { try FolderCreation.make(path, withParents: false) }
      for table in report.tables {
        try AtomicFile.write(table.csv, to: "\(tables)/\(table.name).csv")
        try AtomicFile.write(table.markdown, to: "\(tables)/\(table.name).md")
        try AtomicFile.write(table.latex, to: "\(tables)/\(table.name).tex")
      }
      try AtomicFile.write(PlotStyle.script, to: "\(figures)/\(PlotStyle.fileName)")
      var pictures: [Name: String] = [:]
      for (index, figure) in report.figures.enumerated() {
        try AtomicFile.write(figure.data, to: "\(figures)/\(figure.name).tsv")
        try AtomicFile.write(figure.script, to: "\(figures)/\(figure.name).gp")
        guard let gnuplot else { continue }
        if let reason = gnuplot.draw(figure, in: figures) {
          failures.append("gnuplot did not draw \(figure.name): \(reason)")
        } else {
          let file = try ByteRegion(mapping: "\(figures)/\(figure.name).svg")
          pictures[Name(figure.name)] = String(decoding: file.array, as: UTF8.self)
        }
        onFigure(index + 1)
      }
      html = report.page(
        pictures: pictures, remedy: gnuplot == nil ? Gnuplot.remedy : failures.first,
        machine: RunFacts.machine())
      try isPageInside
        ? AtomicFile.write(html, to: "\(staging)/report.html")
        : AtomicFile.write("", to: "\(staging)/\(Self.unfinished)")
    }
    if !isPageInside {
      let files = FileManager.default
      do {
        try AtomicFile.write(html, to: page)
      } catch {
        if !files.fileExists(atPath: page) { try? files.removeItem(atPath: folder) }
        throw error
      }
      try? files.removeItem(atPath: "\(folder)/\(Self.unfinished)")
    }
    return Written(
      page: page, folder: folder, tables: report.tables.map(\.name), figures: report.figures.map(\.name),
      failures: failures)
  }
}
