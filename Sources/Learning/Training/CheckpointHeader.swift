import FileFormats

/// What of a checkpoint is no array.
struct CheckpointHeader: Codable {
  /// The candidate that did best so far.
  struct Chosen: Codable {
    let candidate: Int
    let values: [String: Double]
    let history: [TrainingRecord.Epoch]
    let validation: ValidationMetrics?
  }

  static let key = "routerec_checkpoint"
  static let formatVersion = 3

  let formatVersion: Int
  /// OpenBLAS's processor kernel, on which the last bits depend.
  let blasKernel: String
  let run: TrainingRecord
  let progress: TrialProgress
  let candidate: Int
  let worse: Int
  let fits: [TrainingRecord.Fit]
  let chosen: Chosen?
  let numbers: [String: [Double]]
  let texts: [String: [String]]
  /// The SHA-256 of each array's bytes.
  let digests: [String: String]

  /// Whether the counts are counts.
  var isPossible: Bool {
    candidate >= 0 && worse >= 0 && progress.bestEpoch >= 0 && chosen.map { $0.candidate >= 0 } ?? true
  }

  static func digests(of tensors: [String: NDArray]) throws(FileError) -> [String: String] {
    var digests: [String: String] = [:]
    for (name, array) in tensors { digests[name] = try SHA256.hexDigest(of: array.bytes) }
    return digests
  }
}

extension TrainingRecord {
  /// What the record of another run says differently, of what is known before training; nil where nothing.
  func firstDifference(from other: TrainingRecord) -> String? {
    let facts: [(what: String, mine: String, theirs: String)] = [
      ("model", algorithm, other.algorithm),
      ("data set", datasetHash ?? "unknown", other.datasetHash ?? "unknown"),
      ("list of benchmarks", benchmarks.joined(separator: ","), other.benchmarks.joined(separator: ",")),
      ("encoder", encoder ?? "none", other.encoder ?? "none"),
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
