import Metrics

/// How much better one router of a cell is than another, on the same queries and resamples.
public struct RouterDifference: Codable, Equatable, Sendable {
  /// The name of the router that is subtracted from.
  public let first: String
  /// The name of the router that is subtracted.
  public let second: String
  /// First minus second.
  public let difference: PairedDifference

  /// A difference of two routers.
  public init(_ first: String, minus second: String, _ difference: PairedDifference) {
    self.first = first
    self.second = second
    self.difference = difference
  }

  private enum CodingKeys: String, CodingKey { case first, second }

  /// Reads the names and the parts of the difference from one object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    first = try container.decode(String.self, forKey: .first)
    second = try container.decode(String.self, forKey: .second)
    difference = try PairedDifference(from: decoder)
  }

  /// Writes the names and the parts of the difference as one object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(second, forKey: .second)
    try difference.encode(to: encoder)
  }
}
