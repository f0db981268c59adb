import Foundation
import RoutingData

/// A pool that could not be evaluated, and why.
public struct SkippedCell: Codable, Equatable, Sendable {
  /// The benchmark's name.
  public let benchmark: String
  /// The number of candidates asked for.
  public let size: Int
  /// The group asked for.
  public let group: CandidateGroup
  /// What is missing, on one line.
  public let reason: String

  /// A cell that was left out, and why.
  package init(benchmark: String, size: Int, group: CandidateGroup, reason: String) {
    self.benchmark = benchmark
    self.size = size
    self.group = group
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case benchmark
    case size = "m"
    case group, reason
  }
}

/// The results over benchmarks, sizes and groups.
public struct GridResult: Codable, Equatable, Sendable {
  /// The cells evaluated: by benchmark, then size, then group.
  public let cells: [CellResult]
  /// The cells that the data do not allow.
  public let skipped: [SkippedCell]

  /// Results from their parts.
  public init(cells: [CellResult], skipped: [SkippedCell]) {
    self.cells = cells
    self.skipped = skipped
  }

  /// The results as JSON with sorted keys; an undefined metric is null.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
