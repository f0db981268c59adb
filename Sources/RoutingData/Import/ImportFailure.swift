import FileFormats

/// Errors of an import always name the file.
enum ImportFailure {
  /// Runs a step of an import; data that don't fit together become an error of the file they come from.
  ///
  /// - Throws: `FileError`, and what else `body` throws.
  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DataError {
      throw FileError(path, error.description)
    }
  }
}

extension ImportResult {
  /// What was read of a file, checked to be fit for a dataset folder.
  ///
  /// - Throws: `FileError` for a benchmark or an encoder whose name can't be part of a path, with the remedy.
  init(_ dataset: Dataset, notes: [String], path: String) throws {
    do {
      try DatasetPaths.requireNames(of: dataset)
    } catch {
      throw FileError(path, "\(error.description); choose names with --benchmark and --encoder")
    }
    self.init(dataset: dataset, notes: notes)
  }
}
