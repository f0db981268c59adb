import NumericKernels
import RoutingData

/// How sure a model is of each LLM's level, and what it takes from the LLM's score for that.
///
/// Predicted responses stay as they are: only picks are made with caution.
public struct ScoreCaution: Equatable, Sendable {
  /// The standard error of each LLM's scores, m numbers of at least 0.
  public let standardErrors: [Float]
  /// What is taken from each LLM's scores, m numbers of at least 0.
  public let margins: [Float]

  /// Standard errors and margins of the same LLMs.
  public init(standardErrors: [Float], margins: [Float]) {
    self.standardErrors = standardErrors
    self.margins = margins
  }

  /// Those saved as `llm_level_errors` and `llm_margins`; nil where there are none.
  ///
  /// - Throws: `DataError` for numbers that are negative, not finite or not one for each of the LLMs.
  init?(contents: TensorBundle, count: Int) throws(DataError) {
    guard contents.vectors["llm_margins"] != nil else { return nil }
    standardErrors = try contents.vector("llm_level_errors", count: count)
    margins = try contents.vector("llm_margins", count: count)
    guard (standardErrors + margins).allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw DataError("array 'llm_margins' or 'llm_level_errors' holds what is no number from 0 on")
    }
  }

  /// The same with one LLM more, of which nothing is taken.
  func adding(standardError: Float) -> ScoreCaution {
    ScoreCaution(standardErrors: standardErrors + [standardError], margins: margins + [0])
  }
}
