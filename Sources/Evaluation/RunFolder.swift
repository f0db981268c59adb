import FileFormats
import Foundation

/// Everything that decides the results of a run, so that two runs with equal ones are one run.
package protocol RunIdentity: Codable, Sendable {
  /// The keys in which two runs differ, sorted.
  func differences(from other: Self) -> [String]
}

/// A folder that a run fills part by part, so that a run that was killed goes on where it stopped.
///
/// `run.json` says whose it is; what else stands in it is for the run to say. Every file appears whole or not at all.
package struct RunFolder<Identity: RunIdentity>: Sendable {
  /// The name of the file that says what decides the results.
  package static var configurationName: String { "run.json" }

  /// The folder's path.
  package let path: String
  /// What decides the run's results.
  package let configuration: Identity
  /// Keeps other processes out, so that what lies about half-written is nobody's.
  private let lock: FileLock

  /// Begins a run in a new or empty folder, or goes on with the same run.
  ///
  /// What a killed run left half-written is removed.
  ///
  /// - Throws: `FileError` for a folder of something else or of another run, naming how they differ, or
  ///   one that another process works in.
  package init(_ path: String, configuration: Identity) throws(FileError) {
    self.path = path
    self.configuration = configuration
    lock = try FileLock(folder: path)
    let files = FileManager.default
    let file = "\(path)/\(Self.configurationName)"
    if files.fileExists(atPath: file) {
      let known = try JSONFile.read(Identity.self, path: file)
      let differences = configuration.differences(from: known)
      guard differences.isEmpty else {
        throw FileError(
          path, "holds another run: \(differences.joined(separator: ", ")) differ; choose another folder")
      }
      TemporaryOutputs.removeAbandoned(below: path)
      return
    }
    guard let entries = try? files.contentsOfDirectory(atPath: path) else {
      throw FileError(path, "exists and can't be listed as a folder")
    }
    guard entries.allSatisfy(TemporaryOutputs.isTemporary) else {
      throw FileError(path, "is no results folder: it has other contents and no \(Self.configurationName)")
    }
    TemporaryOutputs.removeAbandoned(below: path)
  }

  /// The folder of a run that becomes another one, as one that gains something does; on disk with its next result.
  ///
  /// Copies share the lock.
  package func becoming(_ configuration: Identity) -> RunFolder { RunFolder(self, becoming: configuration) }

  private init(_ folder: RunFolder, becoming configuration: Identity) {
    path = folder.path
    lock = folder.lock
    self.configuration = configuration
  }

  /// Whether the folder says on disk what decides the run's results.
  package var isConfigurationWritten: Bool {
    guard let known = try? Self.configuration(in: path) else { return false }
    return configuration.differences(from: known).isEmpty
  }

  /// Says whose results the folder holds, which every thread that is the first may do; before the first result is saved.
  package func writeConfiguration() throws(FileError) {
    guard !isConfigurationWritten else { return }
    try JSONFile.write(configuration, to: "\(path)/\(Self.configurationName)")
  }

  /// What decided the results in a folder, without working in it.
  ///
  /// - Throws: `FileError` for a folder that is not there or of something else.
  package static func configuration(in path: String) throws(FileError) -> Identity {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { throw FileError(path, "there is no such results folder") }
    let file = "\(path)/\(configurationName)"
    guard files.fileExists(atPath: file) else {
      throw FileError(path, "is no results folder: it has no \(configurationName)")
    }
    return try JSONFile.read(Identity.self, path: file)
  }
}
