#if canImport(Glibc)
  import Glibc
#endif

/// Functions of single numbers in forms that neither overflow nor lose digits.
public enum Elementwise {
  /// σ(z) = 1 / (1 + e⁻ᶻ), for any z.
  public static func sigmoid(_ z: Float) -> Float {
    let small = exp(-abs(z))
    return z >= 0 ? 1 / (1 + small) : small / (1 + small)
  }

  /// log σ(z), for any z.
  public static func logSigmoid(_ z: Float) -> Float { min(z, 0) - log1p(exp(-abs(z))) }

  /// log(p / (1 − p)) for p in (0, 1).
  public static func logit(_ p: Float) -> Float { log(p) - log1p(-p) }

  /// The softmax of each row at a temperature: exp(z / T) normalised to sum 1, computed from the row's maximum.
  public static func softmaxRows(_ scores: Matrix, temperature: Float = 1) -> Matrix {
    precondition(temperature > 0, "temperature \(temperature)")
    let columns = scores.columns
    var result = scores
    guard columns > 0 else { return result }
    Parallel.fillRows(of: &result, blockRows: 256) { range, values in
      for row in 0..<range.count {
        let base = row * columns
        var largest = -Float.infinity
        for column in 0..<columns { largest = max(largest, values[base + column]) }
        var total: Float = 0
        for column in 0..<columns {
          let value = exp((values[base + column] - largest) / temperature)
          values[base + column] = value
          total += value
        }
        for column in 0..<columns { values[base + column] /= total }
      }
    }
    return result
  }

  /// σ of each element of a matrix.
  public static func sigmoid(_ matrix: Matrix) -> Matrix {
    var result = matrix
    Parallel.fillRows(of: &result, blockRows: 256) { _, values in
      for index in 0..<values.count { values[index] = sigmoid(values[index]) }
    }
    return result
  }

  /// p(1 − p)·factor·√variance of each element, at most 1: the error of a probability σ(z) for a variance of z (delta method).
  ///
  /// Negative variances count as 0; both matrices have one shape.
  public static func errors(ofProbabilities probabilities: Matrix, variances: Matrix, factor: Float) -> Matrix
  {
    precondition(
      probabilities.rows == variances.rows && probabilities.columns == variances.columns,
      "probabilities \(probabilities.shapeText), variances \(variances.shapeText)")
    var result = variances
    let columns = variances.columns
    probabilities.storage.withUnsafeBufferPointer { buffer in
      let source = UncheckedSendable(buffer)
      Parallel.fillRows(of: &result, blockRows: 256) { range, values in
        values.withUnsafeMutableBufferPointer { target in
          guard let own = source.value.baseAddress, let place = target.baseAddress else { return }
          let start = own + range.lowerBound * columns
          for index in stride(from: 0, to: target.count, by: VectorMath.Lanes.scalarCount) {
            let count = min(VectorMath.Lanes.scalarCount, target.count - index)
            let p = VectorMath.load(start + index, count: count, padding: 0)
            let variance = VectorMath.load(place + index, count: count, padding: 0)
            let root = VectorMath.squareRoot(variance.replacing(with: 0, where: variance .< 0))
            let error = p * (1 - p) * factor * root
            VectorMath.store(error.replacing(with: 1, where: error .> 1), place + index, count: count)
          }
        }
      }
    }
    return result
  }
}
