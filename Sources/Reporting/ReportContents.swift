import FileFormats

/// What a report folder is filled with: tables, figures, and the page that gathers them.
///
/// One of the tables is called `summary`.
public protocol ReportContents: Sendable {
  /// Every table, in the order of the page.
  var tables: [ReportTable] { get }
  /// Every figure, in the order of the page.
  var figures: [Figure] { get }

  /// The page.
  ///
  /// - Parameters:
  ///   - pictures: the SVG text of each figure that was drawn, by the figure's name.
  ///   - remedy: what is said where pictures are missing; nil where none is.
  ///   - machine: facts of the machine.
  func page(pictures: [Name: String], remedy: String?, machine: ReportTable) -> String
}
