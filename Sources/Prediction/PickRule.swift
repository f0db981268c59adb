/// What decides a pick beside the model: a policy, what cost is worth, and what a query may cost.
package struct PickRule: Equatable, Sendable {
  /// How scores become picks.
  package var recipe: PickRecipe
  /// λ, what one unit of cost is worth in responses; nil where cost does not count.
  package var price: Double?
  /// The most that a query may cost; nil for no limit.
  package var budget: Double?

  /// A rule; the price and the budget are finite and at least 0.
  package init(_ recipe: PickRecipe = .argmax, price: Double? = nil, budget: Double? = nil) {
    self.recipe = recipe
    self.price = price
    self.budget = budget
  }

  /// Whether it looks at costs.
  package var needsCosts: Bool { price != nil || budget != nil }
}
