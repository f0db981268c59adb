// Trains a model, routes queries that belong to no benchmark, and evaluates two routers: RouteRec as a library.
// Usage: library-example DATASET-FOLDER
import Evaluation
import Learning
import Metrics
import Models
import NumericKernels
import Routing
import RoutingData

let dataset = try DatasetFolder.open(CommandLine.arguments[1])

// Any trainer by its name; settings are texts, as on the command line.
guard let type = TrainerCatalog.type(named: "ridge") else { throw DataError("no such trainer") }
func train<T: Trainer>(_ type: T.Type) throws -> any Router {
  var trainer = T()
  try trainer.set(["l2": "3"])
  return try trainer.train(on: TrainingData(dataset)).router
}
let router = try train(type)

// Routing needs features and names, and no answers.
let benchmark = dataset.benchmarks[0]
let encoder = try dataset.encoder(nil, for: [benchmark])
let features = try benchmark.embeddings(encoder: encoder)
let queries = QueryBatch(embeddings: features.selecting(rows: [0, 1, 2]), encoder: encoder)
let candidates = Candidates(Array(dataset.llmNames(of: benchmark).prefix(5)))
let scores = try router.scores(for: queries, among: candidates)
let picks = HighestScore().picks(scores, among: candidates)
for query in 0..<queries.count {
  let pick = picks.row(query).firstIndex(of: 1).map { $0 - picks.row(query).startIndex } ?? 0
  print("query \(query): \(candidates.names[pick])")
}

// The grid that rs-eval runs, with the baselines beside the model.
let grid = EvaluationGrid(sizes: [3], groups: [.allStrong], bootstrap: Bootstrap(resamples: 1_000))
let suite = try RouterSuite(
  [RouterSpecification("knn")], benchmarks: [benchmark], of: dataset, seed: 0)
let result = try grid.evaluate(
  grid.plan([benchmark], of: dataset), encoder: encoder, embeddings: { _ in features },
  prepare: { benchmark, embeddings in
    let baselines = try suite.prepare(
      benchmark, embeddings: embeddings, encoder: encoder, measured: .test)
    return { pool in [router] + (try baselines(pool)) }
  })
for cell in result.cells {
  for router in cell.routers {
    print(
      "\(cell.benchmark) \(router.name): μ \(router.mu.value), V_B \(router[.bestSingleModelValue]?.value ?? .nan)"
    )
  }
}
