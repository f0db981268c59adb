import FileFormats
import Foundation
import Metrics
import RoutingData

/// Everything that decides the results of a run, so that two runs with equal configurations are one run.
public struct RunConfiguration: RunIdentity, Equatable, Sendable {
  /// A router and, where it comes from files, what they hold.
  public struct RouterEntry: Codable, Equatable, Sendable {
    /// The router as the user named it.
    public let router: String
    /// The SHA-256 of its files; nil where it has none.
    public let sha256: String?

    /// A router's entry.
    public init(router: String, sha256: String?) {
      self.router = router
      self.sha256 = sha256
    }
  }

  /// Where the costs of answers come from.
  public struct CostEntry: Codable, Equatable, Sendable {
    /// The source as the user named it.
    public let source: String
    /// The SHA-256 of the costs.
    public let sha256: String

    /// Costs are the same that have the same hash, whatever their file is called.
    public static func == (left: CostEntry, right: CostEntry) -> Bool { left.sha256 == right.sha256 }

    /// The entry of costs.
    public init(source: String, sha256: String) {
      self.source = source
      self.sha256 = sha256
    }
  }

  /// The version of the program.
  public let version: String
  /// The SHA-256 that names the dataset's content.
  public let datasetHash: String?
  /// The benchmarks, in order.
  public let benchmarks: [String]
  /// The benchmarks that the mixed one of the run was made of; nil for a run without.
  public let mix: [String]?
  /// The encoder of the embeddings; nil where no router looks at them.
  public private(set) var encoder: String?
  /// The routers, in order.
  public private(set) var routers: [RouterEntry]
  /// The numbers of candidates.
  public let sizes: [Int]
  /// The groups.
  public let groups: [String]
  /// Pools of a user's own; nil for none.
  public let ownPools: [OwnPool]?
  /// Which queries pools were chosen on.
  public let poolQueries: String
  /// The part of the split that routers were measured on.
  public let measured: MeasuredPart
  /// What was done with queries that not every candidate answered; nil in the runs of older programs, which left them out.
  public let missing: MissingRule?
  /// The share of the queries that an LLM of a constructed pool answered at least; nil in the runs of older programs, which
  /// asked for none.
  public let leastAnswered: Double?
  /// Who gets a query where several candidates share the highest score.
  public let ties: String
  /// Where the costs of answers come from; nil for a run without.
  public let costs: CostEntry?
  /// How intervals are made.
  public let bootstrap: Bootstrap

  /// A configuration from its parts.
  public init(
    version: String, datasetHash: String?, benchmarks: [String], mix: [String]? = nil, encoder: String?,
    routers: [RouterEntry],
    grid: EvaluationGrid, costs: CostEntry? = nil
  ) {
    self.costs = costs
    self.version = version
    self.datasetHash = datasetHash
    self.benchmarks = benchmarks
    self.mix = mix
    self.encoder = encoder
    self.routers = routers
    sizes = grid.sizes
    groups = grid.groups.map(\.rawValue)
    ownPools = grid.ownPools.isEmpty ? nil : grid.ownPools
    poolQueries = grid.poolQueries.rawValue
    measured = grid.measured
    missing = grid.missing
    leastAnswered = grid.leastAnswered
    ties = grid.ties.rawValue
    bootstrap = grid.bootstrap
  }

  /// The benchmarks beside the mixed one, if there is one; nil for none.
  package var ownBenchmarks: [String]? {
    let own = mix == nil ? benchmarks : Array(benchmarks.dropLast())
    return own.isEmpty ? nil : own
  }

  /// The routers of this run that stay when it gains some: all, or those before these if they are its last.
  package func routers(before gained: [RouterEntry]) -> [RouterEntry] {
    let names = gained.map { Name($0.router) }
    let isLast = routers.suffix(gained.count).map { Name($0.router) } == names
    return isLast ? routers.dropLast(gained.count) : routers
  }

  /// The same run with other routers, and with an encoder where it had none.
  func with(_ routers: [RouterEntry], encoder: String?) -> RunConfiguration {
    var run = self
    run.routers = routers
    run.encoder = self.encoder ?? encoder
    return run
  }

  private enum CodingKeys: String, CodingKey {
    case version
    case datasetHash = "dataset_sha256"
    case benchmarks, mix, encoder, routers
    case sizes = "pools"
    case groups
    case ownPools = "own_pools"
    case poolQueries = "pools_from"
    case measured = "split"
    case missing
    case leastAnswered = "min_answered"
    case ties, costs, bootstrap
  }

  /// The keys in which two configurations differ, sorted.
  package func differences(from other: RunConfiguration) -> [String] {
    let pairs: [(String, Bool)] = [
      ("version", version == other.version), ("dataset_sha256", datasetHash == other.datasetHash),
      ("benchmarks", benchmarks == other.benchmarks), ("mix", mix == other.mix),
      ("encoder", encoder == other.encoder),
      ("routers", routers == other.routers), ("pools", sizes == other.sizes),
      ("groups", groups == other.groups), ("own_pools", ownPools == other.ownPools),
      ("pools_from", poolQueries == other.poolQueries),
      ("split", measured == other.measured), ("ties", ties == other.ties),
      ("missing", (missing ?? .complete) == (other.missing ?? .complete)),
      // A cell knows its LLMs, so that pools of another share are never taken for one another.
      (
        "min_answered",
        leastAnswered == nil || other.leastAnswered == nil || leastAnswered == other.leastAnswered
      ),
      ("costs", costs == other.costs), ("bootstrap", bootstrap == other.bootstrap),
    ]
    return pairs.filter { !$0.1 }.map(\.0).sorted()
  }
}
