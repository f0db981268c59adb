import Evaluation
import RoutingData

/// Everything that decides the results of placing held-out LLMs, so that two runs with equal configurations are one run.
public struct PlacementConfiguration: RunIdentity, Equatable, Sendable {
  /// The version of the program.
  public let version: String
  /// The SHA-256 that names the dataset's content.
  public let datasetHash: String?
  /// The benchmarks, in order; each is an experiment of its own.
  public let benchmarks: [String]
  /// What the model never sees.
  public let holdOut: HoldOut
  /// The numbers of answers of a new LLM, ascending.
  public let answers: [Int]
  /// How anchors are chosen.
  public let anchors: [String]
  /// The number of abilities of an LLM.
  public let factors: Int
  /// The LLMs that are placed at most on each benchmark.
  public let llms: Int
  /// The seed of all that is by lot.
  public let seed: UInt64
  /// The encoder that each benchmark is routed by; nil where nothing is routed.
  public let routing: [String]?

  /// A configuration from its parts; what is named twice counts once.
  public init(
    version: String, datasetHash: String?, benchmarks: [String], holdOut: HoldOut, answers: [Int],
    policies: [AnchorPolicy], factors: Int, llms: Int, seed: UInt64, routing: [String]? = nil
  ) {
    precondition(routing.map { $0.count == benchmarks.count } ?? true, "an encoder for each benchmark")
    self.version = version
    self.datasetHash = datasetHash
    self.benchmarks = benchmarks
    self.holdOut = holdOut
    self.answers = Set(answers).sorted()
    let chosen = Set(policies)
    anchors = AnchorPolicy.all.filter(chosen.contains).map(\.name)
    self.factors = factors
    self.llms = llms
    self.seed = seed
    self.routing = routing
  }

  private enum CodingKeys: String, CodingKey {
    case version
    case datasetHash = "dataset_sha256"
    case benchmarks
    case holdOut = "hold_out"
    case answers, anchors, factors, llms, seed, routing
  }

  /// Reads what `rs-coldstart evaluate` wrote.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard values.contains(.holdOut) else {
      throw DecodingError.dataCorruptedError(
        forKey: .holdOut, in: values,
        debugDescription: "is missing: the folder holds no run of rs-coldstart evaluate; choose another")
    }
    version = try values.decode(String.self, forKey: .version)
    datasetHash = try values.decodeIfPresent(String.self, forKey: .datasetHash)
    benchmarks = try values.decode([String].self, forKey: .benchmarks)
    holdOut = try values.decode(HoldOut.self, forKey: .holdOut)
    guard holdOut.isOfLLMs else {
      throw DecodingError.dataCorruptedError(
        forKey: .holdOut, in: values,
        debugDescription: "is '\(holdOut.rawValue)': the folder holds a run on unseen queries; choose another"
      )
    }
    answers = try values.decode([Int].self, forKey: .answers)
    anchors = try values.decode([String].self, forKey: .anchors)
    factors = try values.decode(Int.self, forKey: .factors)
    llms = try values.decode(Int.self, forKey: .llms)
    seed = try values.decode(UInt64.self, forKey: .seed)
    routing = try values.decodeIfPresent([String].self, forKey: .routing)
    guard routing.map({ $0.count == benchmarks.count }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .routing, in: values, debugDescription: "has not one encoder for each benchmark")
    }
  }

  /// How anchors are chosen, as what chooses them.
  var policies: [AnchorPolicy] { AnchorPolicy.all.filter { anchors.contains($0.name) } }

  package func differences(from other: PlacementConfiguration) -> [String] {
    let pairs: [(String, Bool)] = [
      ("version", version == other.version), ("dataset_sha256", datasetHash == other.datasetHash),
      ("benchmarks", benchmarks == other.benchmarks), ("hold_out", holdOut == other.holdOut),
      ("answers", answers == other.answers), ("anchors", anchors == other.anchors),
      ("factors", factors == other.factors), ("llms", llms == other.llms), ("seed", seed == other.seed),
      ("routing", routing == other.routing),
    ]
    return pairs.filter { !$0.1 }.map(\.0).sorted()
  }
}
