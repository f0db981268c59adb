import Learning
import NumericKernels
import RoutingData
import Testing

@testable import ColdStart

@Suite struct AnchorTests {
  @Test(arguments: AnchorMethod.allCases) func plansAreLists(method: AnchorMethod) throws {
    let data = try PlantedLLMs(llms: 40)
    let model = try data.model(of: Array(0..<40))
    let placement = Placement(try model.foldIn())
    let plan = AnchorPlan(placement, of: model, benchmark: 0, seed: 4)
    for count in [1, 20, 400] {
      let anchors = try plan.anchors(count, by: method, answers: data.benchmark.responses.cells)
      #expect(anchors.count == count)
      #expect(Set(anchors).count == count)
      #expect(anchors.allSatisfy { $0 >= 0 && $0 < 400 })
      let again = AnchorPlan(placement, of: model, benchmark: 0, seed: 4)
      #expect(try again.anchors(count, by: method, answers: data.benchmark.responses.cells) == anchors)
    }
    let more = #expect(throws: DataError.self) {
      try plan.anchors(401, by: method, answers: data.benchmark.responses.cells)
    }
    #expect(more?.description.contains("400") == true)
  }

  /// Two heaps of points of different lengths: the point in the middle of each, the larger heap's first.
  @Test func medoidsLieInTheMiddle() {
    let heaps: [(Float, Float)] = [(10, 10), (10.5, 10), (9.5, 10), (10, 9.5), (1, 1), (1.5, 1), (0.5, 1)]
    let points = Matrix(heaps.map { [$0.0, $0.1] })
    #expect(Medoids(of: points, seed: 0).places(2) == [0, 4])
  }

  @Test func adaptiveAsksEachQueryOnce() throws {
    let data = try PlantedLLMs(llms: 30, queries: 40)
    let placement = Placement(try data.model(of: Array(0..<29)).foldIn())
    let adaptive = AdaptiveAnchors(placement, targets: [0])
    var answers: [GradedAnchor] = []
    // One more than there are, so that asking without end fails instead of going on.
    while answers.count <= 40 {
      let placed = try placement.placed(answers)
      guard
        let next = adaptive.next(
          given: placed.abilities, dispersion: placed.dispersion, answered: answers)
      else { break }
      #expect(!answers.contains { $0.query == next.query })
      answers += data.answers(of: 29, to: [next.query])
    }
    #expect(answers.count == 40)
  }

  /// The criterion against its definition: by how much the variance gᵀΣg falls, computed by an inverse.
  @Test(arguments: [[], [3], [3, 9, 27], Array(10..<30)] as [[Int]])
  func adaptiveTakesWhatTellsMost(answered: [Int]) throws {
    let data = try PlantedLLMs(llms: 30, queries: 60)
    // So little is known at first that what a query is worth hangs on all the rest that is not known.
    let breadth = Abilities.Breadth(factor: 20, floor: 5, intercept: 20)
    let placement = Placement(try data.model(of: Array(0..<25)).foldIn(breadth: breadth))
    let fold = placement.fold
    let known = fold.benchmarks[0]
    for llm in 25..<30 {
      let answers = data.answers(of: llm, to: answered)
      let abilities = try fold.posterior(of: answers)
      let order = abilities.mean.count
      let open = (0..<60).filter { !answered.contains($0) }
      func weight(_ query: Int) -> Double {
        let p = FoldIn.probability(fold.logOdds(of: query, in: 0, at: abilities.mean))
        return p * (1 - p)
      }
      let slope = (0..<order).map { index in
        open.reduce(0.0) { $0 + weight($1) * Double(known.designs[$1, index]) } / 60
      }
      var best = (gain: -1.0, query: -1)
      for query in open {
        let design = known.designs.row(query).map(Double.init)
        let direction = abilities.covarianceTimes(design)
        let w = weight(query)
        let factor = w / (1 + w * abilities.variance(along: design))
        let along = zip(slope, direction).reduce(0.0) { $0 + $1.0 * $1.1 }
        let gain = factor * along * along + w / 3_600
        if gain > best.gain { best = (gain, query) }
      }
      let next = AdaptiveAnchors(placement, targets: [0]).next(
        given: abilities, dispersion: 1, answered: answers)
      #expect(next?.query == best.query)
    }
  }

  @Test func adaptiveBeatsChance() throws {
    let data = try PlantedLLMs(llms: 120)
    let known = (0..<120).filter { $0 % PlantedLLMs.families < 8 }
    let placement = Placement(try data.model(of: known).foldIn())
    let adaptive = AdaptiveAnchors(placement, targets: [0])
    var (byChance, chosen) = (0.0, 0.0)
    var generator = SeededGenerator(seed: 2, stream: "chance")
    for llm in 0..<120 where !known.contains(llm) {
      var answers: [GradedAnchor] = []
      while answers.count < 30 {
        let abilities = try placement.fold.posterior(of: answers)
        guard let next = adaptive.next(given: abilities, dispersion: 1, answered: answers) else { break }
        answers += data.answers(of: llm, to: [next.query])
      }
      var order = Array(0..<400)
      generator.shuffle(&order)
      let truth = data.accuracy(of: llm)
      chosen += abs(try placement.placed(answers).accuracies[0].mean - truth)
      byChance += abs(
        try placement.placed(data.answers(of: llm, to: Array(order.prefix(30)))).accuracies[0].mean - truth)
    }
    #expect(chosen < byChance, "\(chosen) against \(byChance)")
  }
}
