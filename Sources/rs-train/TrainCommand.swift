import CommandLineKit
import Dispatch
import FileFormats
import Foundation
import LinearAlgebra
import Recommenders
import RoutingData

/// `rs-train`: learns a model from a dataset folder and writes a model folder.
enum TrainCommand {
  static let data = Option.string("data", placeholder: "DIR", help: "dataset folder")
  static let model = Option.choice(
    "model", placeholder: "NAME", of: [LogisticMFTrainer.algorithm], default: LogisticMFTrainer.algorithm,
    help: "what to train")
  static let output = Option.string("output", placeholder: "DIR", help: "model folder to write")
  static let overwrite = Option.flag("overwrite", help: "replace a model folder that exists")
  static let benchmarks = Option.list(
    "benchmarks", placeholder: "A,B", help: "benchmarks to train on"
  ).optional(meaning: "all")
  static let encoder = Option.string(
    "encoder", placeholder: "NAME", help: "whose query embeddings to use"
  ).optional(meaning: "the only one")
  static let factors = Option.integer(
    "factors", placeholder: "K", default: 32, in: 1...4096, help: "number of latent factors")
  static let l2 = Option.string(
    "l2", placeholder: "X", default: "auto",
    help: "penalty on the factors; auto chooses by log-loss on the validation queries")
  static let ridge = Option.string(
    "ridge", placeholder: "X", default: "auto",
    help: "ridge of the map from embeddings to query factors; auto chooses like --l2")
  static let biasL2 = Option.double(
    "bias-l2", placeholder: "X", default: 0.1, in: 1e-6...1e9, help: "penalty on the biases"
  )
  static let maximumSweeps = Option.integer(
    "max-sweeps", placeholder: "N", default: 200, in: 1...100_000, help: "sweeps of a fit at most")
  static let tolerance = Option.double(
    "tolerance", placeholder: "X", default: 1e-5, in: 0...1,
    help: "stop when a sweep lowers the objective by less than this share")

  static let command = Command(
    name: "rs-train",
    summary: "Learn LLM and query embeddings from the train queries of a dataset.",
    options: [
      data, model, output, overwrite, benchmarks, encoder, factors, l2, ridge, biasL2, maximumSweeps,
      tolerance,
    ] + CommonOptions.all,
    examples: ["rs-train --data mmlu_pro/ --model logistic-mf --factors 32 --output model/"],
    run: run)

  /// `auto`, or a number above 0.
  private static func choice(_ text: String, option: String) throws(UsageError) -> LogisticMFTrainer.Choice {
    if text == "auto" { return .auto }
    guard let value = Float(text), value > 0, value.isFinite else {
      throw UsageError("option '--\(option)' needs 'auto' or a number above 0, not '\(text)'")
    }
    return .fixed(value)
  }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let trainer = LogisticMFTrainer(
      factors: arguments[factors], l2: try choice(arguments[l2], option: "l2"),
      biasL2: Float(arguments[biasL2]), ridge: try choice(arguments[ridge], option: "ridge"),
      maximumSweeps: arguments[maximumSweeps], tolerance: arguments[tolerance],
      seed: UInt64(arguments[CommonOptions.seed]))
    let dataset = try DatasetFolder.open(arguments[data])
    let training = try TrainingData(
      dataset, benchmarks: arguments[benchmarks] ?? [], encoder: arguments[encoder])
    let start = DispatchTime.now().uptimeNanoseconds
    var trained: LogisticMFModel?
    // Training inside the staging folder finds an output that can't be written before the work, not after.
    try AtomicFolder.write(
      to: arguments[output], replacing: arguments[overwrite], marker: ModelFolder.marker
    ) { folder in
      let progress = ProgressLine("training", total: 1000, unit: "‰")
      defer { progress.finish() }
      var done = 0
      let model = try trainer.train(on: training) { step in
        done = max(done, Int(step.share * 1000))
        progress.update(
          done,
          detail: "fit \(step.fit)/\(step.fits) (l2 \(step.l2)), sweep \(step.sweep), loss "
            + NumberFormatting.fixed(step.loss, 5))
      }
      try ModelFolder.write(model, into: folder)
      trained = model
    }
    guard let model = trained else { return }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    if model.training.factors < arguments[factors] {
      Log.note(
        "\(arguments[factors]) factors asked for, \(model.training.factors) used: "
          + "there are no more LLMs or train queries than that")
    }
    try report(
      model, training, seconds: seconds, output: arguments[output], json: arguments[CommonOptions.json])
  }

  private static func report(
    _ model: LogisticMFModel, _ data: TrainingData, seconds: Double, output: String, json: Bool
  ) throws {
    if json {
      try StandardOutput.writeJSON(model.training)
      return
    }
    var table = TextTable([
      .right("l2"), .right("ridge"), .right("sweeps"), .right("train objective"),
      .right("validation log-loss"), .left(""),
    ])
    for fit in model.training.history {
      table.append([
        "\(fit.l2)", "\(fit.ridge)", "\(fit.objectives.count)",
        NumberFormatting.fixed(fit.objectives.last, 1),
        NumberFormatting.fixed(fit.validationLogLoss, 5), fit.l2 == model.training.l2 ? "chosen" : "",
      ])
    }
    try StandardOutput.write(table.render())
    try StandardOutput.writeLine(
      "\(model.training.algorithm): \(NumberFormatting.count(model.llmNames.count)) LLMs, "
        + "\(NumberFormatting.count(data.trainQueryCount)) train queries, "
        + "\(NumberFormatting.count(data.trainResponseCount)) responses, \(model.training.factors) factors, "
        + "\(NumberFormatting.fixed(seconds, 1)) s; wrote \(output)")
  }
}
