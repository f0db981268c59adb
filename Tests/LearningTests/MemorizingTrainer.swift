import Learning
import NumericKernels
import Routing
import RoutingData

/// A router that knows which queries it was trained on, and how many they were.
struct MemorizingRouter: StorableRouter {
  static let kind = "memory"
  /// The score of a query that it was trained on.
  static let seenBefore: Float = -1

  var identity: RouterIdentity
  /// The names of the queries that it was trained on, `benchmark/row`.
  let seen: Set<String>

  /// A query by its benchmark and row.
  static func name(_ benchmark: String, _ row: Int) -> String { "\(benchmark)/\(row)" }

  /// −1 for a query of its training, otherwise how many queries it was trained on.
  func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let rows = batch.rows ?? []
    var scores = Matrix(rows: batch.count, columns: candidates.count, repeating: Float(seen.count))
    for (place, row) in rows.enumerated() where seen.contains(Self.name(batch.benchmark ?? "", row)) {
      for column in 0..<scores.columns { scores[place, column] = Self.seenBefore }
    }
    return Scores(
      scores, probabilities: Matrix(rows: batch.count, columns: candidates.count, repeating: 0.5))
  }

  var contents: TensorBundle { TensorBundle(texts: ["seen": seen.sorted()]) }
}

/// Trains routers that remember what they saw.
struct MemorizingTrainer: Trainer {
  static let algorithm = "memory"
  static let summary = "remembers its queries"
  static let settings: [Setting<MemorizingTrainer>] = []
  var seed: UInt64 = 0
  var maximumEpochs: Int { 1 }

  func start(on data: TrainingData) throws -> SinglePassFit<MemorizingRouter> {
    let identity = data.identity(Self.algorithm)
    return SinglePassFit {
      let seen = data.blocks.flatMap { block in
        block.train.rows.map { MemorizingRouter.name(block.benchmark, $0) }
      }
      return .init(MemorizingRouter(identity: identity, seen: Set(seen)), objective: 0)
    } read: { contents throws(DataError) in
      MemorizingRouter(identity: identity, seen: Set(try contents.texts("seen")))
    }
  }
}
