import FileFormats
import NumericKernels

extension TensorBundle {
  /// The matrices, vectors and whole numbers as arrays of a file: n × m, n, and n of 64 bits.
  public var tensors: [String: NDArray] {
    var tensors = matrices.mapValues { NDArray(matrix: $0) }
    for (name, vector) in vectors { tensors[name] = NDArray(floats: vector, shape: [vector.count]) }
    for (name, list) in integers {
      tensors[name] = NDArray(int64: list.map(Int64.init), shape: [list.count])
    }
    return tensors
  }

  /// A bundle from the arrays of a file: what has two dimensions is a matrix, whole numbers stay such.
  ///
  /// - Throws: `FileError` naming an array that holds a value that is not finite, or has another shape or type.
  public init(
    tensors: [String: NDArray], numbers: [String: [Double]], texts: [String: [String]]
  ) throws(FileError) {
    self.init(numbers: numbers, texts: texts)
    for (name, tensor) in tensors {
      if tensor.elementType == .int64 {
        integers[name] = try tensor.integers()
        continue
      }
      guard try tensor.floats().allSatisfy(\.isFinite) else {
        throw tensor.error("holds a value that is not finite")
      }
      if tensor.shape.count == 1 {
        vectors[name] = try tensor.floats()
      } else {
        matrices[name] = try tensor.matrix()
      }
    }
  }
}
