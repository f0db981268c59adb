import NumericKernels
import RoutingData

/// Named arrays, numbers and texts: what routers and the states of fits are saved as.
public struct TensorBundle: Equatable, Sendable {
  /// Matrices, by name.
  public var matrices: [String: Matrix]
  /// Lists of `Float`, by name.
  public var vectors: [String: [Float]]
  /// Lists of whole numbers, by name.
  public var integers: [String: [Int]]
  /// Short lists of numbers, kept to the last bit.
  public var numbers: [String: [Double]]
  /// Lists of texts.
  public var texts: [String: [String]]

  /// A bundle from its parts.
  public init(
    matrices: [String: Matrix] = [:], vectors: [String: [Float]] = [:], integers: [String: [Int]] = [:],
    numbers: [String: [Double]] = [:], texts: [String: [String]] = [:]
  ) {
    self.matrices = matrices
    self.vectors = vectors
    self.integers = integers
    self.numbers = numbers
    self.texts = texts
  }

  /// The matrix of a name.
  ///
  /// - Throws: `DataError` where it is missing.
  public func matrix(_ name: String) throws(DataError) -> Matrix {
    guard let matrix = matrices[name] else { throw DataError("array '\(name)' is missing") }
    return matrix
  }

  /// The matrix of a name, which must have these rows and columns.
  ///
  /// - Throws: `DataError` where it is missing or has another shape.
  public func matrix(_ name: String, rows: Int, columns: Int) throws(DataError) -> Matrix {
    let found = try matrix(name)
    guard found.rows == rows, found.columns == columns else {
      throw DataError("array '\(name)' is \(found.shapeText), expected \(rows) × \(columns)")
    }
    return found
  }

  /// The vector of a name, which must have this length.
  ///
  /// - Throws: `DataError` where it is missing or has another length.
  public func vector(_ name: String, count: Int) throws(DataError) -> [Float] {
    guard let vector = vectors[name] else { throw DataError("array '\(name)' is missing") }
    guard vector.count == count else {
      throw DataError("array '\(name)' has \(vector.count) numbers, expected \(count)")
    }
    return vector
  }

  /// The whole numbers of a name, each of which must lie in a range.
  ///
  /// - Throws: `DataError` where they are missing or one does not.
  public func integers(_ name: String, in range: ClosedRange<Int> = 0...Int.max) throws(DataError) -> [Int] {
    guard let list = integers[name] else { throw DataError("array '\(name)' is missing") }
    guard list.allSatisfy(range.contains) else {
      throw DataError("array '\(name)' holds a number outside \(range.lowerBound) to \(range.upperBound)")
    }
    return list
  }

  /// The numbers of a name, as many as are expected.
  ///
  /// - Throws: `DataError` where they are missing or others.
  public func numbers(_ name: String, count: Int) throws(DataError) -> [Double] {
    guard let list = numbers[name], list.count == count else {
      throw DataError(count == 1 ? "number '\(name)' is missing" : "numbers '\(name)' are not \(count)")
    }
    return list
  }

  /// The only number of a name.
  ///
  /// - Throws: `DataError` where it is missing or not one number.
  public func number(_ name: String) throws(DataError) -> Double { try numbers(name, count: 1)[0] }

  /// The only number of a name, which must be a whole one that is not negative.
  ///
  /// - Throws: `DataError` where it is missing or another.
  public func count(_ name: String) throws(DataError) -> Int {
    guard let count = Int(exactly: try number(name)), count >= 0 else {
      throw DataError("number '\(name)' is no count")
    }
    return count
  }

  /// The texts of a name.
  ///
  /// - Throws: `DataError` where they are missing.
  public func texts(_ name: String) throws(DataError) -> [String] {
    guard let list = texts[name] else { throw DataError("texts '\(name)' are missing") }
    return list
  }

  /// The only text of a name.
  ///
  /// - Throws: `DataError` where it is missing or not one text.
  public func text(_ name: String) throws(DataError) -> String {
    let list = try texts(name)
    guard list.count == 1 else { throw DataError("text '\(name)' is missing") }
    return list[0]
  }
}

extension TensorBundle {
  /// Puts another bundle into this one, its names behind a prefix.
  public mutating func put(_ other: TensorBundle, under prefix: String) {
    func named<Value>(_ values: [String: Value]) -> [(String, Value)] {
      values.map { ("\(prefix)/\($0.key)", $0.value) }
    }
    matrices.merge(named(other.matrices)) { $1 }
    vectors.merge(named(other.vectors)) { $1 }
    integers.merge(named(other.integers)) { $1 }
    numbers.merge(named(other.numbers)) { $1 }
    texts.merge(named(other.texts)) { $1 }
  }

  /// The bundle that was put under a prefix.
  public func part(_ prefix: String) -> TensorBundle {
    func own<Value>(_ values: [String: Value]) -> [String: Value] {
      let start = prefix + "/"
      return Dictionary(
        values.filter { $0.key.hasPrefix(start) }.map { (String($0.key.dropFirst(start.count)), $0.value) }
      ) { first, _ in first }
    }
    return TensorBundle(
      matrices: own(matrices), vectors: own(vectors), integers: own(integers), numbers: own(numbers),
      texts: own(texts))
  }
}
