import FileFormats
import Foundation

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
  func load<Model>(for record: TrainingRecord) throws -> Checkpoint<Model>? {
    guard resumes, FileManager.default.fileExists(atPath: path) else { return nil }
    return try Checkpoint(path: path, for: record)
  }

  /// Replaces the file.
  ///
  /// - Throws: `FileError`.
  func save<Model>(
    _ state: RunState<Model>, _ progress: TrialProgress, fit: TensorBundle, best: TensorBundle,
    of record: TrainingRecord
  ) throws {
    try Checkpoint<Model>(state: state, progress: progress, fit: fit, best: best).write(to: path, of: record)
  }

  /// Deletes the file, once the model is written.
  public func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
