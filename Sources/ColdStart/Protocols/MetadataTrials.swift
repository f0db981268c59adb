import Learning
import NumericKernels
import RoutingData

extension LLMExperiment {
  /// How LLMs without an answer are placed in tables.
  static let noAnchors = "none"

  /// Places the LLMs of a fold by their metadata: without an answer, beside what is known of any LLM; and with few answers.
  ///
  /// With a family held out, only size and the like are left; with single LLMs held out, relatives are known. Answers are
  /// those to anchors drawn at random, where the grid has them.
  func placedByMetadata(
    _ fold: LLMFolds.Fold, model: FactorModel
  ) throws -> [PlacedLLM] {
    let prior = try MetadataPrior(
      model, metadata: fold.known.map { LLMMetadata(of: benchmark.llms[$0], in: catalog) })
    let general = Placement(try model.foldIn())
    var anchors: [Int] = []
    if grid.policies.contains(.fixed(.random)) {
      anchors = try AnchorPlan(general, of: model, benchmark: 0, seed: grid.seed)
        .anchors(grid.counts.last ?? 0, by: .random)
    }
    let responses = benchmark.responses.selecting(llms: fold.heldOut).dense()
    var result: [PlacedLLM] = []
    for (place, llm) in fold.heldOut.enumerated() {
      let metadata = LLMMetadata(of: benchmark.llms[llm], in: catalog)
      let informed = try general.with(
        prior: prior.abilities(of: metadata).widened(by: Abilities.Breadth()))
      func add(_ estimator: EstimatorName, _ placement: Placement, count: Int) throws {
        let answers = anchors.prefix(count).map {
          GradedAnchor(benchmark: 0, query: $0, response: responses[$0, place])
        }
        let placed = try placement.placed(answers)
        let (estimate, interval) = (placed.accuracies[0], model.intervals(of: placed, chosen: .random)[0])
        result.append(
          PlacedLLM(
            benchmark: benchmark.name, fold: fold.name, llm: catalog.names[benchmark.llms[llm]],
            anchors: count == 0 ? Self.noAnchors : AnchorMethod.random.rawValue, estimator: estimator,
            answers: count, truth: accuracies[llm], estimate: estimate.mean, low: interval.lowerBound,
            high: interval.upperBound))
      }
      try add(.mirt, general, count: 0)
      try add(.metadata, informed, count: 0)
      for count in grid.counts where count <= anchors.count { try add(.metadata, informed, count: count) }
    }
    return result
  }
}
