import Routing
import RoutingData

/// A policy as a model folder keeps it: lists over its pools, and lists over the LLMs of one pool after the other.
extension SpreadPolicy {
  /// What it is made of.
  public var contents: TensorBundle {
    TensorBundle(
      numbers: [
        "sizes": rules.map { Double($0.llms.count) }, "strengths": rules.map(\.rule.strength),
        "units": rules.map(\.rule.unit), "shares": rules.flatMap(\.rule.shares),
      ],
      texts: ["families": rules.map(\.rule.family.rawValue), "llms": rules.flatMap(\.llms)])
  }

  /// Reads what was kept.
  ///
  /// - Throws: `DataError` for parts that are missing, do not fit or hold what can't be.
  public init(contents: TensorBundle) throws(DataError) {
    let families = try contents.texts("families")
    let sizes = try contents.numbers("sizes", count: families.count)
    let strengths = try contents.numbers("strengths", count: families.count)
    let units = try contents.numbers("units", count: families.count)
    let llms = try contents.texts("llms")
    let shares = try contents.numbers("shares", count: llms.count)
    guard shares.allSatisfy({ (0...1).contains($0) }) else {
      throw DataError("a policy's shares are not from 0 to 1")
    }
    var rules: [PoolRule] = []
    var start = 0
    for (pool, text) in families.enumerated() {
      guard let family = SpreadRule.Family(rawValue: text) else {
        throw DataError("a policy's family '\(text)' is not known")
      }
      guard let size = Int(exactly: sizes[pool]), size > 0, size <= llms.count - start else {
        throw DataError("a policy's pools do not fit its LLMs")
      }
      guard strengths[pool] >= 0, strengths[pool].isFinite, units[pool] > 0, units[pool].isFinite else {
        throw DataError("a policy's strength or unit is no positive number")
      }
      rules.append(
        PoolRule(
          llms: Array(llms[start..<start + size]),
          rule: SpreadRule(
            family, strength: strengths[pool], unit: units[pool], shares: Array(shares[start..<start + size]))
        ))
      start += size
    }
    guard start == llms.count else { throw DataError("a policy's pools do not fit its LLMs") }
    self.init(rules)
  }
}
