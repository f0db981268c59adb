import FileFormats

/// What answers cost, and where one knows it from.
public enum ResponseCosts: Sendable {
  /// Every answer of an LLM costs the same: a number of at least 0 by place in the catalogue, where it is known.
  case byLLM([Int: Double])
  /// Each answer has a cost of its own, which the dataset knows.
  case byResponse

  /// The word of a user for the dataset's own costs.
  package static let ownWord = "responses"

  /// The costs of some LLMs, given by their places in the catalogue.
  ///
  /// `source` is `responses`, a column of `llms.csv`, or else a CSV file with columns `llm` and `cost`.
  ///
  /// - Throws: as `LLMCosts.read`.
  package static func read(_ source: String, of llms: Set<Int>, in catalog: LLMCatalog) throws
    -> ResponseCosts
  {
    guard source != ownWord else { return .byResponse }
    let places = llms.sorted()
    let costs = try LLMCosts.read(source, of: places, in: catalog)
    return .byLLM(Dictionary(uniqueKeysWithValues: zip(places, costs)))
  }

  /// The SHA-256 of the costs by place in the catalogue, or of those of some benchmarks' answers.
  package func fingerprint(of benchmarks: [Benchmark]) throws -> String {
    let lines =
      switch self {
      case .byLLM(let costs): costs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
      case .byResponse:
        try benchmarks.compactMap(\.costs).map { try SHA256.hexDigest(of: NDArray(matrix: $0).bytes) }
      }
    return try SHA256.hexDigest(of: ByteRegion(Array(lines.joined().utf8)))
  }
}
