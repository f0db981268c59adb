import NumericKernels

/// What is known of the abilities (θ, c) of an LLM: a normal distribution of k + 1 numbers.
public struct Abilities: Equatable, Sendable {
  /// The mean (θ, c).
  public let mean: [Double]
  /// The lower triangle of the covariance, see `PackedSymmetric`.
  public let covariance: [Double]

  /// A distribution from its moments.
  public init(mean: [Double], covariance: [Double]) {
    precondition(covariance.count == PackedSymmetric.count(order: mean.count))
    self.mean = mean
    self.covariance = covariance
  }

  /// The variance of one of the abilities.
  public func variance(of index: Int) -> Double { covariance[PackedSymmetric.place(index, index)] }
}

extension Abilities {
  /// How much wider than that of the known LLMs the distribution of a new one's abilities is taken to be.
  ///
  /// A new LLM may be stronger than all known ones: with the variance of those, intervals miss it.
  public struct Breadth: Equatable, Sendable {
    /// What the covariance is multiplied by.
    public var factor: Double
    /// What is added to each variance.
    public var floor: Double
    /// What is added to the variance of the intercept c besides.
    public var intercept: Double

    /// Three numbers, the factor above 0, the others at least 0.
    public init(factor: Double = 1.5, floor: Double = 0.05, intercept: Double = 0.3) {
      self.factor = factor
      self.floor = floor
      self.intercept = intercept
    }
  }

  /// The same with a wider covariance.
  public func widened(by breadth: Breadth) -> Abilities {
    var wide = covariance.map { $0 * breadth.factor }
    for index in mean.indices { wide[PackedSymmetric.place(index, index)] += breadth.floor }
    if let last = wide.indices.last { wide[last] += breadth.intercept }
    return Abilities(mean: mean, covariance: wide)
  }

  /// What a model knows of an LLM that it has no answer of: what its trainer says of new ones, or else the moments of
  /// its LLMs; widened.
  public init(priorOf model: FactorModel, breadth: Breadth = Breadth()) {
    self = (model.newLLM?.abilities ?? Abilities(momentsOf: model)).widened(by: breadth)
  }

  private init(momentsOf model: FactorModel) {
    let k = model.llmFactors.columns
    let count = model.llmFactors.rows
    var values = model.llmFactors.appending(
      columns: Matrix(rows: count, columns: 1, storage: model.llmBiases))
    let means = (0...k).map { values.column($0).reduce(0, +) / Float(count) }
    values.addToRows(means.map { -$0 })
    let moments = BLAS.gram(values, scale: 1 / Float(count))
    let own = (0...k).map { column in
      model.llmStandardErrors.map { errors in
        errors.column(column).reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
      } ?? 0
    }
    let typical = (0...k).reduce(0.0) { $0 + Double(moments[$1, $1]) + own[$1] } / Double(k + 1)
    var covariance: [Double] = []
    for row in 0...k {
      for column in 0...row {
        var value = Double(moments[row, column])
        // So few LLMs as factors or fewer leave directions in which none differs.
        if row == column { value += own[row] + max(1e-3 * typical, 1e-6) }
        covariance.append(value)
      }
    }
    self.init(mean: means.map(Double.init), covariance: covariance)
  }
}

extension Abilities {
  /// gᵀ·Σ·g: the variance of a sum of the abilities with weights g.
  public func variance(along slope: [Double]) -> Double {
    slope.indices.reduce(0.0) { sum, row in
      sum + slope[row] * times(slope, row: row)
    }
  }

  /// Σ·g.
  public func covarianceTimes(_ vector: [Double]) -> [Double] {
    vector.indices.map { times(vector, row: $0) }
  }

  private func times(_ vector: [Double], row: Int) -> Double {
    vector.indices.reduce(0.0) { $0 + covariance[PackedSymmetric.place(row, $1)] * vector[$1] }
  }
}
