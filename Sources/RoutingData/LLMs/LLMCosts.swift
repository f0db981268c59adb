import FileFormats

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
        guard let cost = Double(text), Cost.holds(cost) else {
          throw DataError(
            "column '\(source)' of llms.csv says '\(FileError.excerpt(text))' of LLM '\(catalog.names[llm])', "
              + "expected a cost: \(Cost.expectation)")
        }
        return cost
      }
    }
    let table: CostTable
    do { table = try CostTable(path: source) } catch {
      // A table that is one, but a wrong one, has said what is wrong with it.
      if case .line = error.place { throw error }
      throw FileError(
        source,
        "is no column of llms.csv"
          + (catalog.fields.isEmpty ? "" : " (\(catalog.fields.joined(separator: ", ")))")
          + ", and no file of costs: \(error.reason)")
    }
    return try table.costs(of: llms.map { catalog.names[$0] })
  }
}
