import Learning
import NumericKernels
import Routing
import RoutingData

/// A query's vector by its similarity to known queries: h(x) = k(x, Z)·A.
package struct KernelMap: Equatable, QueryEncoder {
  /// The word for it in model folders.
  package static let kind = "kernel"

  /// The kernel.
  package let kernel: KernelFunction
  /// The features of known queries Z, one a row, n × d.
  package let landmarks: Matrix
  /// The coefficients A, n × k.
  package let coefficients: Matrix
  private let known: KernelLandmarks
  private let panels: ProductPanels

  /// A map from its parts.
  package init(kernel: KernelFunction, landmarks: Matrix, coefficients: Matrix) {
    precondition(
      coefficients.rows == landmarks.rows,
      "landmarks \(landmarks.shapeText), coefficients \(coefficients.shapeText)")
    self.kernel = kernel
    self.landmarks = landmarks
    self.coefficients = coefficients
    known = KernelLandmarks(landmarks, kernel)
    panels = ProductPanels(coefficients)
  }

  /// Whether two maps are of equal parts.
  package static func == (first: Self, second: Self) -> Bool {
    first.kernel == second.kernel && first.landmarks == second.landmarks
      && first.coefficients == second.coefficients
  }

  /// The number of columns, k.
  package var width: Int { coefficients.columns }

  /// The number of features, d.
  package var dimensions: Int { landmarks.columns }

  /// The vectors of queries, n × k; cost 2·n·z·(d + k) for z known queries, memory 4·1,024·z bytes.
  package func vectors(of batch: QueryBatch) -> Matrix {
    vectors(of: batch.embeddings)
  }

  /// The landmarks, the coefficients and the kernel.
  package var tensors: TensorBundle {
    var bundle = TensorBundle(matrices: ["landmarks": landmarks, "coefficients": coefficients])
    switch kernel {
    case .gaussian(let gamma):
      bundle.texts["kernel"] = [KernelFamily.rbf.rawValue]
      bundle.numbers["gamma"] = [Double(gamma)]
    case .cosine: bundle.texts["kernel"] = [KernelFamily.cosine.rawValue]
    }
    return bundle
  }

  /// A map from its tensors.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit, or an unknown kernel.
  package init(tensors: TensorBundle) throws(DataError) {
    let landmarks = try tensors.matrix("landmarks")
    let coefficients = try tensors.matrix("coefficients")
    guard coefficients.rows == landmarks.rows else {
      throw DataError(
        "array 'coefficients' is \(coefficients.shapeText), expected \(landmarks.rows) rows for as many landmarks"
      )
    }
    let names = try tensors.texts("kernel")
    let kernel: KernelFunction
    switch names.first.flatMap(KernelFamily.init) {
    case .rbf:
      let gamma = try tensors.number("gamma")
      guard Float(gamma).isNormal, gamma > 0 else {
        throw DataError("number 'gamma' is \(gamma), expected one above 0")
      }
      kernel = .gaussian(gamma: Float(gamma))
    case .cosine: kernel = .cosine
    case nil: throw DataError("unknown kernel '\(names.first ?? "")'")
    }
    self.init(kernel: kernel, landmarks: landmarks, coefficients: coefficients)
  }

  /// The vectors of features.
  func vectors(of features: Matrix) -> Matrix {
    .stacked(
      Parallel.blocks(of: features.rows, size: 1_024).map { range in
        panels.multiplied(by: known.matrix(features.selecting(rows: Array(range))))
      }, columns: coefficients.columns)
  }
}

extension Matrix {
  /// The rows of several matrices of one width, which says it where there is none.
  static func stacked(_ parts: [Matrix], columns: Int) -> Matrix {
    parts.isEmpty ? Matrix(rows: 0, columns: columns) : .stacked(parts)
  }
}
