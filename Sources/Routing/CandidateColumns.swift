import FileFormats
import RoutingData

/// The places of the LLMs that a router knows, by name.
package struct CandidateColumns: Sendable {
  private let names: NameIndex

  /// The LLMs in the router's order, each once.
  package init(_ llms: [String]) { names = NameIndex(llms) }

  /// The place of an LLM; nil for one that the router does not know.
  package subscript(llm: String) -> Int? { names[llm] }

  /// The places of some candidates.
  ///
  /// - Throws: `DataError` naming the router and a candidate that it does not know.
  package func places(of candidates: Candidates, router: String) throws(DataError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(candidates.count)
    for llm in candidates.names {
      guard let place = names[llm] else {
        throw DataError(
          "router '\(router)': unknown LLM '\(llm)', not among the \(names.count) that it was trained on")
      }
      result.append(place)
    }
    return result
  }
}
