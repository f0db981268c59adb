import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// One trial of a random search.
public struct SearchTrial: Codable, Equatable, Sendable {
  /// Its number, from 1; the first tries the settings as they were given.
  public let number: Int
  /// The searched settings as texts: as they were given for the first trial, drawn for the others.
  public let settings: [String: String]
  /// The epochs of the fit that was kept; 0 for a trial that failed.
  public let epochs: Int
  /// How well the model predicts the validation part; nil for a trial that failed.
  public let validation: ValidationMetrics?
  /// Why it failed, such as a training that diverged; nil for one that did not.
  public let failure: String?
}

/// A seeded random search over a trainer's documented space, judged by the validation part alone.
///
/// Trial i draws its settings from the seed and i, so a search is the same however often it is interrupted,
/// and a longer one begins with the trials of a shorter one (Bergstra and Bengio 2012).
public struct HyperparameterSearch<T: Trainer>: Sendable {
  /// The trainer whose other settings stay.
  public let trainer: T
  /// Names of settings that stay although they could be searched.
  public let fixed: Set<String>
  /// The number of trials.
  public let trials: Int
  /// The patience of each fit.
  public let patience: Int?
  /// What trials are judged by.
  public let criterion: SelectionCriterion
  /// The file that finished trials are kept in; removed by the caller once the model is written.
  public let path: String
  /// Whether to go on from the file.
  public let resumes: Bool

  /// A search.
  public init(
    _ trainer: T, fixed: Set<String> = [], trials: Int, patience: Int?,
    criterion: SelectionCriterion = .logLoss, path: String, resumes: Bool
  ) {
    precondition(trials > 0, "\(trials) trials")
    self.trainer = trainer
    self.fixed = fixed
    self.trials = trials
    self.patience = patience
    self.criterion = criterion
    self.path = path
    self.resumes = resumes
  }

  /// The settings that are searched.
  private var searched: [Setting<T>] { T.settings.filter { $0.search != nil && !fixed.contains($0.name) } }

  /// The file: what was asked for, and the trials that have ended.
  private struct Notes: Codable {
    var run: TrainingRecord
    var fixed: [String]
    var trials: [SearchTrial]
  }

  /// Throws for a file that a new search would overwrite.
  public func check() throws(FileError) {
    guard !resumes, FileManager.default.fileExists(atPath: path) else { return }
    throw FileError(
      path, "holds the trials of a search that did not end: go on with it by --resume, or delete it")
  }

  /// The model of the best trial; its record holds all trials.
  ///
  /// - Throws: `DataError` where there is nothing to search or nothing to judge by, or every trial failed;
  ///   `FileError` for trials of another search.
  public func train(
    on data: TrainingData, report: (TrainingProgress) throws -> Void
  ) throws -> TrainedModel<T.Fit.Model> {
    guard ValidationSet(data) != nil else {
      throw DataError("there are no validation responses to search on")
    }
    guard !searched.isEmpty else { throw DataError("\(T.algorithm) has no setting left to search") }
    var notes = Notes(
      run: TrainingRecord(trainer, on: data, patience: patience, criterion: criterion), fixed: fixed.sorted(),
      trials: [])
    if resumes, FileManager.default.fileExists(atPath: path) {
      let saved = try JSONFile.read(Notes.self, path: path)
      guard saved.run.firstDifference(from: notes.run) == nil, saved.fixed == notes.fixed else {
        let difference = saved.run.firstDifference(from: notes.run) ?? "other settings are fixed"
        throw FileError(path, "holds the trials of another search: \(difference)")
      }
      notes.trials = Array(saved.trials.prefix(trials))
    }
    var best: TrainedModel<T.Fit.Model>?
    while notes.trials.count < trials {
      let number = notes.trials.count + 1
      let (settings, candidate) = try candidate(number)
      do {
        let model = try TrainingRun(candidate, patience: patience, criterion: criterion).train(on: data) {
          step in
          try report(step.inTrial(number, of: trials))
        }
        notes.trials.append(
          SearchTrial(
            number: number, settings: settings, epochs: model.record.history.count,
            validation: model.record.validation, failure: nil))
        if notes.trials.best(by: criterion)?.number == number { best = model }
      } catch let error as DataError {
        notes.trials.append(failed(number, settings, "\(error)"))
      } catch let error as NumericalError {
        notes.trials.append(failed(number, settings, "\(error)"))
      }
      try JSONFile.write(notes, to: path)
    }
    guard let winner = notes.trials.best(by: criterion) else {
      // There is nothing in them to go on with.
      try? FileManager.default.removeItem(atPath: path)
      throw DataError("every trial failed; the first: \(notes.trials.first?.failure ?? "")")
    }
    // A winner of an earlier process is trained again, to the same bits.
    var model =
      try best
      ?? TrainingRun(candidate(winner.number).trainer, patience: patience, criterion: criterion).train(
        on: data, report: report)
    model.record.search = notes.trials
    return model
  }

  private func failed(_ number: Int, _ settings: [String: String], _ reason: String) -> SearchTrial {
    SearchTrial(number: number, settings: settings, epochs: 0, validation: nil, failure: reason)
  }

  private func candidate(_ number: Int) throws(DataError) -> (settings: [String: String], trainer: T) {
    var settings: [String: String] = [:]
    var candidate = trainer
    for setting in searched {
      guard number > 1 else {
        settings[setting.name] = setting.text(of: trainer)
        continue
      }
      var generator = SeededGenerator(seed: trainer.seed, stream: "search/\(setting.name)", number)
      settings[setting.name] = setting.search?.draw(using: &generator)
    }
    try candidate.set(settings)
    return (settings, candidate)
  }
}

extension [SearchTrial] {
  /// The trial that did best on validation, the first of equals; nil where all failed.
  public func best(by criterion: SelectionCriterion) -> SearchTrial? {
    var best: (trial: SearchTrial, loss: Double)?
    for trial in self {
      guard let loss = trial.validation.map(criterion.loss), loss < best?.loss ?? .infinity else { continue }
      best = (trial, loss)
    }
    return best?.trial
  }
}

extension TrainingProgress {
  /// The same as a part of a search.
  func inTrial(_ number: Int, of count: Int) -> TrainingProgress {
    TrainingProgress(
      fit: number, fits: count, candidate: candidate, epoch: epoch,
      share: (Double(number - 1) + share) / Double(count), objective: objective)
  }
}
