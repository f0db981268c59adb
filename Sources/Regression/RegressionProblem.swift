import Learning
import NumericKernels
import RoutingData

/// Responses to regress on the features of queries: the train queries of all benchmarks, one below the other.
///
/// Memory 4·n·(d + m) bytes.
struct RegressionProblem: Sendable {
  /// LLMs that answered the same queries, so that one factorization serves them all.
  struct MaskGroup: Equatable, Sendable {
    /// The rows with a response, ascending.
    let rows: [Int]
    /// The LLMs, as columns.
    let columns: [Int]
  }

  /// More groups than this are not factored one by one; see `ColumnwiseConjugateGradients`.
  static let maximumGroups = 8

  /// The benchmark of each row, as a number from 0.
  let benchmarks: [Int]
  /// The number of benchmarks, B.
  let benchmarkCount: Int
  /// The features, n × d.
  let inputs: Matrix
  /// The responses, n × m; 0 where one is missing.
  let targets: Matrix
  /// The LLMs by the rows that they answered.
  let groups: [MaskGroup]

  /// A problem from its parts.
  init(benchmarks: [Int], benchmarkCount: Int, inputs: Matrix, targets: Matrix, groups: [MaskGroup]) {
    precondition(
      benchmarks.count == inputs.rows && targets.rows == inputs.rows,
      "\(benchmarks.count) rows, inputs \(inputs.shapeText), targets \(targets.shapeText)")
    self.benchmarks = benchmarks
    self.benchmarkCount = benchmarkCount
    self.inputs = inputs
    self.targets = targets
    self.groups = groups
  }

  /// The train parts of the benchmarks of some data, all of its LLMs as columns.
  init(_ data: TrainingData) {
    let llms = data.llms
    let place = Dictionary(uniqueKeysWithValues: zip(llms, llms.indices))
    let count = data.trainQueryCount
    var targets = Matrix(rows: count, columns: llms.count)
    var observed = BitMatrix(rows: llms.count, columns: count)
    var benchmarks: [Int] = []
    for (number, block) in data.blocks.enumerated() {
      let first = benchmarks.count
      let part = block.train
      let responses = ResponseMatrix(part.cells)
      let columns = block.llms.compactMap { place[$0] }
      for row in 0..<part.count {
        for (source, column) in columns.enumerated() {
          guard let value = responses[row, source] else { continue }
          observed[column, first + row] = true
          targets[first + row, column] = value
        }
      }
      benchmarks += Array(repeating: number, count: part.count)
    }
    self.init(
      benchmarks: benchmarks, benchmarkCount: data.blocks.count,
      inputs: .stacked(data.features.blocks), targets: targets, groups: Self.groups(observed))
  }

  /// The columns (rows of `observed`, m × n) with equal masks, in the order of their first members.
  static func groups(_ observed: BitMatrix) -> [MaskGroup] {
    var members: [[UInt8]: Int] = [:]
    var columns: [[Int]] = []
    let width = observed.bytesPerRow
    for column in 0..<observed.rows {
      let mask = Array(observed.bytes[column * width..<(column + 1) * width])
      if let group = members[mask] {
        columns[group].append(column)
      } else {
        members[mask] = columns.count
        columns.append([column])
      }
    }
    return columns.map { columns in
      MaskGroup(rows: (0..<observed.columns).filter { observed[columns[0], $0] }, columns: columns)
    }
  }

  /// The same LLMs and other inputs for the same rows, such as features of a kernel.
  func with(inputs: Matrix) -> RegressionProblem {
    RegressionProblem(
      benchmarks: benchmarks, benchmarkCount: benchmarkCount, inputs: inputs, targets: targets, groups: groups
    )
  }

  /// The groups with the most responses, at most `count`, in their order.
  func largestGroups(_ count: Int) -> [MaskGroup] {
    let sizes = groups.map { $0.rows.count * $0.columns.count }
    let order = groups.indices.sorted { (-sizes[$0], $0) < (-sizes[$1], $1) }
    return order.prefix(count).sorted().map { groups[$0] }
  }

  /// Some rows (ascending) and the groups with the most responses, at most `maximumGroups`.
  func selecting(rows: [Int]) -> RegressionProblem {
    let place = Dictionary(uniqueKeysWithValues: zip(rows, rows.indices))
    let kept = largestGroups(Self.maximumGroups).compactMap { group -> MaskGroup? in
      let own = group.rows.compactMap { place[$0] }
      return own.isEmpty ? nil : MaskGroup(rows: own, columns: group.columns)
    }
    return RegressionProblem(
      benchmarks: rows.map { benchmarks[$0] }, benchmarkCount: benchmarkCount,
      inputs: inputs.selecting(rows: rows), targets: targets.selecting(rows: rows), groups: kept)
  }

  /// The targets of a group, rows × its columns.
  func targets(of group: MaskGroup) -> Matrix {
    let rows = group.rows.count == targets.rows ? targets : targets.selecting(rows: group.rows)
    return group.columns.count == targets.columns ? rows : rows.selecting(columns: group.columns)
  }

  /// The inputs of a group, rows × d.
  func inputs(of group: MaskGroup) -> Matrix {
    group.rows.count == inputs.rows ? inputs : inputs.selecting(rows: group.rows)
  }

  /// Zeros and ones: which cells are missing, n × m.
  var missing: Matrix {
    var result = Matrix(rows: targets.rows, columns: targets.columns, repeating: 1)
    for group in groups {
      for row in group.rows {
        for column in group.columns { result[row, column] = 0 }
      }
    }
    return result
  }
}
