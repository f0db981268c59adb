import NumericKernels
import Testing

@testable import Learning

@Suite struct FeatureStandardTests {
  /// Rows of a normal distribution whose columns deviate by 0.8 to 1.2, n × d.
  private static func embeddings(rows: Int = 200, columns: Int = 16, seed: UInt64 = 1) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    var result = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        result[row, column] = generator.normal() * (0.8 + 0.4 * Float(column) / Float(columns)) + 0.3
      }
    }
    return result
  }

  private static func changed(_ matrix: Matrix, _ change: (Int, Float) -> Float) -> Matrix {
    var result = matrix
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { result[row, column] = change(column, matrix[row, column]) }
    }
    return result
  }

  private static func features(_ embeddings: Matrix) -> Matrix { TrainFeatures([embeddings]).blocks[0] }

  private static func distance(_ left: Matrix, _ right: Matrix) -> Float {
    guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
    return (0..<left.rows).reduce(0) { result, row in
      zip(left.row(row), right.row(row)).reduce(result) { max($0, abs($1.0 - $1.1)) }
    }
  }

  @Test func rowsHaveMeanZeroAndMeanSquaredLengthOne() {
    let features = Self.features(Self.embeddings())
    var square = 0.0
    for row in 0..<features.rows { square += Double(BLAS.dot(features.row(row), features.row(row))) }
    #expect(abs(square / Double(features.rows) - 1) < 1e-5)
    for column in 0..<features.columns { #expect(abs(features.column(column).reduce(0, +)) < 1e-3) }
  }

  /// What an encoder gives is moved and scaled as a whole.
  @Test func columnsOfOneUnitKeepTheirRelativeScale() {
    let standard = TrainFeatures([Self.embeddings()]).standard
    #expect(Set(standard.scale).count == 1)
    #expect(standard.columns == Array(0..<16))
  }

  @Test(arguments: [1e-30, 1e-6, 1e6, 1e19, 1e30] as [Float]) func unitsOfAllColumnsChangeNothing(
    _ factor: Float
  ) {
    let plain = Self.embeddings()
    let scaled = Self.changed(plain) { $1 * factor }
    #expect(Self.distance(Self.features(scaled), Self.features(plain)) < 1e-5)
  }

  @Test func shiftsAndConstantColumnsChangeNothing() {
    let plain = Self.embeddings()
    let shifted = Self.changed(plain) { $1 + Float($0) - 8 }
    #expect(Self.distance(Self.features(shifted), Self.features(plain)) < 1e-4)
    for constant in [0, 0.1, 2025, 20_000, 3e38] as [Float] {
      let wider = plain.appending(columns: Matrix(rows: plain.rows, columns: 1, repeating: constant))
      #expect(Self.features(wider) == Self.features(plain))
    }
  }

  @Test(arguments: [1e-3, 1000] as [Float]) func anotherUnitOfOneColumnCostsLittle(_ factor: Float) {
    let plain = Self.embeddings()
    let other = Self.changed(plain) { $0 == 5 ? $1 * factor : $1 }
    // The column had 0.93 of the median deviation and gets all of it.
    #expect(Self.distance(Self.features(other), Self.features(plain)) < 0.15)
  }

  /// Units of an encoder that are only rounding must not become features.
  @Test func deadColumnsAreLeftOut() {
    let plain = Self.embeddings()
    let dead = Self.changed(plain) { $0 == 3 ? $1 * 1e-7 : $1 }
    #expect(TrainFeatures([dead]).standard.columns == (0..<16).filter { $0 != 3 })
  }

  @Test(arguments: [-100, 1e19] as [Float]) func oneBrokenTrainRowChangesLittle(_ factor: Float) {
    let plain = Self.embeddings()
    var broken = plain
    for column in 0..<16 { broken[7, column] *= factor }
    let (before, after) = (TrainFeatures([plain]), TrainFeatures([broken]))
    let others = (0..<200).filter { $0 != 7 }
    let difference = Self.distance(
      after.blocks[0].selecting(rows: others), before.blocks[0].selecting(rows: others))
    #expect(difference < 0.02)
    #expect(BLAS.dot(after.blocks[0].row(7), after.blocks[0].row(7)) <= 25)
  }

  /// Of long vectors the longest count least, and lengths on either side of the limit are close.
  @Test func lengthsBeyondTheLimitFall() throws {
    let standard = TrainFeatures([Self.embeddings()]).standard
    let limit = try #require(standard.limit)
    let direction = Matrix([standard.centre.indices.map { $0 == 0 ? 1 : 0 }])
    func length(_ distance: Float) -> Float {
      var embedding = Matrix([standard.centre])
      embedding[0, 0] += direction[0, 0] * distance / standard.scale[0]
      let features = standard.features(of: embedding)
      return BLAS.dot(features.row(0), features.row(0)).squareRoot()
    }
    #expect(abs(length(limit * 0.999) - limit) < 0.02)
    #expect(abs(length(limit * 1.001) - limit) < 0.02)
    #expect(abs(length(limit * 100) - limit / 100) < 0.01)
  }

  @Test func equalEmbeddingsBecomeZeros() {
    let features = Self.features(Matrix(rows: 9, columns: 3, repeating: 0.7))
    #expect(features == Matrix(rows: 9, columns: 3))
    #expect(Self.features(Matrix(rows: 1, columns: 2, repeating: 5)) == Matrix(rows: 1, columns: 2))
  }

  @Test func whatIsSavedIsReadBack() throws {
    let wider = Self.embeddings().appending(columns: Matrix(rows: 200, columns: 1, repeating: 3))
    let features = TrainFeatures([wider])
    #expect(try FeatureStandard(contents: features.standard.contents) == features.standard)
    let raw = try #require(features.standardOfRaw)
    #expect(try FeatureStandard(contents: raw.contents) == raw)
    #expect(raw.features(of: wider).column(16).allSatisfy { $0 == 0 })
    var broken = features.standard.contents
    broken.integers["columns"] = [99]
    #expect(throws: (any Error).self) { try FeatureStandard(contents: broken) }
  }

  /// Encoders side by side weigh the same, whatever their dimensions and units are.
  @Test(arguments: [1e-6, 1, 1e6] as [Float]) func encodersSideBySideHaveEqualWeights(_ unit: Float) {
    let (wide, narrow) = (Self.embeddings(), Self.embeddings(columns: 4, seed: 2).scaled(by: unit))
    let joined = TrainFeatures([wide.appending(columns: narrow)], widths: [16, 4])
    let parts = [Array(0..<16), Array(16..<20)].map { joined.blocks[0].selecting(columns: $0) }
    for part in parts {
      let square = (0..<part.rows).reduce(0.0) { $0 + Double(BLAS.dot(part.row($1), part.row($1))) }
      #expect(abs(square / Double(part.rows) - 0.5) < 1e-4)
    }
    #expect(joined.standard.dimensions == 20 && joined.standard.columns == Array(0..<20))
    #expect(Self.distance(parts[0], Self.features(wide).scaled(by: Float(0.5).squareRoot())) < 1e-5)
  }

  @Test func oneEncoderIsNoCompany() {
    #expect(
      TrainFeatures([Self.embeddings()], widths: [16]).blocks == TrainFeatures([Self.embeddings()]).blocks)
  }
}
