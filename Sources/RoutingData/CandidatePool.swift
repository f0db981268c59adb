import FileFormats

/// How the candidates of a pool relate to each other in accuracy (RouterEval §3), or the name of a pool of a user's own.
public enum CandidateGroup: Hashable, CaseIterable, Sendable {
  /// The best complementary window among the strongest LLMs.
  case allStrong
  /// The best complementary window among the weakest LLMs.
  case allWeak
  /// One LLM from each accuracy stratum.
  case strongToWeak
  /// The LLMs that a user named, see `OwnPool`.
  case own(Name)

  /// RouterEval's groups.
  public static let allCases: [CandidateGroup] = [.allStrong, .allWeak, .strongToWeak]

  /// The groups of a list of names, all for `all` alone, or none for `none` alone.
  ///
  /// - Throws: `DataError` for another name, or one that stands twice; to be read after what holds the list.
  public static func list(_ names: [String]) throws(DataError) -> [CandidateGroup] {
    guard names != ["all"] else { return allCases }
    guard names != ["none"] else { return [] }
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

extension CandidateGroup: RawRepresentable, Codable {
  /// The one of RouterEval's groups with a name; nil for any other name.
  public init?(rawValue: String) {
    guard let group = Self.allCases.first(where: { Name($0.rawValue) == Name(rawValue) }) else { return nil }
    self = group
  }

  /// The name in files and options.
  public var rawValue: String {
    switch self {
    case .allStrong: "all_strong"
    case .allWeak: "all_weak"
    case .strongToWeak: "strong_to_weak"
    case .own(let name): name.text
    }
  }

  /// Equal bytes are equal names.
  public static func == (left: CandidateGroup, right: CandidateGroup) -> Bool {
    Name(left.rawValue) == Name(right.rawValue)
  }

  /// By the bytes of the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(Name(rawValue)) }

  /// Reads a name: a group's, else that of a pool of a user's own.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    self = CandidateGroup(rawValue: name) ?? .own(Name(name))
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
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
