import Evaluation
import FileFormats
import Learning
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

/// What a contributor writes for a new model: a router that can be stored, and its trainer.
private struct MeanRouter: StorableRouter {
  static let kind = "example-means"
  var identity: RouterIdentity
  let means: [Float]
  var contents: TensorBundle { TensorBundle(vectors: ["means": means]) }

  func scores(for batch: QueryBatch, among candidates: Candidates) throws -> Scores {
    let places = try CandidateColumns(identity.llms).places(of: candidates, router: name)
    let row = Matrix([places.map { means[$0] }])
    let scores = row.selecting(rows: Array(repeating: 0, count: batch.count))
    return Scores(scores, probabilities: scores)
  }
}

private struct MeanTrainer: Trainer {
  static let algorithm = "example"
  static let summary = "the mean response of each LLM, drawn towards the middle"
  static let settings: [Setting<MeanTrainer>] = [
    .number(
      "prior", \.prior, in: .nonnegative, help: "answers that count as half right", search: .uniform(0, 10))
  ]
  var prior = 1.0
  var seed: UInt64 = 0
  var maximumEpochs: Int { 1 }

  func start(on data: TrainingData) throws -> SinglePassFit<MeanRouter> {
    let identity = data.identity(Self.algorithm)
    return SinglePassFit {
      let answers = ResponseMatrix(data.blocks[0].train.cells).dense()
      let means = (0..<answers.columns).map { column in
        let known = answers.column(column).filter { !$0.isNaN }
        return (known.reduce(0, +) + Float(prior) / 2) / (Float(known.count) + Float(prior))
      }
      return .init(MeanRouter(identity: identity, means: means), objective: 0)
    } read: { contents throws(DataError) in
      MeanRouter(identity: identity, means: try contents.vector("means", count: identity.llms.count))
    }
  }
}

/// A dozen lines make a model that is trained, searched, stored, loaded and evaluated like all others.
@Suite struct ExampleModelTests {
  @Test func isTrainedStoredLoadedAndEvaluated() throws {
    let table = try TableBenchmark.random(queryCount: 60, llmCount: 4, seed: 3)
    let trained = try MeanTrainer().train(on: try TrainingData(TrainingSample.dataset(table)))
    #expect(trained.record.validation != nil)

    let folder = try TemporaryFolder()
    try ModelFolder.write(StoredModel(trained), into: folder.path)
    let kind = StoredRouterKind(MeanRouter.kind) { (identity, contents) throws(DataError) in
      MeanRouter(identity: identity, means: try contents.vector("means", count: identity.llms.count))
    }
    let stored = try ModelFolder.read(folder.path, kinds: [kind])
    #expect(stored.record == trained.record)
    #expect(throws: FileError.self) { try ModelFolder.read(folder.path) }

    let cell = try table.cell([stored.router])
    // The LLM that is best on train is picked for every query.
    #expect(cell.routers[0][.honestBestSingleModelValue]?.value == 1)
  }
}
