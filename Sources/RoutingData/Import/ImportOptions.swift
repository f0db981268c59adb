import Foundation

/// Choices that all importers share.
public struct ImportOptions: Sendable {
  /// The benchmark's name where the file doesn't say it, or the only benchmark to take where it holds several;
  /// nil takes the file's name, or all.
  public var benchmark: String?
  /// The array of an archive that says the benchmark of each query, where it is not called `benchmark`.
  public var benchmarkArray: String?
  /// The encoder's name for embeddings that come without one; nil takes a name from the file.
  public var encoder: String?
  /// The seed of the split, where the data has none.
  public var splitSeed: UInt64
  /// What the columns of a table are called.
  public var columns = AnswerColumnNames()
  /// What the rows of a wide table are; nil for one row an answer.
  public var wide: WideRows?
  /// What becomes of pairs with several grades that differ.
  public var duplicates: DuplicateAnswers
  /// The number that is the best grade of a table: 100 for percent.
  public var scale: Double
  /// The bytes that matrices may take which the file doesn't fill; nil takes 128 MiB, or 16 times the file's size
  /// where that is more.
  public var memoryLimit: Int?
  /// Told of the share done, from 0 to 1, some times a second at most.
  public var progress: @Sendable (Double) -> Void

  /// Options; the defaults take names from files.
  public init(
    benchmark: String? = nil, benchmarkArray: String? = nil, encoder: String? = nil, splitSeed: UInt64 = 0,
    duplicates: DuplicateAnswers = .error, scale: Double = 1, memoryLimit: Int? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.benchmark = benchmark
    self.benchmarkArray = benchmarkArray
    self.encoder = encoder
    self.splitSeed = splitSeed
    self.duplicates = duplicates
    self.scale = scale
    self.memoryLimit = memoryLimit
    self.progress = progress
  }

  /// The bytes that the matrices of a file of this size may take.
  func memoryLimit(fileSize: Int) -> Int { memoryLimit ?? max(1 << 27, fileSize.saturatingProduct(16)) }

  /// The benchmark's name: as chosen, or a file's name without its folder, a suffix and its ending.
  func benchmarkName(from path: String, dropping suffix: String = "") -> String {
    benchmark ?? Self.stem(of: path, dropping: suffix)
  }

  /// The encoder's name: as chosen, or from a file such as `RoBERTa_last_result.pkl`.
  func encoderName(from path: String) -> String { encoder ?? Self.stem(of: path, dropping: "_result") }

  /// A file's name without its folder, its ending and a suffix.
  static func stem(of path: String, dropping suffix: String = "") -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return !suffix.isEmpty && name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }

  /// A file's name without its folder, as a dataset names its source.
  static func fileName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}

/// What an importer read.
public struct ImportResult: Sendable {
  /// The data, in memory or still in the mapped files.
  public let dataset: Dataset
  /// What the user should know, one line each, such as parts of a file that were left out.
  public let notes: [String]
}
