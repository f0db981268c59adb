import RoutingData

/// The part of a split that routers are measured on.
///
/// Never train: what a router does with queries it learned from says nothing about new ones.
public enum MeasuredPart: String, CaseIterable, Codable, Sendable {
  /// Where a user chooses among models and settings, as often as it takes.
  case validation
  /// Where the chosen one is measured, once.
  case test

  /// The same as a part of a split.
  public var part: SplitPart {
    switch self {
    case .validation: return .validation
    case .test: return .test
    }
  }
}
