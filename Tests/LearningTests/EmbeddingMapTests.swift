import NumericKernels
import RoutingData
import TestSupport
import Testing

@testable import Learning

@Suite struct EmbeddingMapTests {
  static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "embedding map")
    var matrix = Matrix(rows: rows, columns: columns)
    for index in matrix.storage.indices { matrix.storage[index] = generator.normal() }
    return matrix
  }

  static func rows(_ matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
  }

  @Test(arguments: [0.01, 1, 30] as [Float]) func agreesWithTheNormalEquations(_ ridge: Float) throws {
    let embeddings = [Self.random(40, 6, seed: 1), Self.random(25, 6, seed: 2)]
    let factors = [Self.random(40, 3, seed: 3), Self.random(25, 3, seed: 4)]
    let regression = EmbeddingRegression(benchmarks: ["a", "b"], features: embeddings)
    let map = regression.map(to: factors, by: try regression.system(ridge: ridge))
    let covariance = try #require(map.residualCovariance)
    let reference = ReferenceRidge(
      inputs: embeddings.map(Self.rows), targets: factors.map(Self.rows), ridge: Double(ridge),
      interceptRidge: 1e-3)
    for (found, expected) in [
      (map.weights, reference.weights), (covariance, reference.covariance),
    ] {
      try #require(found.rows == expected.count)
      for row in 0..<found.rows {
        for column in 0..<found.columns {
          #expect(abs(Double(found[row, column]) - expected[row][column]) <= 1e-4)
        }
      }
    }
  }

  @Test func benchmarksHaveInterceptsOfTheirOwn() throws {
    let map = EmbeddingMap(
      benchmarks: ["a", "b"], weights: Matrix([[2, 0], [10, 1], [20, 3]]),
      residualCovariance: Matrix(identity: 2))
    let embedding = Matrix([[1], [-1]])
    #expect(map.dimensions == 1)
    #expect(map.factors(of: embedding, benchmark: "a") == Matrix([[12, 1], [8, 1]]))
    #expect(map.factors(of: embedding, benchmark: "b") == Matrix([[22, 3], [18, 3]]))
    #expect(map.factors(of: embedding, benchmark: "unheard of") == Matrix([[17, 2], [13, 2]]))
    #expect(map.factors(of: Matrix(rows: 0, columns: 1), benchmark: "a").shapeText == "0 × 2")
  }

  /// Fewer queries than dimensions, and only one query.
  @Test(arguments: [1, 5]) func fewQueriesGiveAFiniteMap(_ count: Int) throws {
    let regression = EmbeddingRegression(benchmarks: ["a"], features: [Self.random(count, 20, seed: 5)])
    let map = regression.map(to: [Self.random(count, 2, seed: 6)], by: try regression.system(ridge: 0.1))
    let covariance = try #require(map.residualCovariance)
    #expect(map.weights.isFinite && covariance.isFinite)
    #expect((0..<2).allSatisfy { covariance[$0, $0] >= 0 })
  }

  @Test func aSingularRegressionNamesTheRemedy() throws {
    let regression = EmbeddingRegression(
      benchmarks: ["a"], features: [Matrix(rows: 8, columns: 3, repeating: 1000)])
    #expect { try regression.system(ridge: 0) } throws: {
      guard case NumericalError.notPositiveDefinite(_, let remedy) = $0 else { return false }
      return remedy.hasPrefix("choose --ridge of at least ")
    }
  }
}
