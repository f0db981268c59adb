import FileFormats
import RoutingData

/// Routers trained on logs as comma-separated values: a header, then a line for each.
///
/// Numbers are written with as many digits as it takes to read the same `Double` back.
enum LearnedTable {
  private static let columns = LogKind.columns + ["log", "method", "mu", "full_mu"]

  static func csv(_ routers: [LearnedRouter]) -> String {
    var text = CSVRow.text(columns)
    for one in routers {
      text += CSVRow.text(one.kind.fields + ["\(one.log)", one.method, "\(one.mu)", "\(one.fullMu)"])
    }
    return text
  }

  /// Reads a table back.
  ///
  /// - Throws: `FileError`, naming the line, for other columns or a field that can't be.
  static func read(_ path: String) throws(FileError) -> [LearnedRouter] {
    var routers: [LearnedRouter] = []
    try LogTableReader.forEachRow(path, columns: columns) { (kind, log, fields, line) throws(FileError) in
      let numbers = try LogTableReader.shares(fields[1...], path, line)
      routers.append(LearnedRouter(kind, log: log, method: fields[0], mu: numbers[0], fullMu: numbers[1]))
    }
    return routers
  }
}

/// Estimates from logs as comma-separated values: a header, then a line for each; no estimate is an empty field.
enum EstimatedTable {
  private static let columns =
    LogKind.columns + ["log", "router", "estimator", "truth", "low", "high", "ess", "estimate"]

  static func csv(_ estimates: [EstimatedRouter]) -> String {
    var text = CSVRow.text(columns)
    for one in estimates {
      text += CSVRow.text(
        one.kind.fields + [
          "\(one.log)", one.router, one.estimator, "\(one.truth)", "\(one.low)", "\(one.high)",
          "\(one.effectiveSampleSize)", one.estimate.map { "\($0)" } ?? "",
        ])
    }
    return text
  }

  /// Reads a table back.
  ///
  /// - Throws: `FileError`, naming the line, for other columns or a field that can't be.
  static func read(_ path: String) throws(FileError) -> [EstimatedRouter] {
    var estimates: [EstimatedRouter] = []
    try LogTableReader.forEachRow(path, columns: columns) { (kind, log, fields, line) throws(FileError) in
      let numbers = try LogTableReader.shares(fields[2...4], path, line)
      // An estimate without clipping may leave [0, 1].
      let estimate = fields[6].isEmpty ? nil : Double(fields[6])
      guard let size = Double(fields[5]), size >= 0, size.isFinite,
        fields[6].isEmpty || estimate?.isFinite == true
      else { throw FileError(path, at: .line(line), "holds an estimate or a sample size that is no number") }
      estimates.append(
        EstimatedRouter(
          kind, log: log, router: fields[0], estimator: fields[1], truth: numbers[0], estimate: estimate,
          low: numbers[1], high: numbers[2], effectiveSampleSize: size))
    }
    return estimates
  }
}

/// What both tables share.
private enum LogTableReader {
  static func forEachRow(
    _ path: String, columns: [String],
    _ body: (_ kind: LogKind, _ log: Int, _ rest: [String], _ line: Int) throws(FileError) -> Void
  ) throws(FileError) {
    let reader = try CSVReader(path: path)
    guard reader.header == columns else {
      throw FileError(
        path, at: .line(1), "is no table of this run; expected \(columns.joined(separator: ","))")
    }
    let start = LogKind.columns.count
    try reader.forEachRow { (fields, line) throws(FileError) in
      // Benchmarks become names of files.
      guard DatasetPaths.isName(fields[0]), let kind = LogKind(fields: fields[..<start]),
        let log = Int(fields[start]), log >= 0
      else { throw FileError(path, at: .line(line), "names no log of a run") }
      try body(kind, log, Array(fields[(start + 1)...]), line)
    }
  }

  static func shares(_ fields: ArraySlice<String>, _ path: String, _ line: Int) throws(FileError) -> [Double]
  {
    var shares: [Double] = []
    for field in fields {
      guard let share = Double(field), share >= 0, share <= 1 else {
        throw FileError(path, at: .line(line), "'\(FileError.excerpt(field))' is not a number in [0, 1]")
      }
      shares.append(share)
    }
    return shares
  }
}
