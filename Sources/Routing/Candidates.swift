import FileFormats
import RoutingData

/// The LLMs that a router may choose from, with what anybody may know of them before a query is answered.
public struct Candidates: Sendable {
  /// Their names, m of them.
  public let names: [String]
  /// The mean response of each to the train queries, in [0, 1]; nil where it answered none.
  public let trainMeans: [Double?]
  /// What a query costs with each, at least 0; nil where prices are not known.
  public let costs: [Double]?

  /// Candidates by name; without means, nothing is known of how good they are.
  public init(_ names: [String], trainMeans: [Double?]? = nil, costs: [Double]? = nil) {
    precondition(trainMeans.map { $0.count == names.count } ?? true, "\(names.count) names, other means")
    precondition(costs.map { $0.count == names.count } ?? true, "\(names.count) names, other costs")
    self.names = names
    self.trainMeans = trainMeans ?? Array(repeating: nil, count: names.count)
    self.costs = costs
  }

  /// The number of candidates, m.
  public var count: Int { names.count }

  /// Some of the candidates, by their places, in that order.
  package func selecting(_ places: [Int]) -> Candidates {
    Candidates(
      places.map { names[$0] }, trainMeans: places.map { trainMeans[$0] },
      costs: costs.map { costs in places.map { costs[$0] } })
  }
}
