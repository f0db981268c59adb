import Learning
import NumericKernels
import RoutingData

/// Responses to regress on the features of queries: the train queries of all benchmarks, one below the other.
///
/// Memory 4·n·(d + m) bytes, and as many again for m where there are weights.
struct RegressionProblem: Sendable {
  /// LLMs that answered the same queries with the same weights, so that one factorization serves them all.
  struct MaskGroup: Equatable, Sendable {
    /// The rows with a response, ascending.
    let rows: [Int]
    /// The LLMs, as columns.
    let columns: [Int]
    /// How much each row counts, above 0; nil where all count 1.
    var weights: [Float]?
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
  /// The LLMs by the rows that they answered, and these rows' weights.
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
    let isWeighted = data.blocks.contains { $0.train.cells.weights != nil }
    var weights = Matrix(rows: isWeighted ? llms.count : 0, columns: count, repeating: 1)
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
          if let own = part.cells.weights { weights[column, first + row] = own[row, source] }
        }
      }
      benchmarks += Array(repeating: number, count: part.count)
    }
    self.init(
      benchmarks: benchmarks, benchmarkCount: data.blocks.count,
      inputs: .stacked(data.features.blocks), targets: targets,
      groups: Self.groups(observed, weights: isWeighted ? weights : nil))
  }

  /// The columns (rows of `observed` and `weights`, m × n) with equal masks and weights, in the order of their first
  /// members.
  static func groups(_ observed: BitMatrix, weights: Matrix? = nil) -> [MaskGroup] {
    struct Key: Hashable {
      let mask: [UInt8]
      let weights: [Float]?
    }
    var members: [Key: Int] = [:]
    var groups: [MaskGroup] = []
    var columns: [[Int]] = []
    let width = observed.bytesPerRow
    for column in 0..<observed.rows {
      let mask = Array(observed.bytes[column * width..<(column + 1) * width])
      let rows = (0..<(weights == nil ? 0 : observed.columns)).filter { observed[column, $0] }
      let own = weights.map { weights in rows.map { weights[column, $0] } }
      let key = Key(mask: mask, weights: own)
      if let group = members[key] {
        columns[group].append(column)
      } else {
        members[key] = columns.count
        columns.append([column])
        groups.append(
          MaskGroup(
            rows: weights == nil ? (0..<observed.columns).filter { observed[column, $0] } : rows, columns: [],
            weights: own))
      }
    }
    return zip(groups, columns).map { MaskGroup(rows: $0.rows, columns: $1, weights: $0.weights) }
  }

  /// Whether some response counts more than another.
  var isWeighted: Bool { groups.contains { $0.weights != nil } }

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
      let kept = group.rows.indices.filter { place[group.rows[$0]] != nil }
      guard !kept.isEmpty else { return nil }
      return MaskGroup(
        rows: kept.compactMap { place[group.rows[$0]] }, columns: group.columns,
        weights: group.weights.map { weights in kept.map { weights[$0] } })
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

  /// How much each cell counts, n × m: 1 without weights, 0 where it is missing.
  var weights: Matrix {
    var result = Matrix(rows: targets.rows, columns: targets.columns)
    for group in groups {
      for (place, row) in group.rows.enumerated() {
        for column in group.columns { result[row, column] = group.weights?[place] ?? 1 }
      }
    }
    return result
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
