import Factorization
import Learning
import NumericKernels
import Routing
import RoutingData
import Testing

@testable import ColdStart

@Suite struct PlacementTests {
  @Test func aKnownLLMComesBackAtItsOwnPlace() throws {
    let data = try PlantedLLMs(llms: 50)
    let model = try data.model(of: Array(0..<50))
    let fold = try model.foldIn()
    for llm in [0, 7, 49] {
      let abilities = try fold.posterior(of: data.answers(of: llm, to: Array(0..<400)))
      let own = model.llmFactors.row(llm).map(Double.init) + [Double(model.llmBiases[llm])]
      for (found, expected) in zip(abilities.mean, own) { #expect(abs(found - expected) < 2e-3) }
      let errors = try #require(model.llmStandardErrors).row(llm).map(Double.init)
      for (index, error) in errors.enumerated() {
        #expect(abs(abilities.variance(of: index).squareRoot() - error) < 2e-3 * max(1, error))
      }
    }
  }

  /// Queries fit the LLMs that they were estimated on better than new ones: of these the difficulty explains less.
  @Test func newLLMsFollowTheQueriesLessThanKnownOnes() throws {
    let data = try PlantedLLMs(llms: 20)
    func slope(families: [Int]) throws -> Double {
      let model = try ItemResponseModel.estimated(
        data.benchmark.responses.cells, rows: Array(0..<400), benchmark: "planted", llms: data.catalog.names,
        families: families, factors: 2, seed: 1)
      // Factors are two abilities, the slope of the difficulty, its curvature.
      return try #require(model.newLLM).abilities.mean[2]
    }
    // One family alone can't be held out.
    let known = try slope(families: Array(repeating: 0, count: 20))
    let new = try slope(families: data.catalog.families(of: Array(0..<20)).numbers)
    #expect(new < known - 0.01, "\(new) of new LLMs, \(known) of known ones")
  }

  /// One ability is planted: of the other axes that are offered, little may be left.
  @Test func axesThatNobodyNeedsFade() throws {
    var generator = SeededGenerator(seed: 12, stream: "one ability")
    var builder = ResponseMatrixBuilder(queryCount: 300, llmCount: 24)
    let abilities = (0..<24).map { _ in generator.normal() }
    for query in 0..<300 {
      let ease = generator.normal()
      let row = abilities.map { ability -> Float in
        generator.uniform() < Elementwise.sigmoid(ability + ease) ? 1 : 0
      }
      try builder.setRow(query, row[...])
    }
    let model = try ItemResponseModel.estimated(
      builder.build().cells, rows: Array(0..<300), benchmark: "one", llms: (0..<24).map { "llm\($0)" },
      families: Array(0..<24), factors: 4, seed: 1)
    let slopes = model.queries[0].factors.selecting(columns: Array(0..<4))
    let meanSquare = slopes.rowDots(slopes).reduce(0, +) / 300
    #expect(meanSquare < 0.5, "\(meanSquare)")
  }

  /// An answer of weight 2 is two answers: it moves the posterior twice as far against the prior.
  @Test func weightsCount() throws {
    let data = try PlantedLLMs(llms: 30)
    let fold = try data.model(of: Array(0..<25)).foldIn()
    let answers = data.answers(of: 28, to: Array(0..<40))
    let heavy = answers.map {
      GradedAnchor(benchmark: 0, query: $0.query, response: $0.response, weight: 2)
    }
    let twice = try fold.posterior(of: answers + answers)
    let found = try fold.posterior(of: heavy)
    for (one, other) in zip(found.mean, twice.mean) { #expect(abs(one - other) < 1e-6) }
    #expect(found != (try fold.posterior(of: answers)))
  }

  @Test func theOrderOfAnswersChangesNoBit() throws {
    let data = try PlantedLLMs(llms: 30)
    let fold = try data.model(of: Array(0..<25)).foldIn()
    let answers = data.answers(of: 28, to: Array(stride(from: 3, to: 400, by: 9)))
    #expect(try fold.posterior(of: answers) == fold.posterior(of: answers.reversed()))
  }

  /// Of LLMs of unknown families: 95% intervals hold about 95% of the truths, and errors are below those of the mean.
  @Test func knownTruth() throws {
    let data = try PlantedLLMs(llms: 160)
    let known = (0..<160).filter { $0 % PlantedLLMs.families < 7 }
    let placement = Placement(
      try data.model(of: known).foldIn(breadth: .init(factor: 1, floor: 0.02, intercept: 0)))
    var generator = SeededGenerator(seed: 9, stream: "anchors")
    var (held, error, plain) = (0.0, 0.0, 0.0)
    let new = (0..<160).filter { !known.contains($0) }
    for llm in new {
      var order = Array(0..<400)
      generator.shuffle(&order)
      let answers = data.answers(of: llm, to: Array(order.prefix(40)))
      let estimate = try placement.placed(answers).accuracies[0]
      let truth = data.accuracy(of: llm)
      held += estimate.interval().contains(truth) ? 1 : 0
      error += abs(estimate.mean - truth)
      plain += abs(answers.reduce(0.0) { $0 + Double($1.response) } / 40 - truth)
    }
    let count = Double(new.count)
    #expect((0.87...1).contains(held / count), "coverage \(held / count)")
    #expect(error < 0.9 * plain, "\(error / count) against \(plain / count)")
  }

  /// What training found out of new LLMs is in the model folder; folders of earlier programs know less, and wrong numbers
  /// are refused.
  @Test func whatNewLLMsAreLikeIsStored() throws {
    let bare = try PlantedLLMs(llms: 30, queries: 120).model(of: Array(0..<25), intervalsUpTo: 20)
    let found = try #require(bare.newLLM)
    #expect(found.multipliers.counts == [0, 5, 10, 20])
    let model = try FactorModel(
      bare.identity, llmFactors: bare.llmFactors, llmBiases: bare.llmBiases, newLLM: found,
      queryEncoder: EmbeddingMap(
        benchmarks: ["planted"], weights: Matrix(rows: 2, columns: bare.llmFactors.columns),
        residualCovariance: nil))
    func read(_ contents: TensorBundle) throws -> NewLLM? {
      try FactorModel(model.identity, contents: contents, queryEncoders: [EmbeddingMap.self]).newLLM
    }
    #expect(try read(model.contents) == found)
    var older = model.contents
    for list in ["counts", "adaptive", "random", "elsewhere"] {
      older.numbers["interval_multipliers/\(list)"] = nil
    }
    #expect(older != model.contents)
    #expect(try read(older) == NewLLM(found.abilities))
    for list in ["counts", "adaptive", "random", "elsewhere"] {
      let saved = model.contents.numbers["interval_multipliers/\(list)"] ?? []
      let own = saved.isEmpty ? found.multipliers.adaptive : saved
      let wrongs: [[Double]] = [
        Array(own.dropLast()), [-1] + own.dropFirst(), own.dropLast() + [.nan], own.map { _ in 0 },
      ]
      for wrong in wrongs {
        var contents = model.contents
        contents.numbers["interval_multipliers/\(list)"] = wrong
        #expect(throws: DataError.self, "\(list): \(wrong)") { try read(contents) }
      }
    }
  }

  @Test func continuousGradesAreNarrower() throws {
    let data = try PlantedLLMs(llms: 60) { p, uniform in min(max(p + 0.1 * (uniform - 0.5), 0), 1) }
    let placement = Placement(try data.model(of: Array(0..<50)).foldIn())
    let placed = try placement.placed(data.answers(of: 55, to: Array(0..<60)))
    #expect(placed.dispersion < 0.2)
    #expect(abs(placed.accuracies[0].mean - data.accuracy(of: 55)) < 0.03)
  }

  @Test func theEnds() throws {
    let data = try PlantedLLMs(llms: 30)
    let placement = Placement(try data.model(of: Array(0..<25)).foldIn())
    let all = try placement.placed(data.answers(of: 27, to: Array(0..<400))).accuracies[0]
    #expect(abs(all.mean - data.accuracy(of: 27)) < 1e-6)
    #expect(all.deviation == 0)
    #expect(all.interval().upperBound - all.interval().lowerBound < 1e-9)
    let none = try placement.placed([[GradedAnchor]()])[0].accuracies[0]
    #expect(none.answered == 0)
    #expect(none.interval().upperBound - none.interval().lowerBound > 0.2)
    for response: Float in [0, 1] {
      let same = (0..<50).map { GradedAnchor(benchmark: 0, query: $0, response: response) }
      let estimate = try placement.placed(same).accuracies[0]
      #expect((0...1).contains(estimate.mean) && estimate.deviation > 0)
      #expect(response == 1 ? estimate.mean > 0.7 : estimate.mean < 0.3)
    }
  }

  /// Factors that are finite and whose squares are not would make every accuracy 0 or 1 without a doubt.
  @Test func numbersThatOverflowAreRefused() throws {
    func fold(_ factor: Float, mean: Double = 0, variance: Double = 1) throws -> FoldIn {
      try FoldIn(
        [KnownQueries(benchmark: "b", factors: Matrix([[1], [factor]]), biases: [0, 0])],
        prior: Abilities(mean: [mean, 0], covariance: [variance, 0, 1]))
    }
    #expect(throws: Never.self) { try fold(1e6) }
    #expect(throws: NumericalError.self) { try fold(1e30) }
    #expect(throws: NumericalError.self) { try fold(1, mean: 1e200) }
    #expect(throws: NumericalError.self) { try fold(1, variance: 1e200) }
  }

  @Test func manyAreAsOne() throws {
    let data = try PlantedLLMs(llms: 90)
    let placement = Placement(try data.model(of: Array(0..<20)).foldIn())
    let llms = (20..<90).map { data.answers(of: $0, to: Array(0..<$0)) }
    let together = try placement.placed(llms)
    for (index, answers) in llms.enumerated() {
      let alone = try placement.placed(answers)
      #expect(abs(alone.accuracies[0].mean - together[index].accuracies[0].mean) < 1e-5)
      #expect(alone.abilities == together[index].abilities)
    }
  }

  @Test func aModelThatKnowsTheLLMRoutesToIt() throws {
    let data = try PlantedLLMs(llms: 30)
    let model = try data.model(of: Array(0..<29))
    let cells = data.benchmark.responses.selecting(queries: Array(0..<200)).selecting(llms: [29]).cells
    let batch = QueryBatch(
      embeddings: Matrix(rows: 200, columns: 0), benchmark: "planted", rows: Array(0..<200))
    let larger = try model.adding(llm: "new", anchors: [Observations(batch, cells: cells)])
    #expect(larger.identity.llms.last == "new")
    let queries = QueryBatch(embeddings: Matrix(rows: 3, columns: 0), benchmark: "planted")
    let scores = try larger.scores(for: queries, among: Candidates(["new", "llm0"]))
    #expect(scores.values.isFinite)
    // The others score as before.
    let before = try model.scores(for: queries, among: Candidates(["llm0"]))
    #expect(scores.values[0, 1] == before.values[0, 0])
    #expect(throws: DataError.self) { try larger.adding(llm: "new", anchors: []) }
    #expect(throws: DataError.self) {
      try model.adding(
        llm: "x", anchors: [Observations(batch, cells: cells), Observations(batch, cells: cells)])
    }
    let foreign = QueryBatch(
      embeddings: Matrix(rows: 200, columns: 0), benchmark: "planted", rows: Array(300..<500))
    #expect(throws: DataError.self) {
      try model.adding(llm: "x", anchors: [Observations(foreign, cells: cells)])
    }
  }
}
