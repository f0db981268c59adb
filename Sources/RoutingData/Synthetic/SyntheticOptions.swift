/// The size and seed of a synthetic dataset.
public struct SyntheticOptions: Equatable, Sendable {
  /// A size that has a name.
  public enum Preset: String, CaseIterable, Sendable {
    /// 200 LLMs × 6,000 queries: made in a second, the data set that is always there.
    case sample
    /// 8,500 LLMs × 24,000 queries: 204 million responses, RouterEval's order of magnitude.
    case full
  }

  /// The number of LLMs.
  public var llms: Int
  /// The number of queries of all benchmarks together, shared out like RouterEval's.
  public var queries: Int
  /// The number of latent traits of the response model, the general ability included.
  public var traits: Int
  /// The length of a query embedding.
  public var dimensions: Int
  /// The share of responses that are missing, at random, in [0, 1).
  public var missingShare: Float
  /// The seed of everything.
  public var seed: UInt64

  /// The options of a preset.
  public init(_ preset: Preset, seed: UInt64 = 0) {
    switch preset {
    case .sample: (llms, queries, dimensions) = (200, 6_000, 64)
    case .full: (llms, queries, dimensions) = (8_500, 24_000, 384)
    }
    traits = 8
    missingShare = 0
    self.seed = seed
  }
}
