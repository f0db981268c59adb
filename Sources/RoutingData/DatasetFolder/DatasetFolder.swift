import FileFormats

/// A dataset as a folder of open formats: NPY arrays, CSV, JSON and JSON Lines.
///
/// `dataset.json` names the benchmarks and holds each file's SHA-256. Beside it stand `llms.csv`,
/// `responses/<benchmark>.npy` (bits as `np.packbits(axis=1)` packs them, or `float32`; queries × LLMs) with
/// `.llms.npy` (rows of `llms.csv`) and, where responses are missing, `.observed.npy`; where costs are
/// known, `costs/<benchmark>.npy` (`float32`, queries × LLMs, NaN where one is not known);
/// `subscenarios/`, `splits/` (0 train, 1 validation, 2 test), `embeddings/<encoder>/` (with `featurizer.safetensors` where a text
/// featurizer made them), `prompts/*.jsonl`,
/// `pools/*.json`, for logs `logs/*.csv` with `.llms.npy` (columns of their benchmark) and, for synthetic data, `truth/`.
public enum DatasetFolder {
  /// Writes a dataset as a whole folder, atomically.
  ///
  /// - Parameter replacing: whether an older dataset folder at the path is replaced.
  /// - Returns: the hash that names the content.
  /// - Throws: `DataError` for a name that can't be part of a path; `FileError` if the folder can't be written.
  ///   What stood at the path then stays.
  /// - Complexity: one pass over the data; embeddings and prompts that lie in files are streamed.
  @discardableResult
  public static func write(_ dataset: Dataset, to path: String, replacing: Bool = false) throws -> String {
    try DatasetPaths.requireNames(of: dataset)
    var hash = ""
    try AtomicFolder.write(to: path, replacing: replacing, marker: DatasetManifest.fileName) { staging in
      var writer = DatasetWriter(folder: staging)
      hash = try writer.write(dataset)
    }
    return hash
  }

  /// Throws `FileError` if no dataset may be written to a path, so that nobody waits for one in vain.
  public static func checkOutput(_ path: String, replacing: Bool) throws(FileError) {
    try AtomicFolder.check(path, replacing: replacing, marker: DatasetManifest.fileName)
  }

  /// Throws `FileError` if a path is no dataset folder, or one that can't be written anew.
  public static func checkGrowth(_ path: String) throws(FileError) {
    try requireNothingElse(path)
    try checkOutput(path, replacing: true)
  }

  /// Opens a dataset folder.
  ///
  /// Responses and splits are read into memory; embeddings stay mapped; prompts stay in their file. Everything
  /// is checked against `dataset.json`, but no file is hashed: see `verify`.
  ///
  /// - Throws: `FileError` naming the file that is missing, damaged or doesn't fit.
  public static func open(_ path: String) throws -> Dataset {
    try DatasetReader(folder: path).read()
  }

  /// Adds benchmarks to a dataset folder, which is written anew, atomically.
  ///
  /// - Returns: the hash of the new content.
  /// - Throws: `FileError` for a benchmark that is there already, or if the folder can't be read or written. The
  ///   folder then stays as it was.
  @discardableResult
  public static func add(_ dataset: Dataset, to path: String) throws -> String {
    let old = try open(path)
    let whole: Dataset
    do {
      whole = try old.adding(dataset)
    } catch {
      throw FileError(path, "can't be added to: \(error.description)")
    }
    return try write(whole, to: path, replacing: true)
  }

  /// What a merge made of a dataset folder.
  public struct Merged: Sendable {
    /// The hash before.
    public let oldHash: String?
    /// The dataset as it is now; its hash is the one before where nothing was new.
    public let dataset: Dataset
    /// What was added.
    public let summary: MergeSummary
  }

  /// Merges a dataset into a dataset folder, which is written anew, atomically, or left alone where nothing is new.
  ///
  /// - Parameters:
  ///   - rule: which of two answers that contradict each other counts.
  ///   - splitSeed: see `Dataset.merging`.
  /// - Throws: `FileError` for what can't be merged (see `Dataset.merging`), or if the folder can't be read or written. The
  ///   folder then stays as it was.
  public static func merge(
    _ other: Dataset, into path: String, rule: MergeRule, splitSeed: UInt64 = 0
  ) throws -> Merged {
    let old = try open(path)
    do {
      let (whole, summary) = try old.merging(other, rule: rule, splitSeed: splitSeed)
      guard !summary.changesNothing(by: rule) else {
        return Merged(oldHash: old.hash, dataset: old, summary: summary)
      }
      try write(whole, to: path, replacing: true)
      return Merged(oldHash: old.hash, dataset: try open(path), summary: summary)
    } catch let error as DataError {
      throw FileError(path, "can't be merged into: \(error.description)")
    }
  }
}
