import ColdStart
import Evaluation
import FileFormats
import Foundation
import Models
import NumericKernels
import Reporting
import Routing
import RoutingData
import TextFeatures

@testable import Learning

/// Models, checkpoints, scores and results: the only readers here that know routers.
extension Reader {
  static let models = [
    Reader("model-config") { input, scratch in try model("config.json", input, scratch) },
    Reader("model-tensors") { input, scratch in try model("model.safetensors", input, scratch) },
    // Whatever the featurizer is, it makes its numbers of any bytes.
    Reader("text-featurizer") { input, _ in
      let featurizer = try TextFeaturizer(FeaturizerFile(ByteRegion(input), path: "x.safetensors"))
      let found = featurizer.embeddings(of: [[], Array("What is 2+2?".utf8), Array(input.prefix(100))])
      try Violation.unless(
        found.rows == 3 && found.columns == featurizer.dimensions, "embeddings of another shape")
    },
    // The first byte chooses the kind of file.
    Reader("scores-file") { input, scratch in
      guard let first = input.first else { return }
      let kind = ["npy", "npz", "csv"][Int(first) % 3]
      let file = try ScoresFile(path: scratch.file("x.\(kind)", Array(input.dropFirst())))
      let router = try file.router(
        for: SmallDataset.binary(), llmNames: ["a", "b", "c", "d"],
        pool: CandidatePool(group: .allStrong, llms: [0, 2]))
      let batch = QueryBatch(
        embeddings: Matrix(rows: 2, columns: 2), benchmark: "alpha", rows: [1, 3])
      let scores = try router.scores(for: batch, among: Candidates(["c", "a"])).values
      try Violation.unless(scores.rows == 2 && scores.columns == 2, "scores of another shape")
    },
    Reader("checkpoint") { input, scratch in
      let path = "\(scratch.path)/x.checkpoint"
      // The corpus serves every processor.
      let text = String(decoding: input, as: UTF8.self)
        .replacingOccurrences(of: "KERNEL", with: OpenBLASKernel.current)
      try Safetensors.write([:], metadata: ["routerec_checkpoint": text], to: path)
      _ = try Checkpoint<FactorModel>(path: path, for: TrainingRecord())
    },
    Reader("cell-picks") { input, scratch in
      let picks = try CellPicks(path: scratch.file("x.npz", input), candidates: 3)
      for router in picks.routers {
        let matrix = router.matrix(candidates: 3)
        try Violation.unless(matrix.rows == picks.queries.count, "picks of another number of queries")
      }
    },
    Reader("results-cell") { input, scratch in
      _ = try JSONFile.read(CellResult.self, path: scratch.file("x.json", input))
    },
    Reader("results-run") { input, scratch in
      _ = try JSONFile.read(RunConfiguration.self, path: scratch.file("x.json", input))
    },
    Reader("placement-run") { input, scratch in
      _ = try JSONFile.read(PlacementConfiguration.self, path: scratch.file("x.json", input))
    },
    Reader("unseen-run") { input, scratch in
      _ = try JSONFile.read(UnseenConfiguration.self, path: scratch.file("x.json", input))
    },
    // Whatever the results are, they make a report.
    Reader("placement-estimates") { input, scratch in
      let path = try run(placementRun(routing: nil), scratch)
      _ = try scratch.file("run/estimates.csv", input)
      let report = PlacementReport([try FinishedPlacements(path)])
      try Violation.unless(report.figures.count >= 3, "a benchmark without its figures")
    },
    Reader("placement-routing") { input, scratch in
      let path = try run(placementRun(routing: ["e"]), scratch)
      _ = try scratch.file(
        "run/estimates.csv",
        Array(
          ("benchmark,fold,llm,anchors,estimator,answers,truth,estimate,low,high\n"
            + "b,f,l,adaptive,stack,5,0.5,0.4,0.3,0.6\n").utf8))
      _ = try scratch.file("run/routing.csv", input)
      let report = PlacementReport([try FinishedPlacements(path)])
      try Violation.unless(report.figures.count >= 4, "a benchmark without its figures")
    },
    Reader("unseen-results") { input, scratch in
      let configuration = UnseenConfiguration(
        version: "1", datasetHash: nil, benchmarks: ["b"], holdOut: .query, encoder: "e", labels: [5],
        factors: 1, llms: 1, seed: 0)
      let path = try run(configuration, scratch)
      _ = try scratch.file("run/unseen.csv", input)
      let report = PlacementReport([], unseen: [try FinishedUnseen(path)])
      try Violation.unless(report.figures.count == 1, "a run without its figure")
    },
  ]

  private static func placementRun(routing: [String]?) -> PlacementConfiguration {
    PlacementConfiguration(
      version: "1", datasetHash: nil, benchmarks: ["b"], holdOut: .family, answers: [5],
      policies: [.adaptive], factors: 1, llms: 1, seed: 0, routing: routing)
  }

  /// The folder of a run that wants its results.
  private static func run(_ configuration: some Encodable, _ scratch: Scratch) throws -> String {
    let path = "\(scratch.path)/run"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try JSONFile.write(configuration, to: "\(path)/run.json")
    try JSONFile.write([SkippedBenchmark](), to: "\(path)/skipped.json")
    return path
  }

  /// Reads a model folder of which one file is the fuzzer's, and routes with what was read.
  private static func model(_ name: String, _ bytes: [UInt8], _ scratch: Scratch) throws {
    if scratch.files(of: "model") == nil {
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/model", withIntermediateDirectories: true)
      try ModelFolder.write(smallModel(), into: "\(scratch.path)/model")
      _ = scratch.keepFiles(of: "model")
    }
    _ = try scratch.file("model/\(name)", bytes)
    let router = try ModelFolder.read("\(scratch.path)/model").router
    let batch = QueryBatch(
      embeddings: Matrix(rows: 1, columns: 2, repeating: 0.5), benchmark: "alpha", rows: [0])
    let scores = try router.scores(for: batch, among: Candidates(router.identity.llms)).values
    try Violation.unless(scores.columns == router.identity.llms.count, "scores of another shape")
  }

  /// Three LLMs, two factors, embeddings of two dimensions.
  private static func smallModel() throws -> StoredModel {
    var record = TrainingRecord()
    record.algorithm = "svd"
    record.encoder = "encoder"
    record.benchmarks = ["alpha"]
    let model = try FactorModel(
      RouterIdentity(name: "svd", encoder: "encoder", llms: ["a", "b", "c"]),
      llmFactors: Matrix([[1, 0], [0, 1], [0.5, 0.5]]), llmBiases: [0, 0.5, -0.5],
      benchmarkBiases: ["alpha": [0.1, 0, -0.1]],
      queries: [
        .init(benchmark: "alpha", rows: [0, 4], factors: Matrix([[1, 2], [3, 4]]), biases: [0.5, -0.5])
      ],
      queryEncoder: EmbeddingMap(
        benchmarks: ["alpha"], weights: Matrix(rows: 3, columns: 3, repeating: 0.25), residualCovariance: nil),
      calibration: Calibration(slope: 2, intercept: 0.5))
    return StoredModel(model, record: record)
  }
}
