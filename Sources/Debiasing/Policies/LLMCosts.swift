import FileFormats
import RoutingData

/// What a query costs with each LLM, from the catalogue or from a file.
package enum LLMCosts {
  /// The costs of some LLMs, given by their places in the catalogue, at least 0 in any unit.
  ///
  /// `source` is a column of `llms.csv`, or else a CSV file with columns `llm` and `cost`.
  ///
  /// - Throws: `DataError` or `FileError` naming the LLM without a cost that is a number from 0 on.
  package static func read(_ source: String, of llms: [Int], in catalog: LLMCatalog) throws -> [Double] {
    if let field = catalog.fields.firstIndex(where: { Name($0) == Name(source) }) {
      return try llms.map { llm throws(DataError) in
        let text = catalog.metadata[llm][field]
        guard let cost = Double(text), cost >= 0, cost.isFinite else {
          throw DataError(
            "column '\(source)' of llms.csv says '\(FileError.excerpt(text))' of LLM '\(catalog.names[llm])', "
              + "expected a cost from 0 on")
        }
        return cost
      }
    }
    let reader: CSVReader
    do { reader = try CSVReader(path: source) } catch {
      throw FileError(
        source,
        "is no column of llms.csv"
          + (catalog.fields.isEmpty ? "" : " (\(catalog.fields.joined(separator: ", ")))")
          + ", and no file of costs: \(error.reason)")
    }
    let (name, cost) = (try reader.column("llm"), try reader.column("cost"))
    var known: [Name: Double] = [:]
    try reader.forEachRow { (fields, line) throws(FileError) in
      guard let value = Double(fields[cost]), value >= 0, value.isFinite else {
        throw FileError(
          source, at: .line(line), "cost '\(FileError.excerpt(fields[cost]))' is not a number from 0 on")
      }
      guard known.updateValue(value, forKey: Name(fields[name])) == nil else {
        throw FileError(
          source, at: .line(line), "LLM '\(FileError.excerpt(fields[name]))' has a cost on an earlier line")
      }
    }
    return try llms.map { llm throws(FileError) in
      guard let cost = known[Name(catalog.names[llm])] else {
        throw FileError(source, "has no cost of LLM '\(catalog.names[llm])'")
      }
      return cost
    }
  }
}
