import Evaluation
import RoutingData

/// Everything that decides the results of an experiment with logs, so that two runs with equal configurations are one run.
public struct DebiasingConfiguration: RunIdentity, Equatable, Sendable {
  /// The version of the program.
  public let version: String
  /// The SHA-256 that names the dataset's content.
  public let datasetHash: String?
  /// The benchmarks, in order.
  public let benchmarks: [String]
  /// The encoder of the embeddings.
  public let encoder: String?
  /// The numbers of candidates.
  public let sizes: [Int]
  /// The groups.
  public let groups: [String]
  /// Which queries pools were chosen on.
  public let poolQueries: String
  /// Who picks; the uniform logger, which others are compared with, is always among them.
  public let policies: [String]
  /// Which answers are graded.
  public let gradings: [String]
  /// How routers are trained on logs; `none` is always among them unless nothing is trained.
  public let methods: [String]
  /// How routers are valued by logs.
  public let estimators: [String]
  /// The numbers of rows, ascending.
  public let rows: [Int]
  /// The number of logs of each kind.
  public let logs: Int
  /// The least propensity.
  public let floor: Double
  /// The seed of all that is by lot.
  public let seed: UInt64

  /// A configuration from its parts; what is named twice counts once.
  public init(
    version: String, datasetHash: String?, benchmarks: [String], encoder: String?, sizes: [Int],
    groups: [CandidateGroup], poolQueries: PoolQueries, policies: [String], gradings: [String],
    methods: [String], estimators: [String], rows: [Int], logs: Int, floor: Double, seed: UInt64
  ) {
    func distinct(_ names: [String]) -> [String] {
      var seen: Set<String> = []
      return names.filter { seen.insert($0).inserted }
    }
    self.version = version
    self.datasetHash = datasetHash
    self.benchmarks = benchmarks
    self.encoder = encoder
    self.sizes = Set(sizes).sorted()
    self.groups = groups.map(\.rawValue)
    self.poolQueries = poolQueries.rawValue
    self.policies = distinct([LossSummary.uniform] + policies)
    self.gradings = distinct(gradings)
    self.methods = methods.isEmpty ? [] : distinct([LossSummary.naive] + methods)
    self.estimators = distinct(estimators)
    self.rows = Set(rows).sorted()
    self.logs = logs
    self.floor = floor
    self.seed = seed
  }

  private enum CodingKeys: String, CodingKey {
    case version, benchmarks, encoder, groups, policies, gradings, methods, estimators, rows, logs, floor
    case seed
    case datasetHash = "dataset_sha256"
    case sizes = "pools"
    case poolQueries = "pools_from"
  }

  /// Reads what `rs-debias evaluate` wrote.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard values.contains(.policies) else {
      throw DecodingError.dataCorruptedError(
        forKey: .policies, in: values,
        debugDescription: "is missing: the folder holds no run of rs-debias evaluate; choose another")
    }
    version = try values.decode(String.self, forKey: .version)
    datasetHash = try values.decodeIfPresent(String.self, forKey: .datasetHash)
    benchmarks = try values.decode([String].self, forKey: .benchmarks)
    encoder = try values.decodeIfPresent(String.self, forKey: .encoder)
    sizes = try values.decode([Int].self, forKey: .sizes)
    groups = try values.decode([String].self, forKey: .groups)
    poolQueries = try values.decode(String.self, forKey: .poolQueries)
    policies = try values.decode([String].self, forKey: .policies)
    gradings = try values.decode([String].self, forKey: .gradings)
    methods = try values.decode([String].self, forKey: .methods)
    estimators = try values.decode([String].self, forKey: .estimators)
    rows = try values.decode([Int].self, forKey: .rows)
    logs = try values.decode(Int.self, forKey: .logs)
    floor = try values.decode(Double.self, forKey: .floor)
    seed = try values.decode(UInt64.self, forKey: .seed)
  }

  package func differences(from other: DebiasingConfiguration) -> [String] {
    let pairs: [(String, Bool)] = [
      ("version", version == other.version), ("dataset_sha256", datasetHash == other.datasetHash),
      ("benchmarks", benchmarks == other.benchmarks), ("encoder", encoder == other.encoder),
      ("pools", sizes == other.sizes), ("groups", groups == other.groups),
      ("pools_from", poolQueries == other.poolQueries), ("policies", policies == other.policies),
      ("gradings", gradings == other.gradings), ("methods", methods == other.methods),
      ("estimators", estimators == other.estimators), ("rows", rows == other.rows),
      ("logs", logs == other.logs), ("floor", floor == other.floor), ("seed", seed == other.seed),
    ]
    return pairs.filter { !$0.1 }.map(\.0).sorted()
  }
}
