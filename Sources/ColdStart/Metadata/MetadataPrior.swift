import Foundation
import Learning
import NumericKernels
import RoutingData

/// What a name, a family, a size and the like say of an LLM's abilities before any answer.
///
/// The abilities y of the known LLMs are regressed on their metadata x with an effect of each family and each generation:
/// y ~ N(m + Φ·w, S), w ~ N(0, S ⊗ R) with a variance in R for slopes, one for families and one for generations, chosen by
/// the evidence. So effects of families with few LLMs are shrunk towards 0, and an LLM of a family that nobody knows is
/// placed by its size, with the variance of families added. A prediction is N(m + φ·w, S·(1 + φᵀA⁻¹φ)), A = ΦᵀΦ + R⁻¹.
public struct MetadataPrior: Sendable {
  /// The variances to choose from, in units of what is left unexplained.
  private static let variances: [Float] = [1e-3, 0.03, 0.1, 0.3, 1, 3, 10]
  private static let interceptVariance: Float = 10

  private let features: MetadataFeatures
  private let scales: Scales
  private let general: Abilities
  private let solution: Solution

  /// The variances R by kind of column.
  private struct Scales {
    var slope: Float = 1
    var family: Float = 0.3
    var series: Float = 0.3

    func variance(of kind: MetadataFeatures.Kind) -> Float {
      switch kind {
      case .intercept: return interceptVariance
      case .slope: return slope
      case .family: return family
      case .series: return series
      }
    }
  }

  /// Learns from the LLMs of a model and their metadata, in its order; cost some 20·D³ for D families and generations.
  ///
  /// - Throws: `NumericalError` for abilities that overflow.
  public init(_ model: FactorModel, metadata: [LLMMetadata]) throws(NumericalError) {
    precondition(metadata.count == model.llmFactors.rows, "metadata of \(metadata.count) LLMs")
    let features = MetadataFeatures(metadata)
    general = Abilities(priorOf: model, breadth: Abilities.Breadth(factor: 1, floor: 0, intercept: 0))
    let problem = Problem(
      rows: features.rows(of: metadata), kinds: features.kinds,
      abilities: model.llmFactors.appending(
        columns: Matrix(rows: metadata.count, columns: 1, storage: model.llmBiases)),
      general: general)
    var best = Scales()
    var solution = try problem.solved(best)
    for _ in 0..<2 {
      for place in [\Scales.slope, \Scales.family, \Scales.series] {
        for variance in Self.variances {
          var other = best
          other[keyPath: place] = variance
          let found = try problem.solved(other)
          if found.evidence > solution.evidence { (best, solution) = (other, found) }
        }
      }
    }
    self.features = features
    scales = best
    self.solution = solution
  }

  /// Whether metadata say anything: a size, instruct or base, or a family that is known.
  public func isInformed(by llm: LLMMetadata) -> Bool {
    llm.size != nil || llm.isInstruct != nil || knows(family: llm.family)
  }

  /// Whether LLMs of a family are known.
  public func knows(family: String?) -> Bool { family.map { features.knows(family: $0) } ?? false }

  /// The abilities of an LLM with some metadata; those of any LLM where these say nothing.
  public func abilities(of llm: LLMMetadata) -> Abilities {
    guard isInformed(by: llm) else { return general }
    var row = features.rows(of: [llm])
    row.update(with: Matrix([features.kinds.map { scales.variance(of: $0).squareRoot() }])) { $0 *= $1 }
    let mean = zip(general.mean, BLAS.multiply(row, solution.weights).row(0)).map { $0 + Double($1) }
    var whitened = row
    solution.system.whitenRows(of: &whitened)
    var share = 1 + Double(BLAS.dot(whitened.row(0), whitened.row(0)))
    for kind in features.unknownGroups(of: llm) { share += Double(scales.variance(of: kind)) }
    return Abilities(mean: mean, covariance: solution.residual.map { $0 * share })
  }

  /// A regression at some variances.
  private struct Solution {
    let evidence: Double
    /// The weights divided by √R, D × p.
    let weights: Matrix
    /// √R·ΦᵀΦ·√R + 1.
    let system: Cholesky
    /// The lower triangle of S.
    let residual: [Double]
  }

  private struct Problem {
    let kinds: [MetadataFeatures.Kind]
    let gram: Matrix
    let products: Matrix
    let squares: Matrix
    let count: Double
    let general: Abilities

    init(rows: Matrix, kinds: [MetadataFeatures.Kind], abilities: Matrix, general: Abilities) {
      var targets = abilities
      targets.addToRows(general.mean.map { -Float($0) })
      self.kinds = kinds
      self.general = general
      gram = BLAS.gram(rows)
      products = BLAS.multiply(rows, .transposed, targets, .asStored)
      squares = BLAS.gram(targets)
      count = Double(rows.rows)
    }

    func solved(_ scales: Scales) throws(NumericalError) -> Solution {
      let roots = kinds.map { scales.variance(of: $0).squareRoot() }
      var matrix = gram
      var sides = products
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns { matrix[row, column] *= roots[row] * roots[column] }
        matrix[row, row] += 1
        for column in 0..<sides.columns { sides[row, column] *= roots[row] }
      }
      let system = try Cholesky(matrix)
      let weights = system.solve(sides)
      var left = squares
      BLAS.add(sides, .transposed, weights, .asStored, scale: -1, to: &left)
      // One LLM of the general covariance is added, so that few LLMs leave no direction without variance.
      let added = 1.0
      let residual = zip(PackedSymmetric.packed(left), general.covariance).map {
        (Double($0) + added * $1) / (count + added)
      }
      var own = SmallCholesky(order: general.mean.count)
      own.factor = residual
      guard own.decompose() else { throw .notFinite(what: "the regression of the known LLMs' abilities") }
      let logOfSystem = system.pivots.reduce(0.0) { $0 + log(Double($1)) }
      return Solution(
        evidence: -(Double(general.mean.count) * logOfSystem + (count + added) * own.logDeterminant) / 2,
        weights: weights, system: system, residual: residual)
    }
  }
}

extension MetadataPrior {
  /// Learns from the LLMs of a model and what its dataset's catalogue, or else their names, say of them.
  ///
  /// - Throws: `NumericalError` for abilities that overflow.
  public init(_ trained: TrainedQueries) throws(NumericalError) {
    let catalog = trained.dataset.catalog
    try self.init(
      trained.model,
      metadata: trained.model.identity.llms.map { name in
        catalog.index(of: name).map { LLMMetadata(of: $0, in: catalog) } ?? LLMMetadata(name: name)
      })
  }
}
