import Learning
import NumericKernels
import RoutingData
import Testing

@testable import ColdStart

@Suite struct LLMExperimentTests {
  private static func experiment(
    _ data: PlantedLLMs, _ holdOut: HoldOut = .family, benchmark: Benchmark? = nil
  ) throws -> LLMExperiment {
    try LLMExperiment(
      benchmark ?? data.benchmark, catalog: data.catalog, holdOut: holdOut,
      policies: [.fixed(.random), .adaptive], counts: [10, 40], factors: 2, mostLLMs: 40, seed: 1)
  }

  @Test func foldsHoldFamiliesAndCopiesOut() throws {
    let data = try PlantedLLMs(llms: 40)
    let groups = LLMGroups(families: data.benchmark, catalog: data.catalog)
    let folds = LLMFolds(of: groups, among: Array(0..<40), seed: 0).folds
    #expect(folds.flatMap(\.heldOut).sorted() == Array(0..<40))
    for fold in folds {
      let families = Set(fold.heldOut.map { $0 % PlantedLLMs.families })
      #expect(fold.known.allSatisfy { !families.contains($0 % PlantedLLMs.families) })
    }
    // LLM 1 answers as LLM 0, of another family, does: whoever holds one out does not know the other.
    var columns = Array(0..<40)
    columns[1] = 0
    let copied = try Benchmark(
      name: "planted", queries: data.benchmark.queries, llms: Array(0..<40),
      responses: data.benchmark.responses.selecting(llms: columns), split: data.benchmark.split)
    let own = LLMGroups(families: copied, catalog: data.catalog)
    for fold in LLMFolds(of: own, among: Array(0..<40), seed: 0).folds {
      #expect(!(fold.heldOut.contains(0) && fold.known.contains(1)))
      #expect(!(fold.heldOut.contains(1) && fold.known.contains(0)))
    }
  }

  @Test func theFrontierIsTheBestQuarter() throws {
    let data = try PlantedLLMs(llms: 40)
    let accuracies = (0..<40).map(data.accuracy)
    let fold = LLMFolds(
      frontierOf: accuracies, among: Array(0..<40)
    ).folds[0]
    #expect(fold.heldOut.count == 10)
    let least = fold.heldOut.map { accuracies[$0] }.min() ?? 0
    #expect(fold.known.allSatisfy { accuracies[$0] <= least })
  }

  @Test func estimatesAreNearAndIntervalsHold() throws {
    let data = try PlantedLLMs(llms: 60)
    let experiment = try Self.experiment(data)
    var all: [PlacedLLM] = []
    for fold in 0..<experiment.foldCount { all += try experiment.placed(fold: fold) }
    let summaries = PlacementSummary.of(all)
    func cell(_ anchors: String, _ estimator: EstimatorName, _ answers: Int) throws -> PlacementSummary {
      try #require(
        summaries.first { $0.anchors == anchors && $0.estimator == estimator && $0.answers == answers })
    }
    let mirt = try cell("adaptive", .mirt, 40)
    #expect(mirt.llms == 40)
    let plain = try cell("random", .mean, 40)
    let fewer = try cell("adaptive", .mirt, 10)
    #expect(mirt.error < plain.error)
    #expect(mirt.coverage >= 0.85)
    #expect(abs(mirt.bias) < 3 * mirt.standardError)
    #expect(mirt.width < fewer.width)
  }

  /// What an LLM answered elsewhere must not be looked at: answers that nobody asked for change no estimate.
  @Test func onlyAnchorsAreLookedAt() throws {
    let data = try PlantedLLMs(llms: 40)
    let model = try data.model(of: Array(0..<30))
    let known = KnownBenchmark(
      Placement(try model.foldIn()), answers: data.benchmark.responses.cells.selecting(columns: Array(0..<30))
    )
    let grid = TrialGrid(policies: [.fixed(.random), .adaptive], counts: [15], seed: 2)
    let trials = try LLMTrials(known, model: model, grid: grid)
    let responses = (0..<400).map { data.benchmark.responses[$0, 35] ?? 0 }
    let cell = TrialGrid.Cell(policy: .fixed(.random), count: 15)
    let plan = AnchorPlan(known.placement, of: model, benchmark: 0, seed: 2)
    let anchors = Set(try plan.anchors(15, by: .random))
    let flipped = responses.enumerated().map { anchors.contains($0) ? $1 : 1 - $1 }
    #expect(try trials.estimates(responses)[cell] == trials.estimates(flipped)[cell])
    let moved = responses.enumerated().map { anchors.contains($0) ? 1 - $1 : $1 }
    #expect(try trials.estimates(responses)[cell] != trials.estimates(moved)[cell])
  }

  /// One after the other is no more: what was not asked for may be anything.
  @Test func askingLooksAtWhatItAskedFor() throws {
    let data = try PlantedLLMs(llms: 40)
    let model = try data.model(of: Array(0..<30))
    let known = KnownBenchmark(
      Placement(try model.foldIn()), answers: data.benchmark.responses.cells.selecting(columns: Array(0..<30))
    )
    let grid = TrialGrid(policies: [.adaptive], counts: [5, 15], seed: 2)
    let trials = try LLMTrials(known, model: model, grid: grid)
    let responses = (0..<400).map { data.benchmark.responses[$0, 35] ?? 0 }
    var asked: [GradedAnchor] = []
    while asked.count < 15 {
      let abilities = try known.placement.fold.posterior(of: asked)
      let dispersion = known.placement.fold.dispersion(of: asked, at: abilities.mean)
      let next = try #require(
        AdaptiveAnchors(known.placement, targets: [0]).next(
          given: abilities, dispersion: dispersion, answered: asked))
      asked += data.answers(of: 35, to: [next.query])
    }
    let places = Set(asked.map(\.query))
    let flipped = responses.enumerated().map { places.contains($0) ? $1 : 1 - $1 }
    let estimates = try trials.estimates(responses)
    #expect(estimates.count == 2)
    #expect(try trials.estimates(flipped) == estimates)
  }

  @Test func refusals() throws {
    let few = try PlantedLLMs(llms: 5)
    #expect(throws: DataError.self) { try Self.experiment(few) }
    let short = try PlantedLLMs(llms: 20, queries: 6)
    #expect(throws: DataError.self) { try Self.experiment(short) }
  }
}
