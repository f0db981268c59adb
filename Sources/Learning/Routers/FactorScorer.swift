import NumericKernels
import Routing
import RoutingData

/// A factor model's scores of some candidates.
struct FactorScorer: CandidateScorer {
  private let model: FactorModel
  /// The candidates, as rows of the model's factors.
  private let llms: [Int]
  private let panels: ProductPanels
  private let biases: [Float]
  private let errors: Errors?

  /// A scorer from the factors of candidates, divided by κ and packed, and their biases.
  init(model: FactorModel, llms: [Int], panels: ProductPanels, biases: [Float]) {
    self.model = model
    self.llms = llms
    self.panels = panels
    self.biases = biases
    errors = Errors(model, llms)
  }

  func scores(for batch: QueryBatch) throws -> Scores { scores(ofVectors: try model.vectors(of: batch)) }

  /// The standard error of a predicted response is p(1 − p)·slope·s/κ: s² is what the encoder leaves open of the
  /// query's vector, uᵀΣu, and what the posterior leaves open of the LLM, Σᵢ hᵢ² sd(uᵢ)² + sd(c)² (delta method).
  func scoresWithErrors(for batch: QueryBatch) throws -> (scores: Scores, errors: Matrix?) {
    let vectors = try model.vectors(of: batch)
    let scores = scores(ofVectors: vectors)
    guard let errors, let probabilities = scores.probabilities else { return (scores, nil) }
    return (
      scores,
      Elementwise.errors(
        ofProbabilities: probabilities, variances: errors.variances(ofVectors: vectors),
        factor: abs(model.calibration.slope))
    )
  }

  private func scores(ofVectors vectors: Matrix) -> Scores {
    let found = panels.scores(
      of: vectors, biases: biases, slope: model.calibration.slope, intercept: model.calibration.intercept)
    guard let caution = model.caution else { return Scores(found.scores, probabilities: found.probabilities) }
    var scores = found.scores
    scores.addToRows(llms.map { -caution.margins[$0] })
    var errors = Matrix(rows: scores.rows, columns: scores.columns)
    errors.addToRows(llms.map { caution.standardErrors[$0] })
    return Scores(scores, probabilities: found.probabilities, standardErrors: errors)
  }
}

extension FactorScorer {
  /// What is not known of candidates, in the unit of scores.
  private struct Errors {
    /// (uᵀΣu + sd(c)²)/κ² of each candidate.
    private let constant: [Float]
    /// sd(u)²/κ², packed; nil where the model has none.
    private let perFactor: ProductPanels?
    private let factors: Int

    /// Nil where nothing is known of it.
    init?(_ model: FactorModel, _ llms: [Int]) {
      guard model.llmStandardErrors != nil || model.queryEncoder.residualCovariance != nil else { return nil }
      factors = model.llmFactors.columns
      var constant = [Float](repeating: 0, count: llms.count)
      if model.queryEncoder.residualCovariance != nil {
        // κ² = 1 + π uᵀΣu/8.
        for (place, llm) in llms.enumerated() {
          let square = model.scales[llm] * model.scales[llm]
          constant[place] = (square - 1) * 8 / Float.pi / square
        }
      }
      guard let deviations = model.llmStandardErrors else {
        (self.constant, perFactor) = (constant, nil)
        return
      }
      var squares = Matrix(rows: llms.count, columns: factors)
      for (place, llm) in llms.enumerated() {
        let scale = model.scales[llm]
        for factor in 0..<factors {
          let deviation = deviations[llm, factor] / scale
          squares[place, factor] = deviation * deviation
        }
        let bias = deviations[llm, factors] / scale
        constant[place] += bias * bias
      }
      self.constant = constant
      perFactor = ProductPanels(squares, .transposed)
    }

    /// The variance of each score, n × m.
    func variances(ofVectors vectors: Matrix) -> Matrix {
      var result: Matrix
      if let perFactor {
        var squares = Matrix(rows: vectors.rows, columns: factors)
        for row in 0..<vectors.rows {
          for factor in 0..<factors { squares[row, factor] = vectors[row, factor] * vectors[row, factor] }
        }
        result = perFactor.multiplied(by: squares)
      } else {
        result = Matrix(rows: vectors.rows, columns: constant.count)
      }
      result.addToRows(constant)
      return result
    }
  }
}
