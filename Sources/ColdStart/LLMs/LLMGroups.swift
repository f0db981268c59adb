import FileFormats
import NumericKernels
import RoutingData

/// LLMs that belong together: a family, or one alone; and whoever answers almost as another does.
struct LLMGroups: Sendable {
  /// Two LLMs that agree on more than this share of their answers count as copies of each other.
  private static let copy = 0.95
  private static let leastCommon = 50
  private static let mostPairs = 1_000_000

  /// The group of each LLM of a benchmark, numbered in the order of the first member.
  let groups: [Int]
  /// The names of the groups.
  let names: [String]
  /// The near copies of each LLM.
  let copies: [[Int]]

  /// The families of a benchmark's LLMs; an LLM without a family stands alone.
  init(families benchmark: Benchmark, catalog: LLMCatalog) {
    (groups, names) = catalog.families(of: benchmark.llms)
    copies = Self.copies(in: benchmark)
  }

  /// Single LLMs.
  init(single benchmark: Benchmark, catalog: LLMCatalog) {
    groups = Array(benchmark.llms.indices)
    names = benchmark.llms.map { catalog.names[$0] }
    copies = Self.copies(in: benchmark)
  }

  private static func copies(in benchmark: Benchmark) -> [[Int]] {
    let pairs = ColumnAgreement.pairs(
      of: benchmark.responses.cells, threshold: copy,
      minimumCommon: min(leastCommon, benchmark.queries.count), keeping: mostPairs
    ).top
    var result = [[Int]](repeating: [], count: benchmark.llms.count)
    for pair in pairs {
      result[pair.first].append(pair.second)
      result[pair.second].append(pair.first)
    }
    return result
  }
}
