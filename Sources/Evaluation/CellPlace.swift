import FileFormats

/// Where a cell belongs in a run.
struct CellPlace: Hashable {
  let benchmark: Name
  let size: Int
  let group: Name

  init(benchmark: String, size: Int, group: String) {
    self.benchmark = Name(benchmark)
    self.size = size
    self.group = Name(group)
  }

  init(_ cell: CellResult) {
    self.init(benchmark: cell.benchmark, size: cell.size, group: cell.group.rawValue)
  }

  init(_ cell: SkippedCell) {
    self.init(benchmark: cell.benchmark, size: cell.size, group: cell.group.rawValue)
  }

  /// The places of a run: by benchmark, then size, then group, and last a user's own pools.
  static func all(of configuration: RunConfiguration) -> [CellPlace] {
    configuration.benchmarks.flatMap { benchmark in
      configuration.sizes.flatMap { size in
        configuration.groups.map { CellPlace(benchmark: benchmark, size: size, group: $0) }
      }
        + (configuration.ownPools ?? []).map {
          CellPlace(benchmark: benchmark, size: $0.llms.count, group: $0.name)
        }
    }
  }

  /// The file of the cell's result in a results folder.
  func file(in folder: String) -> String {
    ResultsFolder.cellPath(in: folder, benchmark: benchmark.text, size: size, group: group.text)
  }
}
