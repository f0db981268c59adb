import FileFormats
import NumericKernels
import Routing
import RoutingData

/// What stands in the place of an encoder in a model that was trained without embeddings: such a model knows its train
/// queries by their factors, and no others.
public struct NoQueryEncoder: QueryEncoder {
  /// The word for it in model folders.
  public static let kind = "none"

  /// The number of factors and one for the query's bias.
  public let width: Int

  /// For models of so many factors.
  package init(factors: Int) { width = factors + 1 }

  /// None: it takes no features.
  public var dimensions: Int { 0 }

  /// Nothing is known: all zeros.
  public func vectors(of batch: QueryBatch) -> Matrix { Matrix(rows: batch.count, columns: width) }

  /// The width.
  public var tensors: TensorBundle { TensorBundle(numbers: ["width": [Double(width)]]) }

  /// From its width.
  ///
  /// - Throws: `DataError` for a width that can't be.
  public init(tensors: TensorBundle) throws(DataError) {
    let width = try tensors.count("width")
    guard width > 0 else { throw DataError("number 'width' is \(width)") }
    self.width = width
  }
}

extension FactorModel {
  /// Whether the model can route queries that it was not trained on.
  public var routesNewQueries: Bool { !(queryEncoder is NoQueryEncoder) }

  /// The factors and biases of queries that the model was trained on, n × (k + 1), by their rows.
  ///
  /// - Throws: `DataError` for a query that it was not trained on.
  func knownVectors(of batch: QueryBatch) throws(DataError) -> Matrix {
    let known = queries.first { Name($0.benchmark) == Name(batch.benchmark ?? "") }
    var places: [Int: Int] = [:]
    for (place, row) in (known?.rows ?? []).enumerated() { places[row] = place }
    var found: [Int] = []
    for row in batch.rows ?? [] {
      guard let place = places[row] else { break }
      found.append(place)
    }
    guard let known, found.count == batch.count else {
      throw DataError(
        "router '\(name)' was trained without query embeddings: it has factors of its train queries and can't route any "
          + "other; give the dataset embeddings with 'rs-data import … --embeddings FILE --merge' and train it again"
      )
    }
    return known.factors.selecting(rows: found)
      .appending(
        columns: Matrix(rows: found.count, columns: 1, storage: found.map { known.biases[$0] }))
  }
}
