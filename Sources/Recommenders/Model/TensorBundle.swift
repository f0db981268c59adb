import NumericKernels
import RoutingData

/// Named arrays, numbers and texts: what query encoders and the states of fits are saved as.
public struct TensorBundle: Equatable, Sendable {
  /// Arrays, by name.
  public var matrices: [String: Matrix]
  /// Lists of numbers, kept to the last bit.
  public var numbers: [String: [Double]]
  /// Lists of texts.
  public var texts: [String: [String]]

  /// A bundle from its parts.
  public init(
    matrices: [String: Matrix] = [:], numbers: [String: [Double]] = [:], texts: [String: [String]] = [:]
  ) {
    self.matrices = matrices
    self.numbers = numbers
    self.texts = texts
  }

  /// The array of a name.
  ///
  /// - Throws: `DataError` where it is missing.
  public func matrix(_ name: String) throws(DataError) -> Matrix {
    guard let matrix = matrices[name] else { throw DataError("array '\(name)' is missing") }
    return matrix
  }

  /// The array of a name, which must have these rows and columns.
  ///
  /// - Throws: `DataError` where it is missing or has another shape.
  public func matrix(_ name: String, rows: Int, columns: Int) throws(DataError) -> Matrix {
    let found = try matrix(name)
    guard found.rows == rows, found.columns == columns else {
      throw DataError("array '\(name)' is \(found.shapeText), expected \(rows) × \(columns)")
    }
    return found
  }

  /// The only number of a name.
  ///
  /// - Throws: `DataError` where it is missing or not one number.
  public func number(_ name: String) throws(DataError) -> Double {
    guard let list = numbers[name], list.count == 1 else {
      throw DataError("number '\(name)' is missing")
    }
    return list[0]
  }

  /// The texts of a name.
  ///
  /// - Throws: `DataError` where they are missing.
  public func texts(_ name: String) throws(DataError) -> [String] {
    guard let list = texts[name] else { throw DataError("texts '\(name)' are missing") }
    return list
  }
}
