import CommandLineKit
import FileFormats
import Foundation
import Learning
import Models
import RoutingData

/// One run of a trainer as the command line asks for it: plain, with checkpoints, or as a search.
struct ModelRun<T: Trainer> {
  let trainer: T
  let arguments: Arguments
  /// The settings that the command line gives.
  let given: Set<String>
  /// What the names of kept states begin with.
  let stem: String

  private typealias Options = TrainCommand<T>

  /// Whether a state is kept, or was, to go on with.
  var isKept: Bool {
    arguments[Options.search] != nil || arguments[Options.checkpointEvery] != nil || arguments[Options.resume]
  }

  /// Trains on some data.
  func train(_ trainer: T, on data: TrainingData) throws -> TrainedModel<T.Fit.Model> {
    // Fewer factors than the default are nothing to complain of on small data.
    if given.contains("factors"), let factors = trainer.settingTexts["factors"].flatMap(Int.init) {
      try data.require(factors: factors)
    }
    let progress = TrainingLine(responses: data.trainResponseCount)
    defer { progress.finish() }
    let patience = arguments[Options.patience] == 0 ? nil : arguments[Options.patience]
    if let trials = arguments[Options.search] {
      let search = HyperparameterSearch(
        trainer, fixed: given, trials: trials, patience: patience,
        criterion: arguments[Options.selectBy], path: "\(stem).search",
        resumes: arguments[Options.resume])
      try search.check()
      return try search.train(on: data, report: progress.update)
    }
    let plan = plan
    try plan.check()
    return try TrainingRun(
      trainer, patience: patience, criterion: arguments[Options.selectBy], checkpoints: plan
    )
    .train(on: data, report: progress.update)
  }

  private var plan: CheckpointPlan {
    CheckpointPlan(
      path: "\(stem).checkpoint", interval: arguments[Options.checkpointEvery] ?? .max,
      resumes: arguments[Options.resume])
  }

  /// Removes the states that are kept until the end.
  func cleanUp() {
    if arguments[Options.search] != nil {
      try? FileManager.default.removeItem(atPath: "\(stem).search")
    } else {
      plan.remove()
    }
  }

  /// Throws where a run of the other kind was cut short.
  func requireNoOther() throws(FileError) {
    let path = "\(stem).\(arguments[Options.search] == nil ? "search" : "checkpoint")"
    guard FileManager.default.fileExists(atPath: path) else { return }
    let what = arguments[Options.search] == nil ? "a search" : "a run without a search"
    throw FileError(
      path, "is the state of \(what) that did not end: go on with that by --resume, or delete it")
  }
}
