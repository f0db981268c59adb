import Foundation
import NumericKernels
import RoutingData

/// Which answers of a log get graded: all, some by chance, or some that depend on the answer itself.
///
/// An answer of response r by LLM j is graded with probability f_j + r·(s_j − f_j): failures with f_j, successes with s_j.
/// Where the two differ, grades are missing not at random, and nothing that is seen tells the rates; a random audit does.
package struct Grading: Sendable {
  /// The probability with which a failure of each LLM is graded.
  let failures: [Double]
  /// The probability with which a success of each LLM is graded.
  let successes: [Double]
  /// The share of rows that are drawn by chance and graded, whatever their answer.
  let audits: Double

  /// All answers of some LLMs are graded.
  package static func all(llms: Int) -> Grading {
    Grading(
      failures: Array(repeating: 1, count: llms), successes: Array(repeating: 1, count: llms), audits: 0)
  }

  private init(failures: [Double], successes: [Double], audits: Double) {
    self.failures = failures
    self.successes = successes
    self.audits = audits
  }

  /// Rates of failures and successes for some LLMs, and the share of rows that are audited.
  ///
  /// With a spread each LLM's rate of successes is moved by a normal number times it on the scale of log-odds, so that
  /// what is seen ranks LLMs wrongly too.
  ///
  /// - Throws: `DataError` for rates or a share outside [0, 1], or a spread that is negative or moves a rate of 0 or 1.
  package init(
    failures: Double, successes: Double, spread: Double = 0, audits: Double = 0, llms: Int, seed: UInt64
  ) throws(DataError) {
    for (what, share) in [("failures", failures), ("successes", successes), ("audits", audits)]
    where !(share >= 0 && share <= 1) {
      throw DataError("\(share) of \(what) graded: a share from 0 to 1 is possible")
    }
    guard spread >= 0, spread <= 10, spread == 0 || (successes > 0 && successes < 1) else {
      throw DataError(
        "a spread of \(spread) between the LLMs' rates: from 0 to 10 is possible, and successes between 0 and 1"
      )
    }
    let rates = (0..<llms).map { llm in
      guard spread > 0 else { return successes }
      var generator = SeededGenerator(seed: seed, stream: "grading", llm)
      let odds = log(successes / (1 - successes)) + spread * Double(generator.normal())
      return 1 / (1 + exp(-odds))
    }
    self.init(failures: Array(repeating: failures, count: llms), successes: rates, audits: audits)
  }

  /// The probability with which an LLM's answer is graded, audits aside.
  func rate(llm: Int, response: Float) -> Double {
    failures[llm] + Double(response) * (successes[llm] - failures[llm])
  }

  /// The probability with which a row is graded, as far as who made the log can know it; nil where it depends on the answer.
  ///
  /// Where all depends on chance alone it is a + (1 − a)·g for every row; else audited rows have a, and others nothing.
  func knownPropensity(llm: Int, isAudited: Bool) -> Double? {
    if failures[llm] == successes[llm] {
      let known = audits + (1 - audits) * failures[llm]
      return known < 1 && known > 0 ? known : nil
    }
    return isAudited ? audits : nil
  }
}
