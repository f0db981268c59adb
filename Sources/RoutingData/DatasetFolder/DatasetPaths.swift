import FileFormats

/// Where the files of a dataset folder stand, as paths relative to it.
package enum DatasetPaths {
  static let llms = "llms.csv"

  static func responses(_ benchmark: String) -> String { "responses/\(benchmark).npy" }
  static func observed(_ benchmark: String) -> String { "responses/\(benchmark).observed.npy" }
  static func columns(_ benchmark: String) -> String { "responses/\(benchmark).llms.npy" }
  static func costs(_ benchmark: String) -> String { "costs/\(benchmark).npy" }
  static func subscenarios(_ benchmark: String) -> String { "subscenarios/\(benchmark).npy" }
  static func split(_ benchmark: String) -> String { "splits/\(benchmark).npy" }
  static func embeddings(_ encoder: String, _ benchmark: String) -> String {
    "embeddings/\(encoder)/\(benchmark).npy"
  }
  static func featurizer(_ encoder: String) -> String { "embeddings/\(encoder)/featurizer.safetensors" }
  static func texts(_ benchmark: String) -> String { "prompts/\(benchmark).jsonl" }
  static func pools(_ benchmark: String) -> String { "pools/\(benchmark).json" }
  static func log(_ name: String) -> String { "logs/\(name).csv" }
  static func logColumns(_ name: String) -> String { "logs/\(name).llms.npy" }
  static func truth(_ name: String) -> String { "truth/\(name).npy" }

  /// Whether a name may be part of a path: letters, digits, `.`, `_` and `-`, not starting with `.`.
  package static func isName(_ name: some StringProtocol) -> Bool {
    !name.isEmpty && name.utf8.count <= 128 && name.first != "."
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: return true
        default: return false
        }
      }
  }

  /// Whether a relative path consists of such names.
  static func isInside(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isName($0) }
  }

  /// Throws unless every name of a dataset that becomes part of a path may be one.
  ///
  /// Two names that differ only in case are refused too: some file systems can't hold both.
  static func requireNames(of dataset: Dataset) throws(DataError) {
    var names = dataset.benchmarks.map { ("benchmark", $0.name) }
    for benchmark in dataset.benchmarks {
      names += benchmark.queries.embeddings.keys.sortedAsNames().map { ("encoder", $0) }
      // `x.llms` and the columns of `x` would be one file.
      if benchmark.name.hasSuffix(".llms") || benchmark.name.hasSuffix(".observed") {
        throw DataError(
          "benchmark name '\(benchmark.name)' has an ending that dataset folders use themselves")
      }
    }
    names += dataset.logs.map { ("log", $0.name) }
    for (kind, name) in names where !isName(name) {
      throw DataError(
        "\(kind) name '\(name)' can't be part of a path: use letters, digits, '.', '_' and '-', "
          + "and don't start with '.'")
    }
    for name in dataset.truth.keys.sortedAsNames() where !isInside(name) {
      throw DataError("truth name '\(name)' can't be part of a path")
    }
    for (kind, names) in [
      ("benchmark", dataset.benchmarks.map(\.name)), ("log", dataset.logs.map(\.name)),
    ] {
      var lowercased: [String: String] = [:]
      for name in names {
        if let other = lowercased.updateValue(name, forKey: name.lowercased()) {
          throw DataError("\(kind) names '\(other)' and '\(name)' differ only in case")
        }
      }
    }
  }
}
