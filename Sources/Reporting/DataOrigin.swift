import Evaluation

/// Where the data of a run come from, as far as the report was told.
public struct DataOrigin: Equatable, Sendable {
  /// What the dataset names as its sources; nil where the report was not given the dataset.
  public let sources: [String]?

  /// The RouterEval project's data set, as a source names it.
  static let publishedName = "linggm/RouterEval"

  /// The origin with the dataset's sources, if they are known.
  public init(sources: [String]?) { self.sources = sources }

  /// Whether the dataset names RouterEval's published data set as its source.
  var isPublished: Bool { sources?.contains { $0.contains(Self.publishedName) } ?? false }

  /// What to think of the paper's figures beside those of this run.
  var caveat: String {
    isPublished
      ? "The dataset names RouterEval's published files as its source."
      : "The run is not known to use the paper's data (other LLMs, queries, pools or embeddings may be behind "
        + "the same name), so the two can't be compared number by number."
  }
}
