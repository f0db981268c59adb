import Evaluation
import RoutingData

/// Everything that decides the results of predicting held-out queries, so that two runs with equal configurations are one
/// run.
public struct UnseenConfiguration: RunIdentity, Equatable, Sendable {
  /// The version of the program.
  public let version: String
  /// The SHA-256 that names the dataset's content.
  public let datasetHash: String?
  /// The benchmarks, in order; together they are one experiment.
  public let benchmarks: [String]
  /// What is held out.
  public let holdOut: HoldOut
  /// The encoder of the queries' embeddings.
  public let encoder: String
  /// The numbers of labelled queries, ascending.
  public let labels: [Int]
  /// The number of abilities of an LLM.
  public let factors: Int
  /// The LLMs at most.
  public let llms: Int
  /// The seed of all that is by lot.
  public let seed: UInt64

  /// A configuration from its parts; a number of labels that is named twice counts once.
  public init(
    version: String, datasetHash: String?, benchmarks: [String], holdOut: HoldOut, encoder: String,
    labels: [Int], factors: Int, llms: Int, seed: UInt64
  ) {
    precondition(!holdOut.isOfLLMs, "an experiment on LLMs")
    self.version = version
    self.datasetHash = datasetHash
    self.benchmarks = benchmarks
    self.holdOut = holdOut
    self.encoder = encoder
    self.labels = Set(labels).sorted()
    self.factors = factors
    self.llms = llms
    self.seed = seed
  }

  private enum CodingKeys: String, CodingKey {
    case version
    case datasetHash = "dataset_sha256"
    case benchmarks
    case holdOut = "hold_out"
    case encoder, labels, factors, llms, seed
  }

  /// Reads what `rs-coldstart evaluate` wrote.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let held = try values.decodeIfPresent(HoldOut.self, forKey: .holdOut)
    guard let held, !held.isOfLLMs else {
      throw DecodingError.dataCorruptedError(
        forKey: .holdOut, in: values,
        debugDescription: (held.map { "is '\($0.rawValue)'" } ?? "is missing")
          + ": the folder holds no run of rs-coldstart evaluate on unseen queries; choose another")
    }
    holdOut = held
    version = try values.decode(String.self, forKey: .version)
    datasetHash = try values.decodeIfPresent(String.self, forKey: .datasetHash)
    benchmarks = try values.decode([String].self, forKey: .benchmarks)
    encoder = try values.decode(String.self, forKey: .encoder)
    labels = try values.decode([Int].self, forKey: .labels)
    factors = try values.decode(Int.self, forKey: .factors)
    llms = try values.decode(Int.self, forKey: .llms)
    seed = try values.decode(UInt64.self, forKey: .seed)
  }

  package func differences(from other: UnseenConfiguration) -> [String] {
    let pairs: [(String, Bool)] = [
      ("version", version == other.version), ("dataset_sha256", datasetHash == other.datasetHash),
      ("benchmarks", benchmarks == other.benchmarks), ("hold_out", holdOut == other.holdOut),
      ("encoder", encoder == other.encoder), ("labels", labels == other.labels),
      ("factors", factors == other.factors), ("llms", llms == other.llms), ("seed", seed == other.seed),
    ]
    return pairs.filter { !$0.1 }.map(\.0).sorted()
  }
}
