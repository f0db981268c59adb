import Evaluation
import FileFormats
import Foundation
import NumericKernels
import RoutingData

@testable import Recommenders

/// Models, checkpoints, scores and results: the only readers here that know routers.
extension Reader {
  static let models = [
    Reader("model-config") { input, scratch in try model("config.json", input, scratch) },
    Reader("model-tensors") { input, scratch in try model("model.safetensors", input, scratch) },
    // The first byte chooses the kind of file.
    Reader("scores-file") { input, scratch in
      guard let first = input.first else { return }
      let kind = ["npy", "npz", "csv"][Int(first) % 3]
      let file = try ScoresFile(path: scratch.file("x.\(kind)", Array(input.dropFirst())))
      let router = try file.router(
        for: SmallDataset.binary(), llmNames: ["a", "b", "c", "d"],
        pool: CandidatePool(group: .allStrong, llms: [0, 2]))
      let batch = QueryBatch(
        benchmark: "alpha", queries: [1, 3], embeddings: Matrix(rows: 2, columns: 2))
      let scores = try router.scores(for: batch, llms: ["c", "a"])
      try Violation.unless(scores.rows == 2 && scores.columns == 2, "scores of another shape")
    },
    Reader("checkpoint") { input, scratch in
      let path = "\(scratch.path)/x.checkpoint"
      try Safetensors.write(
        [:], metadata: ["routerec_checkpoint": String(decoding: input, as: UTF8.self)], to: path)
      _ = try Checkpoint(path: path, for: TrainingRecord())
    },
    Reader("results-cell") { input, scratch in
      _ = try JSONFile.read(CellResult.self, path: scratch.file("x.json", input))
    },
    Reader("results-run") { input, scratch in
      _ = try JSONFile.read(RunConfiguration.self, path: scratch.file("x.json", input))
    },
  ]

  /// Reads a model folder of which one file is the fuzzer's, and routes with what was read.
  private static func model(_ name: String, _ bytes: [UInt8], _ scratch: Scratch) throws {
    if scratch.files(of: "model") == nil {
      try FileManager.default.createDirectory(
        atPath: "\(scratch.path)/model", withIntermediateDirectories: true)
      try ModelFolder.write(smallModel(), into: "\(scratch.path)/model")
      _ = scratch.keepFiles(of: "model")
    }
    _ = try scratch.file("model/\(name)", bytes)
    let model = try ModelFolder.read("\(scratch.path)/model")
    let batch = QueryBatch(
      benchmark: "alpha", queries: [0], embeddings: Matrix(rows: 1, columns: 2, repeating: 0.5))
    let scores = try model.scores(for: batch, llms: model.llmNames)
    try Violation.unless(scores.columns == model.llmNames.count, "scores of another shape")
  }

  /// Three LLMs, two factors, embeddings of two dimensions.
  private static func smallModel() throws -> FactorModel {
    var record = TrainingRecord()
    record.algorithm = "svd"
    record.encoder = "encoder"
    record.benchmarks = ["alpha"]
    return try FactorModel(
      llmNames: ["a", "b", "c"], llmFactors: Matrix([[1, 0], [0, 1], [0.5, 0.5]]), llmBiases: [0, 0.5, -0.5],
      benchmarkBiases: ["alpha": [0.1, 0, -0.1]],
      queries: [
        .init(benchmark: "alpha", rows: [0, 4], factors: Matrix([[1, 2], [3, 4]]), biases: [0.5, -0.5])
      ],
      encoder: EmbeddingMap(
        benchmarks: ["alpha"], weights: Matrix(rows: 3, columns: 3, repeating: 0.25), residualCovariance: nil),
      calibration: Calibration(slope: 2, intercept: 0.5), training: record)
  }
}
