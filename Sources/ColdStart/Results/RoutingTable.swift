import FileFormats

/// What pools with held-out LLMs reach, as comma-separated values: a header, then a line for each pool and number of
/// answers.
enum RoutingTable {
  private static let columns = [
    "benchmark", "fold", "llm", "pool_size", "pool", "answers", "mu_without", "mu_with", "mu_full",
    "mu_best_single", "test_best_without", "test_best_with",
  ]

  /// The table of some pools; every line ends with a line feed.
  static func csv(_ routed: [RoutedLLM]) -> String {
    routed.reduce(into: CSVRow.text(columns)) { text, row in
      let numbers = [row.without, row.with, row.full, row.single, row.bestWithout, row.bestWith]
      text += CSVRow.text(
        [row.benchmark, row.fold, row.llm, "\(row.size)", "\(row.pool)", "\(row.answers)"]
          + numbers.map { "\($0)" })
    }
  }

  /// Reads a table back.
  ///
  /// - Throws: `FileError`, naming the line, for other columns, or a number that is not in its range.
  static func read(_ path: String) throws(FileError) -> [RoutedLLM] {
    var routed: [RoutedLLM] = []
    try ResultFields.forEach(path, columns: columns, of: "routed pools") { (row) throws(FileError) in
      routed.append(
        RoutedLLM(
          benchmark: try row.benchmark(0), fold: row[1], llm: row[2], size: try row.count(3, of: "LLMs"),
          pool: try row.count(4, of: "a pool"), answers: try row.count(5, of: "answers"),
          without: try row.share(6), with: try row.share(7), full: try row.share(8),
          single: try row.share(9), bestWithout: try row.share(10), bestWith: try row.share(11)))
    }
    return routed
  }
}
