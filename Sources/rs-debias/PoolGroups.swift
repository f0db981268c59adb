import CommandLineKit
import RoutingData

/// The groups of pools that an option names.
enum PoolGroups {
  /// `all`, or some of the groups, each once.
  static func read(_ names: [String]) throws(UsageError) -> [CandidateGroup] {
    guard names != ["all"] else { return CandidateGroup.allCases }
    var chosen: [CandidateGroup] = []
    for name in names {
      guard let group = CandidateGroup(rawValue: name), !chosen.contains(group) else {
        let known = CandidateGroup.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("option '--groups' needs all or some of \(known), each once, not '\(name)'")
      }
      chosen.append(group)
    }
    return chosen
  }
}
