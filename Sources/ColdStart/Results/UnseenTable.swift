import FileFormats

/// Predictions of unseen queries as comma-separated values: a header, then a line for each fold, method and number of labels.
///
/// V_B has a column for each size of pools, empty where there is no such pool.
enum UnseenTable {
  private static let columns =
    ["fold", "method", "labels", "queries", "log_loss"] + PredictionQuality.sizes.map { "v_b_\($0)" }
  private static let methods = Set(
    UnseenQueries.Method.allCases.map(\.rawValue) + [UnseenResult.shift, UnseenResult.local])

  /// The table of some results; every line ends with a line feed.
  static func csv(_ results: [UnseenResult]) -> String {
    results.reduce(into: CSVRow.text(columns)) { text, row in
      text += CSVRow.text(
        [row.fold, row.method, "\(row.labels)", "\(row.queries)", "\(row.quality.logLoss)"]
          + PredictionQuality.sizes.map { size in row.quality.ratios[size].map { "\($0)" } ?? "" })
    }
  }

  /// Reads a table back.
  ///
  /// - Throws: `FileError`, naming the line, for other columns, a method that there is not, or a number that is none.
  static func read(_ path: String) throws(FileError) -> [UnseenResult] {
    var results: [UnseenResult] = []
    try ResultFields.forEach(path, columns: columns, of: "unseen queries") { (row) throws(FileError) in
      guard methods.contains(row[1]) else {
        throw FileError(path, at: .line(row.line), "method '\(FileError.excerpt(row[1]))' is not known")
      }
      guard let loss = try row.number(4) else {
        throw FileError(path, at: .line(row.line), "log_loss is empty")
      }
      var ratios: [Int: Double] = [:]
      for (place, size) in PredictionQuality.sizes.enumerated() { ratios[size] = try row.number(5 + place) }
      results.append(
        UnseenResult(
          fold: row[0], method: row[1], labels: try row.count(2, of: "labels"),
          queries: try row.count(3, of: "queries"), quality: PredictionQuality(logLoss: loss, ratios: ratios))
      )
    }
    return results
  }

  /// The means over folds, a line for each method and number of labels.
  static func summary(_ summaries: [UnseenSummary]) -> String {
    let header =
      ["method", "labels", "folds", "log_loss", "log_loss_se"]
      + PredictionQuality.sizes.flatMap { ["v_b_\($0)", "v_b_\($0)_se"] }
    func fields(_ mean: RoutingSummary.Mean?) -> [String] {
      [mean.map { "\($0.value)" } ?? "", mean?.standardError.map { "\($0)" } ?? ""]
    }
    return summaries.reduce(into: CSVRow.text(header)) { text, row in
      text += CSVRow.text(
        [row.method, "\(row.labels)", "\(row.folds)"] + fields(row.logLoss)
          + PredictionQuality.sizes.flatMap { fields(row.ratios[$0]) })
    }
  }
}
