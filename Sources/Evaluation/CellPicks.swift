import FileFormats
import Metrics
import NumericKernels
import Routing
import RoutingData

/// What every router of a cell did with each measured query, as a results folder keeps it beside the cell's results.
///
/// `cells/<benchmark>/<m>_<group>.npz` holds, for n queries, m candidates and R routers:
///
///     queries        n          rows of the benchmark
///     subscenarios   n          numbers of their sub-scenarios, whose queries are resampled together
///     routers        R          names, in the order of the cell's results
///     rewards        R × n      the expected response under the picks
///     picks_<r>      n          of router r from 0: the picked candidate, a position in the cell's `llms`
///                    n × m      the probability of each, where a router shares its picks
///                    1 × m      the same where all queries have the same
///
/// Differences between routers follow from it without the dataset.
public struct CellPicks: Equatable, Sendable {
  /// The measured queries, as rows of the benchmark, n of them.
  package let queries: [Int]
  /// The sub-scenario of each query.
  package let strata: [Int]
  /// The routers, in the order of the cell's results.
  package let routers: [RouterPicks]

  /// The picks of some routers on a pool's measured queries.
  package init(_ pool: PoolResponses, _ routed: [RoutedQueries]) {
    queries = pool.queries
    strata = pool.strata
    routers = routed.map(RouterPicks.init)
  }

  /// The routers as they routed these queries, as far as picks tell: with no predicted responses.
  ///
  /// - Throws: `DataError` where the pool's measured queries are others.
  package func routed(_ pool: PoolResponses) throws(DataError) -> [RoutedQueries] {
    guard queries == pool.queries, strata == pool.strata else {
      throw DataError("benchmark '\(pool.benchmark)': the routers of the run were measured on other queries")
    }
    return routers.map {
      let picks = $0.matrix(candidates: pool.llms.count)
      return RoutedQueries(
        router: $0.router, policy: HighestScore(), picks: picks, probabilities: picks, responses: pool.values)
    }
  }

  /// Writes the archive; equal picks give equal bytes.
  package func write(to path: String) throws(FileError) {
    let count = queries.count
    var arrays: [(name: String, array: NDArray)] = [
      ("queries", NDArray(int32: queries.map { Int32($0) }, shape: [count])),
      ("subscenarios", NDArray(int32: strata.map { Int32($0) }, shape: [count])),
      ("routers", NDArray(strings: routers.map(\.router))),
      ("rewards", NDArray(doubles: routers.flatMap(\.rewards), shape: [routers.count, count])),
    ]
    for (index, router) in routers.enumerated() {
      switch router.picks {
      case .single(let columns):
        arrays.append(("picks_\(index)", NDArray(int32: columns.map { Int32($0) }, shape: [count])))
      case .shared(let matrix): arrays.append(("picks_\(index)", NDArray(matrix: matrix)))
      }
    }
    try NPZ.write(arrays, to: path, compressed: true)
  }

  /// Reads an archive of a cell of `candidates` LLMs.
  ///
  /// - Throws: `FileError`, naming the array, for one that is missing, of another shape, or holds what is no reward or pick.
  package init(path: String, candidates: Int) throws(FileError) {
    let archive = try NPZ.open(path)
    let queries = try archive.array(named: "queries").integers()
    let subscenarios = try archive.array(named: "subscenarios")
    strata = try subscenarios.integers()
    let names = try archive.array(named: "routers").strings()
    let rewards = try archive.array(named: "rewards")
    guard !queries.isEmpty, strata.count == queries.count else {
      throw subscenarios.error("\(strata.count) sub-scenarios for \(queries.count) queries")
    }
    guard rewards.shape == [names.count, queries.count] else {
      throw rewards.error(
        "is \(NDArray.text(rewards.shape)), expected \(NDArray.text([names.count, queries.count]))")
    }
    let numbers = try rewards.doubles()
    guard numbers.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw rewards.error("has a reward outside 0 to 1")
    }
    var routers: [RouterPicks] = []
    for (index, name) in names.enumerated() {
      let array = try archive.array(named: "picks_\(index)")
      routers.append(
        RouterPicks(
          router: name, picks: try Self.picks(array, queries: queries.count, candidates: candidates),
          rewards: Array(numbers[index * queries.count..<(index + 1) * queries.count])))
    }
    self.queries = queries
    self.routers = routers
  }

  private static func picks(
    _ array: NDArray, queries: Int, candidates: Int
  ) throws(FileError) -> RouterPicks.Picks {
    if array.shape == [queries] {
      let columns = try array.integers()
      guard columns.allSatisfy((0..<candidates).contains) else {
        throw array.error("has a pick outside the \(candidates) candidates")
      }
      return .single(columns)
    }
    guard array.shape == [queries, candidates] || array.shape == [1, candidates] else {
      throw array.error(
        "is \(NDArray.text(array.shape)), expected \(queries) picks or probabilities of \(candidates) candidates"
      )
    }
    let matrix = try array.matrix()
    guard
      (0..<matrix.rows).allSatisfy({ row in
        let own = matrix.row(row)
        return own.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(own.reduce(0) { $0 + Double($1) } - 1) < 1e-3
      })
    else { throw array.error("has a row that is no distribution") }
    return .shared(matrix)
  }
}
