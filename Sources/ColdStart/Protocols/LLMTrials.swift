import Learning
import NumericKernels
import RoutingData

/// How the anchors of a new LLM are chosen.
public enum AnchorPolicy: Equatable, Hashable, Sendable {
  /// A fixed list.
  case fixed(AnchorMethod)
  /// One after the other, by the answers so far.
  case adaptive

  /// The name in tables.
  public var name: String {
    switch self {
    case .fixed(let method): return method.rawValue
    case .adaptive: return "adaptive"
    }
  }

  /// All of them.
  public static let all: [AnchorPolicy] = AnchorMethod.allCases.map(AnchorPolicy.fixed) + [.adaptive]
}

/// What is tried on each LLM that is held out.
struct TrialGrid: Sendable {
  /// How anchors are chosen.
  let policies: [AnchorPolicy]
  /// The numbers of answers, ascending.
  let counts: [Int]
  let seed: UInt64

  /// A cell of the grid.
  struct Cell: Hashable, Sendable {
    let policy: AnchorPolicy
    let count: Int

    /// Whether it comes before another in tables.
    func isBefore(_ other: Cell) -> Bool {
      (policy.name, count) < (other.policy.name, other.count)
    }
  }
}

/// Places held-out LLMs of one benchmark by every cell of a grid, with every direct estimator.
struct LLMTrials {
  private let known: KnownBenchmark
  private let grid: TrialGrid
  private let adaptive: AdaptiveAnchors
  private let model: FactorModel
  /// What makes queries alike, see `AnchorPlan.profiles`.
  private let profiles: Matrix
  /// Queries in clusters, by the number of answers.
  private let clusters: [Int: ClusterErrors]
  /// The anchors of each cell of a fixed policy, and the linear predictor of their answers.
  private let plans: [TrialGrid.Cell: (anchors: [Int], predictor: BestLinearPredictor)]

  /// Prepares the plans, which look at the known LLMs alone.
  init(_ known: KnownBenchmark, model: FactorModel, grid: TrialGrid) throws {
    self.known = known
    self.grid = grid
    self.model = model
    adaptive = AdaptiveAnchors(known.placement, targets: [0])
    let plan = AnchorPlan(known.placement, of: model, benchmark: 0, seed: grid.seed)
    let profiles = plan.profiles()
    self.profiles = profiles
    clusters = Dictionary(
      grid.counts.map {
        ($0, ClusterErrors(of: profiles, answers: $0, seed: grid.seed))
      }, uniquingKeysWith: { $1 })
    var plans: [TrialGrid.Cell: (anchors: [Int], predictor: BestLinearPredictor)] = [:]
    for policy in grid.policies {
      guard case .fixed(let method) = policy else { continue }
      let most = try plan.anchors(grid.counts.last ?? 0, by: method, answers: known.answers)
      for count in grid.counts {
        // Medoids of fewer clusters are other queries; all else is chosen one after the other.
        let anchors = method == .kMedoids ? try plan.anchors(count, by: method) : Array(most.prefix(count))
        plans[TrialGrid.Cell(policy: policy, count: count)] = (
          anchors, try BestLinearPredictor(known, anchors: anchors)
        )
      }
    }
    self.plans = plans
  }

  /// What every direct estimator says of one LLM, by cell, in the order of `EstimatorName.direct`.
  ///
  /// `responses` are its answers to all queries, of which only those to anchors are looked at.
  func estimates(_ responses: [Float]) throws -> [TrialGrid.Cell: [EstimatedAccuracy]] {
    var result: [TrialGrid.Cell: [EstimatedAccuracy]] = [:]
    for (cell, plan) in plans {
      let answers = plan.anchors.map { GradedAnchor(benchmark: 0, query: $0, response: responses[$0]) }
      result[cell] = try all(
        answers, predictor: plan.predictor, chosen: cell.policy == .fixed(.random) ? .random : .unknown)
    }
    guard grid.policies.contains(.adaptive) else { return result }
    var answers: [GradedAnchor] = []
    for count in grid.counts {
      while answers.count < count {
        let abilities = try known.placement.fold.posterior(of: answers)
        let dispersion = known.placement.fold.dispersion(of: answers, at: abilities.mean)
        guard let next = adaptive.next(given: abilities, dispersion: dispersion, answered: answers) else {
          break
        }
        answers.append(GradedAnchor(benchmark: 0, query: next.query, response: responses[next.query]))
      }
      result[TrialGrid.Cell(policy: .adaptive, count: count)] = try all(
        answers, predictor: BestLinearPredictor(known, anchors: answers.map(\.query)), chosen: .adaptive)
    }
    return result
  }

  private func all(
    _ answers: [GradedAnchor], predictor: BestLinearPredictor, chosen: IntervalMultipliers.Choice
  ) throws -> [EstimatedAccuracy] {
    let placed = try known.placement.placed(answers)
    let mirt = placed.accuracies[0]
    let residuals = answers.map { answer in
      Double(answer.response)
        - FoldIn.probability(
          known.placement.fold.logOdds(of: answer.query, in: 0, at: placed.abilities.mean))
    }
    let n = Double(answers.count)
    let shift = residuals.reduce(0, +) / n
    let spread = residuals.reduce(0.0) { $0 + ($1 - shift) * ($1 - shift) } / max(n - 1, 1)
    return EstimatorName.direct.map { name in
      switch name {
      case .mean: return SampleMeans.mean(answers, of: known.count)
      case .weighted: return SampleMeans.weighted(answers, among: profiles)
      case .mirt:
        return EstimatedAccuracy(
          mean: mirt.mean, deviation: mirt.deviation, interval: model.intervals(of: placed, chosen: chosen)[0]
        )
      case .aipw:
        let left = max(1 - n / Double(known.count), 0)
        return EstimatedAccuracy(
          mean: min(max(mirt.mean + shift * left, 0), 1), deviation: (spread / n * left + 1e-6).squareRoot())
      case .blp: return predictor.estimate(answers.map(\.response))
      case .similar: return SimilarLLMs.estimate(answers, known)
      case .uniRoute:
        return clusters[answers.count]?.estimate(answers) ?? SampleMeans.mean(answers, of: known.count)
      case .gpIRT, .stack, .metadata: preconditionFailure("an estimator of more than these answers")
      }
    }
  }
}
