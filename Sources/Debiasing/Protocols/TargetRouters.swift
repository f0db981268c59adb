import Baselines
import Learning
import Metrics
import NumericKernels
import Regression
import Routing
import RoutingData

/// Five routers that no log taught, and what they truly earn of the queries that logs are drawn from.
struct TargetRouters {
  /// One of them.
  struct Target {
    let name: String
    /// Its picks of the logged queries, n × m.
    let picks: Matrix
    /// Its μ over them.
    let truth: Double
  }

  let targets: [Target]

  /// Routers that learn from the warm-up with all answers of the pool, and the best single LLM there.
  ///
  /// `queries` are those that logs hold, with their responses, n × m.
  ///
  /// - Throws: what training and routing throw.
  init(
    _ laboratory: LogLaboratory, warmUp data: TrainingData, queries: QueryBatch, responses: Matrix
  ) throws {
    var routers: [(String, any Router)] = []
    func add<T: Trainer>(_ trainer: T) throws {
      routers.append(
        (T.algorithm, try TrainingRun(withoutValidation: trainer).train(on: data) { _ in }.router))
    }
    try add(KernelRidgeTrainer())
    try add(RidgeTrainer())
    try add(NearestNeighbourTrainer())
    try add(ClusterTrainer<CentroidClusters>())
    var targets: [Target] = []
    let candidates = laboratory.candidates
    for (name, router) in routers {
      let scores = try router.scores(for: queries, among: candidates)
      try scores.check(of: name, for: queries, among: candidates)
      let picks = (router.policy ?? HighestScore()).picks(scores, among: candidates)
      targets.append(Self.target(name, picks, responses))
    }
    let means = Observations.means(of: data)
    let best = means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 }
    var picks = Matrix(rows: queries.count, columns: candidates.count)
    for row in 0..<picks.rows { picks[row, best] = 1 }
    self.targets = targets + [Self.target("best-single", picks, responses)]
  }

  private static func target(_ name: String, _ picks: Matrix, _ responses: Matrix) -> Target {
    Target(
      name: name, picks: picks,
      truth: ShiftedMean.of(Rewards.expected(picks: picks, responses: responses)))
  }
}

extension Observations {
  /// The mean response of each LLM of the data's only block to its train queries.
  fileprivate static func means(of data: TrainingData) -> [Double] {
    let train = data.blocks[0].train
    return SingleLLMs.means(of: train.cells.dense(rows: 0..<train.count))
  }
}
