/// How the candidates of a pool relate to each other in accuracy (RouterEval §3).
public enum CandidateGroup: String, CaseIterable, Codable, Sendable {
  /// The best complementary window among the strongest LLMs.
  case allStrong = "all_strong"
  /// The best complementary window among the weakest LLMs.
  case allWeak = "all_weak"
  /// One LLM from each accuracy stratum.
  case strongToWeak = "strong_to_weak"

  /// The groups of a list of names, or all for `all` alone.
  ///
  /// - Throws: `DataError` for another name, or one that stands twice; to be read after what holds the list.
  public static func list(_ names: [String]) throws(DataError) -> [CandidateGroup] {
    guard names != ["all"] else { return allCases }
    var groups: [CandidateGroup] = []
    for name in names {
      guard let group = CandidateGroup(rawValue: name) else {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw DataError("needs all or some of \(known), not '\(name)'")
      }
      guard !groups.contains(group) else { throw DataError("names '\(name)' twice") }
      groups.append(group)
    }
    return groups
  }
}

/// The LLMs that a router may choose from.
public struct CandidatePool: Equatable, Sendable {
  /// The group the candidates form.
  public let group: CandidateGroup
  /// The candidates in ascending accuracy, as columns of the benchmark's response matrix.
  public let llms: [Int]

  /// The number of candidates, m.
  public var size: Int { llms.count }

  /// A pool from columns of the benchmark's response matrix.
  public init(group: CandidateGroup, llms: [Int]) {
    self.group = group
    self.llms = llms
  }
}
