import NumericKernels

/// The weighted least squares problems of all rows of one side, the other side's factors held fixed.
///
/// Row i minimises ½ Σⱼ wᵢⱼ (yᵢⱼ − oⱼ − xᵢ·bⱼ)² + ½ xᵢᵀΛxᵢ, where b are the other side's factors and o its
/// biases: its normal matrix is Aᵢ = Σⱼ wᵢⱼ bⱼbⱼᵀ + Λ. A weight is that of the cell times 1 + α·y.
struct LeastSquaresSide {
  /// A block's share of the problems.
  struct Part {
    /// The graded cells as they are stored, queries × LLMs.
    let cells: GradedCells
    /// The same with the side's rows as rows; nil where no row is gathered cell by cell.
    let oriented: GradedCells?
    /// Whether the side's rows are the columns of `target`.
    let isTransposed: Bool
    /// Which row of the side each row of the part is; nil where they are all rows in order.
    let rows: [Int]?
    /// The other side's factors b, one a row.
    let factors: Matrix
    /// The other side's biases o.
    let offsets: [Float]
    /// Σ bⱼbⱼᵀ.
    let gram: Matrix
    /// (W∘(Y − o − X·Bᵀ))·B and the loss, for rows X of the part; X is 0 where it is nil.
    func residualTimes(_ x: Matrix?, gain: Float) -> (product: Matrix, loss: Double) {
      let count = isTransposed ? cells.columns : cells.rows
      let ones = Matrix(rows: count, columns: 1, repeating: 1)
      let offset = Matrix(rows: offsets.count, columns: 1, storage: offsets)
      let own = x.map { $0.appending(columns: ones) } ?? ones
      let other = x == nil ? offset : factors.appending(columns: offset)
      if isTransposed {
        let residuals = SquaredResiduals(cells, rows: other, columns: own, gain: gain)
        return (residuals.transposedTimes(factors), 0)
      }
      return SquaredResiduals(cells, rows: own, columns: other, gain: gain).timesWithLoss(factors)
    }

    /// (W∘(D·Bᵀ))·B for directions D of the part's rows.
    func curvatureTimes(_ directions: Matrix, gain: Float) -> Matrix {
      isTransposed
        ? SquaredResiduals(cells, rows: factors, columns: directions, gain: gain)
          .transposedCurvatureTimes(factors)
        : SquaredResiduals(cells, rows: directions, columns: factors, gain: gain).curvatureTimes(factors)
    }
  }

  /// Rows that take part in the same parts, so that they share the mean normal matrix.
  struct Group {
    let rows: [Int]
    /// Σ bⱼbⱼᵀ times the mean weight of a cell, missing ones counted as 0, over the parts.
    let gram: Matrix
  }

  let rowCount: Int
  let parts: [Part]
  let groups: [Group]
  /// The diagonal of Λ.
  let penalties: [Float]
  /// α of the weights 1 + α·y.
  let gain: Float
  /// What sums over the parts, those of other solvers included; nil for rows of one part and no other.
  let reduction: (any Reduction)?

  /// The solved rows, and the weighted squared loss ½ Σ w (y − z)² at the rows before.
  ///
  /// The loss is known for a side of one part that is not transposed, and 0 otherwise.
  typealias Solution = (rows: Matrix, loss: Double)

  /// Exactly, with one normal matrix for all rows of a group: no weights and no mask.
  ///
  /// Cost 2·n·m·p operations and one Cholesky factorization for each group.
  func solvedTogether(from start: Matrix) throws(NumericalError) -> Solution {
    let (moments, square) = try residualTimes(nil)
    var result = start
    var loss = square
    for group in groups {
      let gram = group.gram
      let old = start.selecting(rows: group.rows)
      let right = moments.selecting(rows: group.rows)
      loss += Self.change(of: old, moments: right, curved: BLAS.multiply(old, gram))
      var solved = right
      try cholesky(gram).solveRows(of: &solved)
      result.replaceRows(at: group.rows, with: solved)
    }
    return (result, loss)
  }

  /// Exactly, with a normal matrix for each row: the shared one and the cells that deviate from it.
  ///
  /// Cost 2·n·m·p operations, 2·p² for each deviating cell, and p³/3 for each row.
  func solvedByRow(from start: Matrix) throws(NumericalError) -> Solution {
    let (moments, square) = try residualTimes(nil)
    let grams = parts.map { part in
      RowGrams(part.oriented ?? part.cells, factors: part.factors, shared: part.gram, gain: gain)
    }
    var solved: [Result<Solution, NumericalError>] = []
    if let reduction {
      for range in Parallel.blocks(of: rowCount, size: rowsAtOnce) {
        let normals = try summedNormals(range, grams, reduction)
        solved += Parallel.map(range.count) { offset in
          let row = range.lowerBound + offset
          return solve(row..<row + 1, moments, start) { _ in normals[offset] }
        }
      }
    } else {
      let ranges = Parallel.blocks(of: rowCount, size: 64)
      solved = Parallel.map(ranges.count) { index in
        solve(ranges[index], moments, start) { row in
          var normal = Matrix(rows: penalties.count, columns: penalties.count)
          for part in grams { part.add(row: row, to: &normal) }
          return normal
        }
      }
    }
    var blocks: [Matrix] = []
    var loss = square
    for part in solved {
      let (rows, change) = try part.get()
      blocks.append(rows)
      loss += change
    }
    return (Matrix.stacked(blocks), loss)
  }

  /// Some rows, from their normal matrices without the penalty.
  private func solve(
    _ range: Range<Int>, _ moments: Matrix, _ start: Matrix, normal: (_ row: Int) -> Matrix
  ) -> Result<Solution, NumericalError> {
    var rows = Matrix(rows: range.count, columns: penalties.count)
    var loss = 0.0
    for (offset, row) in range.enumerated() {
      let normal = normal(row)
      let right = moments.selecting(rows: [row])
      let old = start.selecting(rows: [row])
      loss += Self.change(of: old, moments: right, curved: BLAS.multiply(old, normal))
      var solution = right
      do throws(NumericalError) {
        try cholesky(normal).solveRows(of: &solution)
      } catch {
        return .failure(error)
      }
      rows.replaceRows(at: [offset], with: solution)
    }
    return .success((rows, loss))
  }

  /// How many normal matrices are summed at once: 64 megabytes of them.
  private var rowsAtOnce: Int { min(max((1 << 24) / max(penalties.count * penalties.count, 1), 1), 512) }

  /// The normal matrices of some rows, summed over all parts: first what all rows have first, and so on.
  private func summedNormals(
    _ range: Range<Int>, _ grams: [RowGrams], _ reduction: any Reduction
  ) throws(NumericalError) -> [Matrix] {
    let p = penalties.count
    let blocks = parts.indices.lazy.flatMap { index -> [Matrix] in
      var places = [Int?](repeating: nil, count: rowCount)
      for (place, row) in (parts[index].rows ?? Array(0..<rowCount)).enumerated() { places[row] = place }
      let ownPlaces = places
      let terms = Parallel.map(range.count) { offset in
        ownPlaces[range.lowerBound + offset].map { grams[index].terms(row: $0) } ?? []
      }
      return (0..<(terms.map(\.count).max() ?? 0)).map { layer in
        var block = Matrix(rows: range.count * p, columns: p)
        for (offset, own) in terms.enumerated() where layer < own.count {
          block.replace(rows: offset * p, columns: 0, with: own[layer])
        }
        return block
      }
    }
    let sum = try reduction.sum(blocks, onto: Matrix(rows: range.count * p, columns: p))
    return range.indices.map { row in
      sum.selecting(rows: Array((row - range.lowerBound) * p..<(row - range.lowerBound + 1) * p))
    }
  }

  /// Approximately, by steps of conjugate gradients on all rows at once, preconditioned by the group's mean
  /// normal matrix.
  ///
  /// Each step lowers every row's objective. Cost 4·n·m·p operations for each step, and once more.
  /// Source: Hestenes and Stiefel 1952; for implicit feedback Takács, Pilászy and Tikk 2011.
  func solvedByConjugateGradients(from start: Matrix, steps: Int) throws(NumericalError) -> Solution {
    let (product, loss) = try residualTimes(start)
    var solution = start
    var residual = product
    residual.addProduct(of: start, with: penalties, scale: -1)
    let factored = try groups.map { group throws(NumericalError) in try cholesky(group.gram) }
    var preconditioned = self.preconditioned(residual, factored)
    var direction = preconditioned
    var descent = residual.rowDots(preconditioned)
    for step in 1...steps {
      var curved = try curvatureTimes(direction)
      curved.addProduct(of: direction, with: penalties, scale: 1)
      let curvature = direction.rowDots(curved)
      let lengths = zip(descent, curvature).map { $1 > 0 ? $0 / $1 : 0 }
      solution.addRows(of: direction, times: lengths)
      guard step < steps else { break }
      residual.addRows(of: curved, times: lengths.map { -$0 })
      preconditioned = self.preconditioned(residual, factored)
      let next = residual.rowDots(preconditioned)
      let keep = zip(next, descent).map { $1 > 0 ? $0 / $1 : 0 }
      var turned = preconditioned
      turned.addRows(of: direction, times: keep)
      (direction, descent) = (turned, next)
    }
    return (solution, loss)
  }

  /// ½ xᵀAx − x·g, the loss of rows x above that of zeros.
  private static func change(of x: Matrix, moments: Matrix, curved: Matrix) -> Double {
    zip(x.rowDots(curved), x.rowDots(moments)).reduce(0) { $0 + 0.5 * Double($1.0) - Double($1.1) }
  }

  private func preconditioned(_ residual: Matrix, _ factored: [Cholesky]) -> Matrix {
    var result = residual
    for (group, factor) in zip(groups, factored) {
      var rows = residual.selecting(rows: group.rows)
      factor.solveRows(of: &rows)
      result.replaceRows(at: group.rows, with: rows)
    }
    return result
  }

  private func residualTimes(_ x: Matrix?) throws(NumericalError) -> (product: Matrix, loss: Double) {
    guard reduction != nil else {
      // Rows of one part.
      return parts[0].residualTimes(x, gain: gain)
    }
    let product = try sum { part in
      part.residualTimes(x.map { rows in part.rows.map { rows.selecting(rows: $0) } ?? rows }, gain: gain)
        .product
    }
    return (product, 0)
  }

  private func curvatureTimes(_ directions: Matrix) throws(NumericalError) -> Matrix {
    try sum { part in
      part.curvatureTimes(part.rows.map { directions.selecting(rows: $0) } ?? directions, gain: gain)
    }
  }

  /// Σ over the parts of a matrix with a row for each of a part's rows.
  private func sum(_ product: @escaping (Part) -> Matrix) throws(NumericalError) -> Matrix {
    guard let reduction else { return product(parts[0]) }
    let zeros = Matrix(rows: rowCount, columns: penalties.count)
    let blocks = parts.lazy.map { part -> Matrix in
      guard let rows = part.rows else { return product(part) }
      var result = zeros
      result.replaceRows(at: rows, with: product(part))
      return result
    }
    return try reduction.sum(blocks, onto: zeros)
  }

  private func cholesky(_ gram: Matrix) throws(NumericalError) -> Cholesky {
    var normal = gram
    for (index, penalty) in penalties.enumerated() { normal[index, index] += penalty }
    return try Cholesky(normal, penalties: penalties)
  }
}
