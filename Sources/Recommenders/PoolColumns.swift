import RoutingData

/// The places of a pool's LLMs by name.
struct PoolColumns: Sendable {
  private let places: [String: Int]

  init(_ llms: [String]) {
    places = Dictionary(llms.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
  }

  /// The places of some LLMs of the pool.
  ///
  /// - Throws: `DataError` naming the router and an LLM that is not in the pool.
  func places(of llms: [String], router: String) throws(DataError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(llms.count)
    for llm in llms {
      guard let place = places[llm] else {
        throw DataError("router '\(router)': unknown LLM '\(llm)', not in the pool that it was made for")
      }
      result.append(place)
    }
    return result
  }
}
