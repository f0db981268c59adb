import FileFormats
import RoutingData

/// The places of the LLMs that a router knows, by name.
package struct CandidateColumns: Sendable {
  private let places: [Name: Int]
  private let count: Int

  /// The LLMs in the router's order; of equal names the first counts.
  package init(_ llms: [String]) {
    places = Dictionary(llms.enumerated().map { (Name($0.element), $0.offset) }) { first, _ in first }
    count = llms.count
  }

  /// The place of an LLM; nil for one that the router does not know.
  package subscript(llm: String) -> Int? { places[Name(llm)] }

  /// The places of some candidates.
  ///
  /// - Throws: `DataError` naming the router and a candidate that it does not know.
  package func places(of candidates: Candidates, router: String) throws(DataError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(candidates.count)
    for llm in candidates.names {
      guard let place = places[Name(llm)] else {
        throw DataError(
          "router '\(router)': unknown LLM '\(llm)', not among the \(count) that it was trained on")
      }
      result.append(place)
    }
    return result
  }
}
