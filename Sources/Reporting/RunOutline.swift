import Evaluation
import FileFormats
import RoutingData

/// What a run holds, in the order in which tables and figures show it.
struct RunOutline {
  /// The benchmarks that have cells.
  let benchmarks: [String]
  /// The numbers of candidates that have cells, ascending.
  let sizes: [Int]
  private let cellCounts: [Int: Int]
  /// The groups that have cells, then a user's own pools.
  let groups: [CandidateGroup]
  /// The routers' names.
  let routers: [String]

  /// The outline of some cells.
  init(_ cells: [CellResult]) {
    func distinct(_ values: [String]) -> [String] {
      var seen: Set<Name> = []
      return values.filter { seen.insert(Name($0)).inserted }
    }
    benchmarks = distinct(cells.map(\.benchmark))
    sizes = Set(cells.map(\.size)).sorted()
    cellCounts = cells.reduce(into: [:]) { $0[$1.size, default: 0] += 1 }
    let found = cells.map(\.group)
    var seen = Set(CandidateGroup.allCases)
    groups = CandidateGroup.allCases.filter(found.contains) + found.filter { seen.insert($0).inserted }
    routers = distinct(cells.flatMap { $0.routers.map(\.name) })
  }

  /// The numbers of candidates of the paper's tables that the run has.
  var paperSizes: [Int] { sizes.filter { [3, 5].contains($0) } }

  /// Up to three sizes for pictures that show few: those of the paper and the largest of those that the most
  /// pools have.
  var shownSizes: [Int] {
    guard sizes.count > 3 else { return sizes }
    let most = cellCounts.values.max() ?? 0
    let common = sizes.filter { cellCounts[$0] == most }
    let first = paperSizes.isEmpty ? Array(sizes.prefix(1)) + [common[common.count / 2]] : paperSizes
    return Set(first + common.suffix(1)).sorted()
  }

  /// The benchmarks in lots that fit the width of a page.
  func lots(of count: Int) -> [[String]] {
    stride(from: 0, to: benchmarks.count, by: count).map {
      Array(benchmarks[$0..<min($0 + count, benchmarks.count)])
    }
  }
}

extension CandidateGroup {
  /// The group in words.
  var words: String {
    switch self {
    case .allStrong: return "all strong"
    case .allWeak: return "all weak"
    case .strongToWeak: return "strong to weak"
    case .own(let name): return name.text
    }
  }
}
