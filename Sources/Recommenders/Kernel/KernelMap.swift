import LinearAlgebra
import RoutingData

/// A query's vector by its similarity to known queries: h(x) = k(x − c, Z)·A.
public struct KernelMap: Equatable, Sendable {
  /// The word for it in model folders.
  public static let kind = "kernel"

  /// The kernel.
  public let kernel: KernelFunction
  /// What is taken from an embedding first, 1 × d.
  public let centre: Matrix
  /// The known queries Z, one a row, less the centre, n × d.
  public let landmarks: Matrix
  /// The coefficients A, n × k.
  public let coefficients: Matrix

  /// A map from its parts.
  public init(kernel: KernelFunction, centre: Matrix, landmarks: Matrix, coefficients: Matrix) {
    precondition(
      centre.rows == 1 && centre.columns == landmarks.columns && coefficients.rows == landmarks.rows,
      "centre \(centre.shapeText), landmarks \(landmarks.shapeText), coefficients \(coefficients.shapeText)")
    self.kernel = kernel
    self.centre = centre
    self.landmarks = landmarks
    self.coefficients = coefficients
  }

  /// The number of columns, k.
  public var width: Int { coefficients.columns }

  /// The vectors of queries, n × k; cost 2·n·z·(d + k) for z known queries, memory 4·1,024·z bytes.
  ///
  /// - Throws: `DataError` for embeddings of another length or not finite.
  public func vectors(of batch: QueryBatch) throws(DataError) -> Matrix {
    guard batch.embeddings.columns == landmarks.columns else {
      throw DataError(
        "embeddings of \(batch.embeddings.columns) dimensions for a model trained on "
          + "\(landmarks.columns) dimensions")
    }
    guard batch.embeddings.isFinite else {
      throw DataError("a query embedding holds a value that is not finite")
    }
    return vectors(ofCentred: Self.centred(batch.embeddings, centre))
  }

  /// The vectors of embeddings less the centre.
  func vectors(ofCentred embeddings: Matrix) -> Matrix {
    .stacked(
      Parallel.blocks(of: embeddings.rows, size: 1_024).map { range in
        BLAS.multiply(kernel.matrix(embeddings.selecting(rows: Array(range)), landmarks), coefficients)
      }, columns: coefficients.columns)
  }

  /// Embeddings less a centre, 1 × d.
  static func centred(_ embeddings: Matrix, _ centre: Matrix) -> Matrix {
    var result = embeddings
    for row in 0..<result.rows {
      for column in 0..<result.columns {
        result.storage[row * result.columns + column] -= centre.storage[column]
      }
    }
    return result
  }
}

extension Matrix {
  /// The rows of several matrices of one width, which says it where there is none.
  static func stacked(_ parts: [Matrix], columns: Int) -> Matrix {
    parts.isEmpty ? Matrix(rows: 0, columns: columns) : .stacked(parts)
  }
}
