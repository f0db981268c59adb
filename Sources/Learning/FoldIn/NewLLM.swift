/// What a trainer found out about LLMs that its model never saw.
public struct NewLLM: Equatable, Sendable {
  /// The abilities (u, c) of LLMs whose families were held out: mean and covariance.
  public let abilities: Abilities
  /// How wide the intervals of its accuracy are.
  public let multipliers: IntervalMultipliers

  /// What was found out; without a look at intervals they are as wide as deviations say.
  public init(_ abilities: Abilities, multipliers: IntervalMultipliers = .none) {
    self.abilities = abilities
    self.multipliers = multipliers
  }
}

extension FactorModel {
  /// How wide the intervals of a new LLM's accuracy are: `IntervalMultipliers.none` where its trainer did not look.
  public var intervalMultipliers: IntervalMultipliers { newLLM?.multipliers ?? .none }

  /// The 95% intervals of a placed LLM's accuracies, by how the queries of its answers were chosen.
  public func intervals(
    of placed: Placement.Placed, chosen: IntervalMultipliers.Choice
  ) -> [ClosedRange<Double>] {
    let all = placed.accuracies.reduce(0) { $0 + $1.answered }
    return placed.accuracies.map { estimate in
      estimate.interval(
        multiplier: intervalMultipliers.multiplier(
          answers: estimate.answered, elsewhere: all - estimate.answered, chosen: chosen))
    }
  }
}
