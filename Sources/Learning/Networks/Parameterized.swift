/// How an optimizer treats an array of parameters.
package enum ParameterRole: Sendable {
  /// Weights, which may be decayed.
  case weights
  /// Biases, scales and the like, which are never decayed.
  case offsets
}

/// Anything that gradient steps move: a fixed list of arrays of parameters.
///
/// A gradient is a value of the same type and shape, its arrays in the same order.
package protocol Parameterized {
  /// The arrays in their order.
  var parameters: [[Float]] { get }

  /// Hands each array, in order, to a closure that may change its elements but not their number.
  mutating func changeParameters(_ body: (inout [Float], ParameterRole) -> Void)
}

extension Parameterized {
  /// Adds the parameters of another value of the same shape: sums of gradients.
  package static func += (left: inout Self, right: Self) {
    let added = right.parameters
    var index = 0
    left.changeParameters { array, _ in
      let part = added[index]
      precondition(array.count == part.count, "\(array.count) parameters and \(part.count)")
      for place in 0..<part.count { array[place] += part[place] }
      index += 1
    }
  }
}
