import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// The columns that LLMs' metadata are regressed on: size, instruct or base, and what is not known of them; then one for
/// each family, and one for each generation of a family.
struct MetadataFeatures: Sendable {
  /// Which of the columns have a variance of their own in common.
  enum Kind: CaseIterable, Sendable {
    /// The intercept.
    case intercept
    /// Size and instruct.
    case slope
    /// A family.
    case family
    /// A generation of a family.
    case series
  }

  private static let slopes = 4

  /// The kind of each column.
  let kinds: [Kind]
  private let families: NameIndex
  private let series: NameIndex
  private let meanLogSize: Double
  private let deviation: Double

  /// The columns for some known LLMs.
  init(_ known: [LLMMetadata]) {
    var families = NameIndex()
    var series = NameIndex()
    for llm in known {
      if let family = llm.family { _ = families.number(of: family) }
      if let name = Self.series(of: llm) { _ = series.number(of: name) }
    }
    self.families = families
    self.series = series
    kinds =
      [.intercept] + Array(repeating: .slope, count: Self.slopes)
      + Array(repeating: .family, count: families.names.count)
      + Array(repeating: .series, count: series.names.count)
    let sizes = known.compactMap { $0.size.map { log($0) } }
    let mean = sizes.reduce(0, +) / Double(max(sizes.count, 1))
    let square = sizes.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(sizes.count, 1))
    meanLogSize = mean
    deviation = max(square.squareRoot(), 0.1)
  }

  private static func series(of llm: LLMMetadata) -> String? {
    guard let family = llm.family, let version = llm.version else { return nil }
    return "\(family) \(version)"
  }

  /// Whether a family has a column.
  func knows(family: String) -> Bool { families.contains(family) }

  /// The rows of some LLMs.
  func rows(of llms: [LLMMetadata]) -> Matrix {
    Matrix(
      llms.map { llm in
        var row = [Float](repeating: 0, count: kinds.count)
        let size = llm.size.map { min(max((log($0) - meanLogSize) / deviation, -4), 4) }
        row[0] = 1
        row[1] = Float(size ?? 0)
        row[2] = size == nil ? 1 : 0
        row[3] = llm.isInstruct.map { $0 ? 1 : -1 } ?? 0
        row[4] = llm.isInstruct == nil ? 1 : 0
        if let place = llm.family.flatMap({ families[$0] }) { row[1 + Self.slopes + place] = 1 }
        if let place = Self.series(of: llm).flatMap({ series[$0] }) {
          row[1 + Self.slopes + families.names.count + place] = 1
        }
        return row
      })
  }

  /// Which kinds of group of an LLM have no column: what they add is not known, only how much it may be.
  func unknownGroups(of llm: LLMMetadata) -> [Kind] {
    var result: [Kind] = []
    if llm.family.flatMap({ families[$0] }) == nil { result.append(.family) }
    if Self.series(of: llm).flatMap({ series[$0] }) == nil { result.append(.series) }
    return result
  }
}
