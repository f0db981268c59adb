import NumericKernels
import Routing
import RoutingData
import TestSupport
import Testing

@testable import Debiasing

@Suite("Loggers") struct LoggerTests {
  private static let candidates = Candidates(
    ["a", "b", "c"], trainMeans: [0.5, 0.9, nil], costs: [3, 2, 1])
  private static let scores = Scores(Matrix([[0, 1, 2], [3, 1, 3]]))

  private func near(_ matrix: Matrix, _ rows: [[Float]]) -> Bool {
    zip(matrix.storage, rows.flatMap { $0 }).allSatisfy { abs($0 - $1) < 1e-6 }
      && matrix.columns == rows[0].count && matrix.rows == rows.count
  }

  @Test func uniformIsOneInM() {
    let picks = UniformPolicy().picks(Self.scores, among: Self.candidates)
    let third: Float = 1 / 3
    #expect(near(picks, Array(repeating: [third, third, third], count: 2)))
  }

  @Test func ranksDecideByMeansOrByCosts() {
    let sum: Float = 1 + 1 / 2 + 1 / 3
    let popular = RankedPolicy(by: .popularity).picks(Self.scores, among: Self.candidates)
    #expect(near(popular, Array(repeating: [0.5 / sum, 1 / sum, 1 / 3 / sum], count: 2)))
    let cheap = RankedPolicy(by: .cost).picks(Self.scores, among: Self.candidates)
    #expect(near(cheap, Array(repeating: [1 / 3 / sum, 0.5 / sum, 1 / sum], count: 2)))
  }

  @Test func theBestSingleLLMIsThatOfTrain() {
    let picks = BestSinglePolicy().picks(Self.scores, among: Self.candidates)
    #expect(near(picks, [[0, 1, 0], [0, 1, 0]]))
  }

  @Test func epsilonGreedyKeepsTheTieRule() {
    let policy = ExploringPolicy(HighestScore(), share: 0.3)
    #expect(near(policy.picks(Self.scores, among: Self.candidates), [[0.1, 0.1, 0.8], [0.8, 0.1, 0.1]]))
    #expect(policy.tieRule == .trainMean)
  }

  @Test func aSharpSoftmaxIsTheHighestScore() {
    let picks = SoftmaxPolicy(temperature: 0.01).picks(Scores(Matrix([[0, 1, 2]])), among: Self.candidates)
    #expect(near(picks, [[0, 0, 1]]))
    let soft = SoftmaxPolicy(temperature: 1e6).picks(Scores(Matrix([[0, 1, 2]])), among: Self.candidates)
    #expect(soft.storage.allSatisfy { abs($0 - 1 / 3) < 1e-5 })
  }

  @Test(arguments: LogSample.recipes)
  func propensitiesAreDistributionsAboveTheFloor(recipe: String) throws {
    let laboratory = try LogSample.laboratory()
    let logger = try laboratory.logger(LoggerRecipe(recipe), floor: 0.05)
    let propensities = try logger.propensities(
      for: laboratory.batch(laboratory.queries(in: [.train, .test])))
    for row in 0..<propensities.rows {
      #expect(abs(propensities.row(row).reduce(0) { $0 + Double($1) } - 1) < 1e-6)
      #expect(propensities.row(row).allSatisfy { $0 >= 0.05 - 1e-7 })
    }
  }

  @Test(arguments: LogSample.recipes)
  func orderAndCompanyOfQueriesChangeNothing(recipe: String) throws {
    let laboratory = try LogSample.laboratory()
    let logger = try laboratory.logger(LoggerRecipe(recipe))
    let queries = laboratory.queries(in: [.train])
    let all = try logger.propensities(for: laboratory.batch(queries))
    let some = Array(queries.indices.reversed().prefix(7))
    let few = try logger.propensities(for: laboratory.batch(some.map { queries[$0] }))
    for (place, index) in some.enumerated() {
      #expect(zip(few.row(place), all.row(index)).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func difficultySendsHardQueriesToStrongLLMs() throws {
    let laboratory = try LogSample.laboratory()
    let queries = laboratory.queries(in: [.train])
    let logger = try laboratory.logger(.difficulty(strength: 1))
    let propensities = try logger.propensities(for: laboratory.batch(queries))
    let outside = laboratory.benchmark.llms.indices.filter { !laboratory.llms.contains($0) }
    let means = queries.map { query in
      outside.reduce(Float(0)) { $0 + (laboratory.benchmark.responses[query, $1] ?? 0) }
    }
    let strongest = try #require(laboratory.benchmark.trainMeans(of: laboratory.llms).best)
    let order = queries.indices.sorted { means[$0] < means[$1] }
    #expect(propensities[order[0], strongest] > 0.4)
    #expect(propensities[order[order.count - 1], strongest] < 0.1)
    let none = try laboratory.logger(.difficulty(strength: 0)).propensities(for: laboratory.batch(queries))
    #expect(none.storage.allSatisfy { abs($0 - 0.2) < 1e-6 })
  }

  @Test func theWarmUpIsNeverLogged() throws {
    let laboratory = try LogSample.laboratory()
    let train = laboratory.benchmark.split.queries(in: .train)
    #expect(laboratory.warmUp.count == train.count / 10)
    #expect(Set(laboratory.queries(in: [.train])) == Set(train).subtracting(laboratory.warmUp))
  }

  @Test func recipesReadBack() throws {
    for text in LogSample.recipes {
      let recipe = try LoggerRecipe(text)
      #expect(try LoggerRecipe(recipe.text) == recipe)
    }
  }

  @Test(arguments: [
    "greedy", "softmax", "softmax:0", "softmax:x", "epsilon", "epsilon:1.5", "best-explore:", "uniform:1",
    "difficulty:-1", "popularity:", "cost:2", "softmax:nan", "",
  ])
  func otherRecipesAreRefused(text: String) {
    #expect(throws: DataError.self) { try LoggerRecipe(text) }
  }

  @Test func floorsAndCostsThatCantBeAreRefused() throws {
    let laboratory = try LogSample.laboratory()
    #expect(throws: DataError.self) { try laboratory.logger(.uniform, floor: 0.21) }
    #expect(throws: DataError.self) { try laboratory.logger(.uniform, floor: -0.1) }
    #expect(throws: DataError.self) { try laboratory.logger(.uniform, floor: .nan) }
    let dataset = try TrainingSample.synthetic()
    let poor = try LogLaboratory(dataset, benchmark: dataset.benchmarks[0], llms: [0, 1], seed: 1)
    #expect(throws: DataError.self) { try poor.logger(.cost) }
    #expect(throws: DataError.self) {
      try LogLaboratory(dataset, benchmark: dataset.benchmarks[0], llms: [0], seed: 1)
    }
  }
}
