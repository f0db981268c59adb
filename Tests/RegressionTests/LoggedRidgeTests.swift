import NumericKernels
import TestSupport
import Testing

@testable import Regression

/// Regressions on a log's cells against slow references, and what must not move them.
@Suite struct LoggedRidgeTests {
  /// 40 queries of 3 features, each seen with one or two of 3 LLMs.
  private static func sample(seed: UInt64 = 5) -> (features: Matrix, cells: LoggedCells) {
    var generator = SeededGenerator(seed: seed, stream: "logged sample")
    var features = Matrix(rows: 40, columns: 3)
    features.update { $0 = generator.normal() / 2 }
    var (queries, llms, responses, weights) = ([Int](), [Int](), [Float](), [Float]())
    for query in 0..<40 {
      for llm in 0..<3 where llm == query % 3 || generator.uniform() < 0.3 {
        queries.append(query)
        llms.append(llm)
        responses.append(generator.uniform() < 0.4 + 0.2 * features[query, 0] + 0.1 * Float(llm) ? 1 : 0)
        weights.append(0.5 + generator.uniform())
      }
    }
    return (
      features,
      LoggedCells(queries: queries, llms: llms, responses: responses, weights: weights, llmCount: 3)
    )
  }

  /// The ridge coefficients of some rows, by elimination.
  private static func coefficients(
    _ features: Matrix, rows: [Int], weights: [Double], targets: [Double], penalty: Double
  ) -> [Double] {
    let width = features.columns
    var gram = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    var cross = [Double](repeating: 0, count: width)
    for (place, row) in rows.enumerated() {
      let x = features.row(row).map { Double($0) }
      for a in 0..<width {
        cross[a] += weights[place] * targets[place] * x[a]
        for b in 0..<width { gram[a][b] += weights[place] * x[a] * x[b] }
      }
    }
    for a in 0..<width { gram[a][a] += penalty }
    return ReferenceLinearSystem.solve(gram, cross)
  }

  @Test func leaveOneOutErrorIsThatOfFitsWithoutTheCell() throws {
    let (features, cells) = Self.sample()
    let targets = cells.responses.map { $0 - 0.5 }
    var least = Double.infinity
    for penalty in RidgeSpectrum.penalties {
      var (error, total) = (0.0, 0.0)
      for own in cells.placesOfLLMs {
        for left in own {
          let rest = own.filter { $0 != left }
          let fit = Self.coefficients(
            features, rows: rest.map { cells.queries[$0] }, weights: rest.map { Double(cells.weights[$0]) },
            targets: rest.map { Double(targets[$0]) }, penalty: penalty)
          let prediction = zip(fit, features.row(cells.queries[left])).reduce(0) { $0 + $1.0 * Double($1.1) }
          let residual = Double(targets[left]) - prediction
          error += Double(cells.weights[left]) * residual * residual
          total += Double(cells.weights[left])
        }
      }
      least = min(least, error / total)
    }
    let fit = try OwnRidge(features, cells: cells).fit(features, targets: targets)
    #expect(abs(fit.leaveOneOutError - least) < 1e-5)
  }

  @Test func sharedPartLeavesTheWholeQueryOut() throws {
    let (features, cells) = Self.sample()
    let targets = cells.responses.map { $0 - 0.5 }
    let shared = try SharedRidge.shared(features, cells: cells, targets: targets)
    var least = (error: Double.infinity, held: [Double]())
    for penalty in RidgeSpectrum.penalties {
      let held = (0..<cells.count).map { cell -> Double in
        let rest = (0..<cells.count).filter { cells.queries[$0] != cells.queries[cell] }
        let fit = Self.coefficients(
          features, rows: rest.map { cells.queries[$0] }, weights: rest.map { Double(cells.weights[$0]) },
          targets: rest.map { Double(targets[$0]) }, penalty: penalty)
        return zip(fit, features.row(cells.queries[cell])).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      let error = (0..<cells.count).reduce(0.0) {
        let residual = Double(targets[$1]) - held[$1]
        return $0 + Double(cells.weights[$1]) * residual * residual
      }
      if error < least.error { least = (error, held) }
    }
    for (value, expected) in zip(shared.held, least.held) { #expect(abs(Double(value) - expected) < 1e-4) }
  }

  private static func problem(_ features: Matrix, _ plain: LoggedCells, _ weighted: LoggedCells)
    -> LoggedProblem
  {
    LoggedProblem(
      features: features, plain: plain, weighted: weighted, halves: (0..<features.rows).map { $0 % 4 < 2 })
  }

  @Test func weightsOfOneAreThePlainFit() throws {
    let (features, cells) = Self.sample()
    let plain = cells.with(weights: [Float](repeating: 1, count: cells.count))
    let fit = try StackedRidge(Self.problem(features, plain, plain))
    #expect(fit.stacked().coefficients == fit.plainOnly().coefficients)
    #expect(fit.stacked().biases == fit.plainOnly().biases)
    #expect(fit.stacked().weightedShare == 0)
  }

  @Test(arguments: LogCorrection.allCases)
  func orderOfLLMsChangesNothing(correction: LogCorrection) throws {
    let (features, weighted) = Self.sample()
    let plain = weighted.with(weights: [Float](repeating: 1, count: weighted.count))
    let order = [2, 0, 1]
    func moved(_ cells: LoggedCells) -> LoggedCells {
      let places = (0..<cells.count).sorted {
        (cells.queries[$0], order[cells.llms[$0]]) < (cells.queries[$1], order[cells.llms[$1]])
      }
      return LoggedCells(
        queries: places.map { cells.queries[$0] }, llms: places.map { order[cells.llms[$0]] },
        responses: places.map { cells.responses[$0] }, weights: places.map { cells.weights[$0] }, llmCount: 3)
    }
    let first = try correction.fit(Self.problem(features, plain, weighted), variance: weighted)
    let second = try correction.fit(
      Self.problem(features, moved(plain), moved(weighted)), variance: moved(weighted))
    for llm in 0..<3 {
      #expect(abs(first.biases[llm] - second.biases[order[llm]]) < 1e-4)
      #expect(abs(first.standardErrors[llm] - second.standardErrors[order[llm]]) < 1e-4)
      #expect(abs(first.margins[llm] - second.margins[order[llm]]) < 1e-4)
      for row in 0..<3 {
        #expect(abs(first.coefficients[row, llm] - second.coefficients[row, order[llm]]) < 1e-3)
      }
    }
  }

  /// An LLM of which nothing was audited, where audits alone have weights.
  @Test(arguments: LogCorrection.allCases)
  func anLLMWithoutAWeightIsPredicted(correction: LogCorrection) throws {
    let (features, all) = Self.sample()
    let plain = all.with(weights: [Float](repeating: 1, count: all.count))
    let weighted = all.with(weights: all.llms.enumerated().map { $1 == 1 ? 0 : all.weights[$0] })
    let problem = LoggedProblem(
      features: features, plain: plain, weighted: weighted, halves: (0..<features.rows).map { $0 % 4 < 2 },
      trustsPlainLevels: false)
    let fit = try correction.fit(problem, variance: weighted)
    let numbers = fit.biases + fit.standardErrors + fit.margins
    for number in numbers { #expect(number.isFinite) }
    #expect(fit.coefficients.isFinite)
  }

  @Test func guessesOfDoublyRobustAnswersDoNotSeeTheirOwnHalf() throws {
    let (features, cells) = Self.sample()
    let plain = cells.with(weights: [Float](repeating: 1, count: cells.count))
    let problem = Self.problem(features, plain, cells)
    let turned = plain.with(
      responses: plain.responses.enumerated().map { problem.halves[plain.queries[$0]] ? 1 - $1 : $1 })
    let other = Self.problem(features, turned, cells.with(responses: turned.responses))
    let pairs = [
      (try DoublyRobustRidge(problem).guesses(plain), try DoublyRobustRidge(other).guesses(turned)),
      (try DoublyRobustRidge(problem).jointGuesses(), try DoublyRobustRidge(other).jointGuesses()),
    ]
    for (before, after) in pairs {
      for (row, query) in plain.distinctQueries.rows.enumerated() {
        #expect((Array(before.row(row)) == Array(after.row(row))) == problem.halves[query])
      }
    }
  }

  /// Answers that are linear in the features, with no noise, leave nothing to weights: whatever was seen, the line is found.
  @Test(arguments: [LogCorrection.dr, .mrdr, .drjl])
  func doublyRobustAnswersOfALineAreTheLine(correction: LogCorrection) throws {
    let (features, all) = Self.sample()
    let slopes: [Float] = [0.3, -0.2, 0.1]
    let cells = all.with(
      responses: (0..<all.count).map { 0.5 + slopes[all.llms[$0]] * features[all.queries[$0], 0] })
    let plain = cells.with(weights: [Float](repeating: 1, count: cells.count))
    let fit = try correction.fit(Self.problem(features, plain, cells), variance: cells)
    for llm in 0..<3 {
      #expect(abs(fit.biases[llm] - 0.5) < 0.03, "\(fit.biases)")
      #expect(abs(fit.coefficients[0, llm] - slopes[llm]) < 0.06, "\(fit.coefficients)")
    }
  }

  @Test(arguments: LogCorrection.allCases)
  func anLLMWithoutACellIsPredictedAndUnsure(correction: LogCorrection) throws {
    let (features, all) = Self.sample()
    let cells = all.selecting((0..<all.count).filter { all.llms[$0] != 1 })
    let fit = try correction.fit(Self.problem(features, cells, cells), variance: cells)
    let areFinite = fit.biases.allSatisfy { $0.isFinite }
    #expect(areFinite)
    #expect(fit.standardErrors[1] > fit.standardErrors[0])
    #expect(fit.standardErrors[1] > fit.standardErrors[2])
  }

  /// Answers to queries of one half reach the predictions of the other half alone.
  @Test func noHalfPredictsItself() throws {
    let (features, cells) = Self.sample()
    let problem = Self.problem(features, cells, cells)
    let flipped = cells.with(
      responses: (0..<cells.count).map {
        problem.halves[cells.queries[$0]] ? 1 - cells.responses[$0] : cells.responses[$0]
      })
    let before = try problem.crossFit(cells)
    let after = try problem.crossFit(flipped)
    for place in 0..<cells.count where problem.halves[cells.queries[place]] {
      #expect(before.predictions[place] == after.predictions[place])
    }
    #expect(before.predictions != after.predictions)
  }

  /// What a plain fit misses of an LLM's level is believed by the share τ²/(τ² + v).
  @Test func missedLevelsAreShrunk() throws {
    let (features, weighted) = Self.sample()
    let plain = weighted.with(weights: [Float](repeating: 1, count: weighted.count))
    let problem = Self.problem(features, plain, weighted)
    let ridge = try StackedRidge(problem)
    let fit = try ridge.residual()
    let missed = OffsetEstimates(weighted, predictions: try problem.crossFit(plain).predictions)
    let spread = (fit.spread ?? .nan) * (fit.spread ?? .nan)
    let levels = ridge.plainOnly().biases
    for llm in 0..<3 {
      let expected = missed.offsets[llm] * spread / (spread + missed.variances[llm])
      #expect(abs(fit.biases[llm] - levels[llm] - expected) < 1e-9)
    }
    let largest = missed.offsets.map { abs($0) }.max() ?? 0
    #expect(largest > 1e-3)
  }
}
