import FileFormats
import LinearAlgebra
import RoutingData

/// What a trainer sees of a dataset: the train and validation parts of the chosen benchmarks, never the test part.
public struct TrainingData: Sendable {
  /// Responses and embeddings of one part of one benchmark.
  public struct Part: Sendable {
    /// The queries, as rows of the benchmark.
    public let queries: [Int]
    /// Their responses, queries × LLMs of the benchmark.
    public let target: LogisticTarget
    /// Their embeddings, n × d.
    public let embeddings: Matrix
  }

  /// One benchmark.
  public struct Block: Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// The catalogue's index of each of its LLMs.
    public let llms: [Int]
    /// The part to learn from.
    public let train: Part
    /// The part to choose hyper-parameters on.
    public let validation: Part
  }

  /// The names of all LLMs of the dataset.
  public let llmNames: [String]
  /// The benchmarks, at least one.
  public let blocks: [Block]
  /// The encoder of the embeddings.
  public let encoder: String
  /// The hash of the dataset; nil for one that is not in a folder.
  public let datasetHash: String?

  /// Gathers the parts of some benchmarks (all where none is named).
  ///
  /// - Throws: `DataError` for an unknown benchmark or encoder, an empty train part, or embeddings of
  ///   different lengths; `FileError` for embeddings that can't be read or are not finite.
  public init(_ dataset: Dataset, benchmarks names: [String] = [], encoder wanted: String? = nil) throws {
    let chosen = try dataset.benchmarks(named: names)
    let encoder = try dataset.encoder(wanted, for: chosen)
    var blocks: [Block] = []
    for benchmark in chosen {
      let embeddings = try benchmark.embeddings(encoder: encoder)
      if let first = blocks.first, first.train.embeddings.columns != embeddings.columns {
        throw DataError(
          "embeddings of '\(first.benchmark)' have \(first.train.embeddings.columns) dimensions, "
            + "those of '\(benchmark.name)' \(embeddings.columns)")
      }
      func part(_ part: SplitPart) -> Part {
        let queries = benchmark.split.queries(in: part)
        return Part(
          queries: queries, target: benchmark.responses.selecting(queries: queries).target,
          embeddings: embeddings.selecting(rows: queries))
      }
      let train = part(.train)
      guard !train.queries.isEmpty else {
        throw DataError("benchmark '\(benchmark.name)' has no train queries")
      }
      blocks.append(
        Block(benchmark: benchmark.name, llms: benchmark.llms, train: train, validation: part(.validation)))
    }
    guard !blocks.isEmpty else { throw DataError("the dataset has no benchmark to train on") }
    self.blocks = blocks
    self.encoder = encoder
    llmNames = dataset.catalog.names
    datasetHash = dataset.hash
  }

  /// The number of train queries.
  public var trainQueryCount: Int { blocks.reduce(0) { $0 + $1.train.queries.count } }

  /// The number of observed responses to train queries.
  public var trainResponseCount: Int { blocks.reduce(0) { $0 + $1.train.target.observedCount } }
}
