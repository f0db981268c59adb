import RoutingData
import Testing

@testable import Debiasing

/// What holds of every estimator, with every constant that it has by default.
@Suite("Conformance of estimators") struct EstimatorConformanceTests {
  static let log = PlantedLog(rows: 600, repeats: 2, seed: 1)
  static let estimators = OffPolicyEstimator.all

  private func value(_ estimator: OffPolicyEstimator, _ rows: TargetRows) throws -> Double {
    try #require(estimator.estimate(rows)).value
  }

  @Test(arguments: estimators) func isTheMeanOfTheLogForItsOwnPolicy(estimator: OffPolicyEstimator) throws {
    let log = Self.log
    let rows = log.rows { log.logging[$0][$1] }
    let mean = log.responses.reduce(0, +) / Double(log.count)
    // The model's part has the mean 0 only where the model is right of each pick, as here.
    let exact = TargetRows(
      weights: rows.weights, responses: rows.responses, predictions: rows.responses, expected: rows.responses,
      groupWeights: rows.groupWeights, clusters: rows.clusters)
    // dros shrinks even a weight of 1, but has nothing left to correct here.
    #expect(abs(try value(estimator, exact) - mean) < 1e-12)
  }

  @Test(arguments: estimators) func weightsOfOneChangeNothing(estimator: OffPolicyEstimator) throws {
    guard estimator.name != "dros" else { return }
    let log = Self.log
    let ones = [Double](repeating: 1, count: log.count)
    let rows = TargetRows(
      weights: ones, responses: log.responses, predictions: log.model.map { $0[0] },
      expected: log.model.map { $0[0] }, groupWeights: ones, clusters: log.queries)
    let isModel = estimator.name == "dm"
    let wanted = (isModel ? rows.expected : log.responses).reduce(0, +) / Double(log.count)
    #expect(abs(try value(estimator, rows) - wanted) < 1e-12)
  }

  @Test(arguments: estimators) func theOrderOfLLMsChangesNothing(estimator: OffPolicyEstimator) throws {
    let log = Self.log
    let target = log.power(-1)
    let left = try #require(estimator.estimate(log.rows(target: target)))
    let right = try #require(estimator.estimate(log.rows(order: [2, 0, 3, 1], target: target)))
    #expect(abs(left.value - right.value) < 1e-12)
    #expect(abs(left.standardError - right.standardError) < 1e-12)
  }

  @Test(arguments: estimators) func aConstantAnswerIsTheValue(estimator: OffPolicyEstimator) throws {
    let log = Self.log
    let rows = log.rows(target: log.power(-1))
    let constant = [Double](repeating: 0.7, count: log.count)
    let same = TargetRows(
      weights: rows.weights, responses: constant, predictions: constant, expected: constant,
      groupWeights: rows.groupWeights, clusters: rows.clusters)
    let value = try value(estimator, same)
    if case .linear(_, usesModel: false, isSelfNormalized: false) = estimator.form {
      // Without a model and a norm the value is the constant times the mean of what the weights became.
      let ones = TargetRows(
        weights: rows.weights, responses: constant.map { _ in 1 }, predictions: constant, expected: constant,
        groupWeights: rows.groupWeights, clusters: rows.clusters)
      #expect(abs(value - 0.7 * (try self.value(estimator, ones))) < 1e-12)
    } else {
      #expect(abs(value - 0.7) < 1e-12)
    }
  }

  @Test(arguments: estimators) func scaledAnswersScaleTheValueAndItsError(estimator: OffPolicyEstimator)
    throws
  {
    let log = Self.log
    let rows = log.rows(target: log.power(-1))
    func half(_ values: [Double]) -> [Double] { values.map { $0 / 2 } }
    let halved = TargetRows(
      weights: rows.weights, responses: half(rows.responses), predictions: half(rows.predictions),
      expected: half(rows.expected), groupWeights: rows.groupWeights, clusters: rows.clusters)
    let (whole, part) = (try #require(estimator.estimate(rows)), try #require(estimator.estimate(halved)))
    #expect(abs(part.value - whole.value / 2) < 1e-12)
    for (left, right) in zip(whole.influences, part.influences) { #expect(abs(left - 2 * right) < 1e-12) }
  }

  @Test(arguments: estimators) func theOrderOfRowsChangesNothing(estimator: OffPolicyEstimator) throws {
    let rows = Self.log.rows(target: Self.log.power(-1))
    func reversed(_ values: [Double]) -> [Double] { values.reversed() }
    let turned = TargetRows(
      weights: reversed(rows.weights), responses: reversed(rows.responses),
      predictions: reversed(rows.predictions), expected: reversed(rows.expected),
      groupWeights: rows.groupWeights.map(reversed), clusters: rows.clusters.reversed())
    let (left, right) = (try #require(estimator.estimate(rows)), try #require(estimator.estimate(turned)))
    #expect(abs(left.value - right.value) < 1e-12)
    #expect(abs(left.standardError - right.standardError) < 1e-12)
  }

  /// A log with every row twice, in the cluster of its query, knows as much as the log.
  @Test(arguments: estimators) func repeatedRowsOfAQueryTellNothingNew(estimator: OffPolicyEstimator) throws {
    let rows = Self.log.rows(target: Self.log.power(-1))
    func twice(_ values: [Double]) -> [Double] { values + values }
    let doubled = TargetRows(
      weights: twice(rows.weights), responses: twice(rows.responses), predictions: twice(rows.predictions),
      expected: twice(rows.expected), groupWeights: rows.groupWeights.map(twice),
      clusters: rows.clusters + rows.clusters)
    let (left, right) = (try #require(estimator.estimate(rows)), try #require(estimator.estimate(doubled)))
    #expect(abs(left.value - right.value) < 1e-12)
    #expect(abs(left.standardError - right.standardError) < 1e-12)
    let (few, many) = (
      CressieRead(rows).interval(level: 0.95), CressieRead(doubled).interval(level: 0.95)
    )
    #expect(abs(few.low - many.low) < 1e-9 && abs(few.high - many.high) < 1e-9)
  }

  @Test(arguments: estimators) func aDifferenceToItselfIsNothing(estimator: OffPolicyEstimator) throws {
    let estimate = try #require(estimator.estimate(Self.log.rows(target: Self.log.power(-1))))
    let difference = estimate - estimate
    #expect(difference.value == 0 && difference.standardError == 0)
    let quotient = estimate / estimate
    let ratio = try #require(quotient)
    #expect(ratio.value == 1 && ratio.standardError < 1e-12)
  }

  @Test(arguments: estimators) func saysNothingWithoutWeight(estimator: OffPolicyEstimator) throws {
    let rows = TargetRows(
      weights: [0, 0], responses: [1, 0], predictions: [0.5, 0.5], expected: [0.5, 0.5],
      groupWeights: [0, 0])
    #expect((estimator.estimate(rows) == nil) == (estimator.name != "dm"))
  }

  @Test func namesReadBack() throws {
    for estimator in Self.estimators { #expect(try OffPolicyEstimator(estimator.name) == estimator) }
    #expect(throws: DataError.self) { try OffPolicyEstimator("dr:3") }
    #expect(throws: DataError.self) { try OffPolicyEstimator("dros:x") }
    #expect(throws: DataError.self) { try OffPolicyEstimator("sg-dr:1.5") }
    #expect(throws: DataError.self) { try OffPolicyEstimator("ips-clip:inf") }
    #expect(throws: DataError.self) { try OffPolicyEstimator("magic") }
  }
}
