import FileFormats
import Foundation

/// What `dataset.json` says: the benchmarks' names, counts and kinds, and each file's hash.
struct DatasetManifest: Codable, Equatable {
  static let fileName = "dataset.json"
  static let formatName = "routerec-dataset"
  static let currentVersion = 1

  /// How a benchmark's responses are stored.
  enum Kind: String, Codable {
    case bits, float32
  }

  /// Where a split comes from; the seed stands beside `seeded` only.
  struct SplitEntry: Codable, Equatable {
    enum Origin: String, Codable {
      case published, seeded
    }
    var origin: Origin
    var seed: UInt64?

    init(_ split: SplitOrigin) {
      switch split {
      case .published: origin = .published
      case .seeded(let value): (origin, seed) = (.seeded, value)
      }
    }

    var splitOrigin: SplitOrigin {
      if origin == .seeded, let seed { return .seeded(seed) }
      return .published
    }
  }

  /// One benchmark.
  struct BenchmarkEntry: Codable, Equatable {
    var name: String
    var queries: Int
    var llms: Int
    var kind: Kind
    /// Whether some responses are missing, so that there is an `.observed.npy`.
    var masked: Bool
    var subscenarios: [String]
    /// The dimension of each encoder's embeddings.
    var encoders: [String: Int]
    var split: SplitEntry
    /// Whether there is a file of ids and prompts.
    var texts: Bool
    /// The number of published pools.
    var pools: Int
    /// The accuracy of the reference LLM; left out where RouterEval's counts.
    var reference: Double?
    /// Whether there is a file of costs; left out where there is none, as in folders from before there were costs.
    var costs: Bool?
  }

  /// One log.
  struct LogEntry: Codable, Equatable {
    var name: String
    var benchmark: String
    var rows: Int
    /// The number of LLMs that could be picked.
    var llms: Int
  }

  /// The fitted featurizer that made the embeddings of an encoder.
  struct FeaturizerEntry: Codable, Equatable {
    var encoder: String
    /// The SHA-256 of its file.
    var fingerprint: String
  }

  /// One file of the folder.
  struct FileEntry: Codable, Equatable {
    var sha256: String
    var bytes: Int
  }

  var format: String
  var version: Int
  var hash: String
  var sources: [String]
  var llms: Int
  var benchmarks: [BenchmarkEntry]
  var truth: [String]
  /// Left out where there is none, as in folders from before there were logs.
  var logs: [LogEntry]?
  /// Left out where there is none, as in folders from before there were text features.
  var featurizers: [FeaturizerEntry]?
  var files: [String: FileEntry]

  /// The hash that names a dataset: SHA-256 of everything this manifest says (each file's hash among it) but
  /// the hash itself, as JSON with sorted keys.
  func contentHash() throws(FileError) -> String {
    var copy = self
    copy.hash = ""
    return try SHA256.hexDigest(of: ByteRegion(Array(JSONLines.line(copy, path: Self.fileName).utf8)))
  }

  /// Reads the manifest of a folder.
  ///
  /// - Throws: `FileError` for a folder that holds no dataset, another format or version, a path that leads
  ///   out of the folder, or a hash that is not that of the listed files.
  static func read(folder: String) throws(FileError) -> DatasetManifest {
    let path = "\(folder)/\(fileName)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(
        folder,
        FolderKind.absence(
          of: .dataset, at: folder, marker: fileName,
          remedy: "make one with 'rs-data import' or 'rs-data synth'"))
    }
    let manifest = try JSONFile.read(DatasetManifest.self, path: path)
    guard manifest.format == formatName else {
      throw FileError(path, at: .key("format"), "is '\(manifest.format)', expected '\(formatName)'")
    }
    guard manifest.version == currentVersion else {
      throw FileError(
        path, at: .key("version"), "is \(manifest.version), this program reads version \(currentVersion)")
    }
    for name in manifest.files.keys.sortedAsNames() where !DatasetPaths.isInside(name) {
      throw FileError(path, at: .key("files"), "'\(name)' is not a path inside the dataset folder")
    }
    guard try manifest.contentHash() == manifest.hash else {
      throw FileError(path, at: .key("hash"), "is not the hash of what the file says: it was altered")
    }
    return manifest
  }
}
