import FileFormats

/// What a query costs with each LLM, from a CSV file with columns `llm` and `cost`; at least 0, in any unit.
package struct CostTable: Sendable {
  private let path: String
  private let costs: [Name: Double]

  /// Reads a file.
  ///
  /// - Throws: `FileError`, with the line, for a cost that is missing or none (`Cost`), or an LLM with two.
  package init(path: String) throws(FileError) {
    self.path = path
    let reader = try CSVReader(path: path)
    let (name, cost) = (try reader.column("llm"), try reader.column("cost"))
    var known: [Name: Double] = [:]
    try reader.forEachRow { (fields, line) throws(FileError) in
      guard let value = Double(fields[cost]), Cost.holds(value) else {
        throw FileError(
          path, at: .line(line), "cost '\(FileError.excerpt(fields[cost]))' is not \(Cost.expectation)")
      }
      guard known.updateValue(value, forKey: Name(fields[name])) == nil else {
        throw FileError(
          path, at: .line(line), "LLM '\(FileError.excerpt(fields[name]))' has a cost on an earlier line")
      }
    }
    costs = known
  }

  /// The costs of some LLMs.
  ///
  /// - Throws: `FileError` naming one without a cost.
  package func costs(of llms: [String]) throws(FileError) -> [Double] {
    try llms.map { llm throws(FileError) in
      guard let cost = costs[Name(llm)] else { throw FileError(path, "has no cost of LLM '\(llm)'") }
      return cost
    }
  }
}
