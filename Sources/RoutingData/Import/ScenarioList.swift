import FileFormats

/// Which sub-scenarios make up which benchmark, in the order of the benchmark's rows.
public struct ScenarioList: Equatable, Sendable {
  /// One benchmark.
  public struct Scenario: Equatable, Sendable {
    /// The benchmark's name.
    public let benchmark: String
    /// Its sub-scenarios, by the names that score files use.
    public let subscenarios: [String]
  }

  /// The benchmarks, in the order of their import.
  public let scenarios: [Scenario]

  /// A list from its parts.
  public init(_ scenarios: [Scenario]) { self.scenarios = scenarios }

  /// RouterEval's twelve benchmarks (arXiv 2503.10657 and its published code).
  public static let routerEval = ScenarioList(
    RouterEvalBenchmarks.all.map { benchmark in
      Scenario(benchmark: benchmark.name, subscenarios: benchmark.subscenarios.map(\.name))
    })

  /// Reads a JSON dictionary `{"benchmark": ["sub-scenario", …]}`; benchmarks are taken in the order of their
  /// names.
  ///
  /// - Throws: `FileError` for another structure, an empty list or a sub-scenario that occurs twice.
  public init(jsonFile path: String) throws(FileError) {
    let lists = try JSONFile.read([String: [String]].self, path: path)
    let sorted = lists.sorted { Name($0.key) < Name($1.key) }
    var seen = NameIndex()
    for (benchmark, names) in sorted {
      guard !names.isEmpty else { throw FileError(path, at: .key(benchmark), "lists no sub-scenario") }
      for name in names where !seen.insert(name) {
        throw FileError(path, at: .key(benchmark), "sub-scenario '\(name)' occurs twice")
      }
    }
    guard !lists.isEmpty else { throw FileError(path, "lists no benchmark") }
    scenarios = sorted.map { Scenario(benchmark: $0.key, subscenarios: $0.value) }
  }
}
