import NumericKernels
import RoutingData

extension NetworkOptimizer {
  /// All parameters of a network and their moments in its order, and the number of steps.
  package func state(of network: Network) -> TensorBundle {
    var bundle = TensorBundle(numbers: ["steps": [Double(steps)]])
    for (index, array) in network.parameters.enumerated() where !array.isEmpty {
      bundle.vectors["parameters_\(index)"] = array
      bundle.vectors["first_moments_\(index)"] = moments[index].first
      bundle.vectors["second_moments_\(index)"] = moments[index].second
    }
    return bundle
  }

  /// Takes up a saved state of a network of the same shape.
  ///
  /// - Throws: `DataError` for parts that are missing or do not fit.
  package mutating func restore(_ state: TensorBundle, to network: inout Network) throws(DataError) {
    var arrays = network.parameters
    for (index, array) in arrays.enumerated() where !array.isEmpty {
      arrays[index] = try state.vector("parameters_\(index)", count: array.count)
      moments[index] = AdamMoments(
        first: try state.vector("first_moments_\(index)", count: array.count),
        second: try state.vector("second_moments_\(index)", count: array.count))
    }
    steps = try state.count("steps")
    var index = 0
    network.changeParameters { array, _ in
      array = arrays[index]
      index += 1
    }
  }
}
