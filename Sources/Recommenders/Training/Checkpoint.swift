import FileFormats
import Foundation
import NumericKernels
import RoutingData

/// Where a training run saves its state, and whether it goes on from what is there.
public struct CheckpointPlan: Sendable {
  /// The file; it is replaced as a whole, so that a killed run leaves the last complete one.
  public let path: String
  /// The number of epochs between two checkpoints.
  public let interval: Int
  /// Whether to go on from the file.
  public let resumes: Bool

  /// A plan; `resumes` with no file at the path starts from the beginning.
  public init(path: String, interval: Int, resumes: Bool) {
    precondition(interval > 0, "a checkpoint every \(interval) epochs")
    self.path = path
    self.interval = interval
    self.resumes = resumes
  }

  /// Throws for a file that a new run would overwrite.
  public func check() throws(FileError) {
    guard !resumes, FileManager.default.fileExists(atPath: path) else { return }
    throw FileError(
      path, "is the checkpoint of a run that did not end: go on with it by --resume, or delete it")
  }

  /// The state to go on from; nil to start from the beginning.
  ///
  /// - Throws: `FileError` for a file that is damaged or belongs to another run, naming what differs.
  func load(for record: TrainingRecord) throws -> Checkpoint? {
    guard resumes, FileManager.default.fileExists(atPath: path) else { return nil }
    return try Checkpoint(path: path, for: record)
  }

  /// Replaces the file.
  ///
  /// - Throws: `FileError`.
  func save(
    _ state: RunState, _ progress: TrialProgress, fit: TensorBundle, best: TensorBundle,
    of record: TrainingRecord
  ) throws {
    try Checkpoint(state: state, progress: progress, fit: fit, best: best).write(to: path, of: record)
  }

  /// Deletes the file, once the model is written.
  public func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// The state of a run after an epoch: one safetensors file whose metadata hold everything that is no array.
struct Checkpoint {
  let state: RunState
  let progress: TrialProgress
  let fit: TensorBundle
  let best: TensorBundle

  private static let key = "routerec_checkpoint"
  private static let formatVersion = 1

  /// What is no array.
  private struct Header: Codable {
    struct Part: Codable {
      let numbers: [String: [Double]]
      let texts: [String: [String]]
    }

    let formatVersion: Int
    let run: TrainingRecord
    let progress: TrialProgress
    let candidate: Int
    let worse: Int
    let fits: [TrainingRecord.Fit]
    let fit: Part
    let best: Part
    let chosen: ModelDocument.Configuration?
    let chosenValues: [String: Double]
    let chosenHistory: [TrainingRecord.Epoch]
    let chosenValidation: ValidationMetrics?
    /// The SHA-256 of each array's bytes.
    let digests: [String: String]
  }

  init(state: RunState, progress: TrialProgress, fit: TensorBundle, best: TensorBundle) {
    self.state = state
    self.progress = progress
    self.fit = fit
    self.best = best
  }

  func write(to path: String, of record: TrainingRecord) throws {
    var tensors: [String: NDArray] = [:]
    for (name, matrix) in fit.matrices { tensors["fit/\(name)"] = NDArray(matrix: matrix) }
    for (name, matrix) in best.matrices { tensors["best/\(name)"] = NDArray(matrix: matrix) }
    let chosen = state.chosen.map { ModelDocument($0) }
    for (name, array) in chosen?.tensors ?? [:] { tensors["chosen/\(name)"] = array }
    let header = Header(
      formatVersion: Self.formatVersion, run: record, progress: progress, candidate: state.candidate,
      worse: state.worse, fits: state.fits, fit: Header.Part(numbers: fit.numbers, texts: fit.texts),
      best: Header.Part(numbers: best.numbers, texts: best.texts), chosen: chosen?.configuration,
      chosenValues: state.chosenValues, chosenHistory: state.chosenHistory,
      chosenValidation: state.chosenValidation, digests: try Self.digests(of: tensors))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try Safetensors.write(
      tensors, metadata: [Self.key: String(decoding: encoder.encode(header), as: UTF8.self)], to: path)
  }

  private static func digests(of tensors: [String: NDArray]) throws(FileError) -> [String: String] {
    var digests: [String: String] = [:]
    for (name, array) in tensors { digests[name] = try SHA256.hexDigest(of: array.bytes) }
    return digests
  }

  /// Reads the checkpoint of a run.
  ///
  /// - Throws: `FileError` for a file that is no checkpoint, is damaged, or belongs to another run.
  init(path: String, for record: TrainingRecord) throws(FileError) {
    let file = try Safetensors.open(path)
    guard let text = file.metadata[Self.key],
      let header = try? JSONDecoder().decode(Header.self, from: Data(text.utf8)),
      header.formatVersion == Self.formatVersion
    else { throw FileError(path, "is not a checkpoint that this program can read") }
    if let difference = header.run.firstDifference(from: record) {
      throw FileError(path, "is the checkpoint of another run: \(difference)")
    }
    var all: [String: NDArray] = [:]
    for name in file.names { all[name] = try file.tensor(named: name) }
    guard try Self.digests(of: all) == header.digests else {
      throw FileError(path, "is damaged: an array is not what was saved")
    }
    func matrices(_ prefix: String) throws(FileError) -> [String: Matrix] {
      var result: [String: Matrix] = [:]
      for name in file.names where name.hasPrefix(prefix) {
        result[String(name.dropFirst(prefix.count))] = try file.tensor(named: name).matrix()
      }
      return result
    }
    fit = TensorBundle(matrices: try matrices("fit/"), numbers: header.fit.numbers, texts: header.fit.texts)
    best = TensorBundle(
      matrices: try matrices("best/"), numbers: header.best.numbers, texts: header.best.texts)
    progress = header.progress
    var state = RunState()
    state.candidate = header.candidate
    state.worse = header.worse
    state.fits = header.fits
    state.chosenValues = header.chosenValues
    state.chosenHistory = header.chosenHistory
    state.chosenValidation = header.chosenValidation
    if let configuration = header.chosen {
      var tensors: [String: NDArray] = [:]
      for name in file.names where name.hasPrefix("chosen/") {
        tensors[String(name.dropFirst(7))] = try file.tensor(named: name)
      }
      state.chosen = try ModelDocument(configuration: configuration, tensors: tensors).model(path: path)
    }
    self.state = state
  }
}

extension TrainingRecord {
  /// What the record of another run says differently, of what is known before training; nil where nothing.
  func firstDifference(from other: TrainingRecord) -> String? {
    let facts: [(what: String, mine: String, theirs: String)] = [
      ("model", algorithm, other.algorithm),
      ("data set", datasetHash ?? "unknown", other.datasetHash ?? "unknown"),
      ("list of benchmarks", benchmarks.joined(separator: ","), other.benchmarks.joined(separator: ",")),
      ("encoder", encoder, other.encoder),
      ("seed", "\(seed)", "\(other.seed)"),
      ("patience", patience.map(String.init) ?? "none", other.patience.map(String.init) ?? "none"),
      ("criterion", criterion.rawValue, other.criterion.rawValue),
    ]
    let names = Set(settings.keys).union(other.settings.keys).sorted()
    let options = names.map {
      (what: "--\($0)", mine: settings[$0] ?? "unset", theirs: other.settings[$0] ?? "unset")
    }
    return (facts + options).first { $0.mine != $0.theirs }
      .map { "its \($0.what) is \($0.mine), now it is \($0.theirs)" }
  }
}
