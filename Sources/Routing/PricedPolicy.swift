import NumericKernels
import RoutingData

/// Follows another policy on what an answer is worth after its cost: p − λ·cost, among candidates that a budget allows.
public struct PricedPolicy: Policy {
  /// The name of the policy that is followed, with `priced`.
  public let name: String
  /// λ, what one unit of cost is worth in responses, at least 0.
  public let price: Double
  /// The most that a query may cost; nil for no limit.
  public let budget: Double?
  private let followed: any Policy

  /// A policy of a price λ of at least 0 and a budget.
  public init(_ followed: any Policy, price: Double, budget: Double? = nil) {
    precondition(price >= 0 && price.isFinite, "price \(price)")
    name = "\(followed.name)+priced"
    self.followed = followed
    self.price = price
    self.budget = budget
  }

  /// The rule that breaks the ties of the policy that is followed.
  public var tieRule: TieRule? { followed.tieRule }

  /// The candidates that the budget allows, by their columns; all where there is none.
  ///
  /// - Throws: `DataError` for a budget that none of the candidates keeps.
  public func affordable(among candidates: Candidates) throws(DataError) -> [Int] {
    guard let budget, let costs = candidates.costs else { return Array(0..<candidates.count) }
    let kept = costs.indices.filter { costs[$0] <= budget }
    guard !kept.isEmpty else {
      throw DataError(
        "no candidate costs at most \(budget) a query: the cheapest, "
          + "'\(costs.indices.min { costs[$0] < costs[$1] }.map { candidates.names[$0] } ?? "")', costs "
          + "\(costs.min() ?? 0)")
    }
    return kept
  }

  /// The picks of the policy that is followed, on worths; 0 for candidates beyond the budget.
  ///
  /// Without costs, or with a price of 0, scores are followed as they are. A budget that nobody keeps allows all: ask
  /// `affordable` first.
  public func picks(_ scores: Scores, among candidates: Candidates) -> Matrix {
    guard let costs = candidates.costs else { return followed.picks(scores, among: candidates) }
    let kept = (try? affordable(among: candidates)) ?? Array(costs.indices)
    let worths = worths(scores, costs)
    guard kept.count < costs.count else { return followed.picks(worths, among: candidates) }
    let picks = followed.picks(worths.selecting(columns: kept), among: candidates.selecting(kept))
    var result = Matrix(rows: scores.values.rows, columns: costs.count)
    result.replaceColumns(kept, with: picks)
    return result
  }

  /// The scores with what an answer is worth after what it costs more than the cheapest in the place of their values.
  ///
  /// As they are without costs or price.
  public func worths(_ scores: Scores, among candidates: Candidates) -> Scores {
    guard let costs = candidates.costs else { return scores }
    return worths(scores, costs)
  }

  private func worths(_ scores: Scores, _ costs: [Double]) -> Scores {
    guard price > 0 else { return scores }
    var values = scores.probabilities ?? scores.values
    // What all candidates cost alike decides nothing, and would leave the responses no digits beside it.
    let cheapest = costs.min() ?? 0
    for row in 0..<values.rows {
      for column in 0..<values.columns {
        values[row, column] = Float(Double(values[row, column]) - price * (costs[column] - cheapest))
      }
    }
    return Scores(values, probabilities: scores.probabilities, standardErrors: scores.standardErrors)
  }
}

extension Scores {
  /// The scores of some candidates, by their columns.
  package func selecting(columns: [Int]) -> Scores {
    Scores(
      values.selecting(columns: columns), probabilities: probabilities?.selecting(columns: columns),
      standardErrors: standardErrors?.selecting(columns: columns))
  }
}
