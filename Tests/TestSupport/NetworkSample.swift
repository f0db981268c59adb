import Learning
import NumericKernels

/// Random networks and examples for them.
package enum NetworkSample {
  /// A network whose layers lead from one width to the next.
  package static func network(_ widths: [Int], seed: UInt64 = 1) -> FeedForwardNetwork {
    var generator = SeededGenerator(seed: seed)
    return FeedForwardNetwork(widths: widths, using: &generator)
  }

  /// Normal inputs and labels of 0 and 1; a fifth of the labels is missing (NaN).
  package static func examples(_ count: Int, inputs: Int, outputs: Int) -> (inputs: Matrix, labels: Matrix) {
    var generator = SeededGenerator(seed: 7)
    let x = Matrix(
      rows: count, columns: inputs, storage: (0..<count * inputs).map { _ in generator.normal() })
    let y = Matrix(
      rows: count, columns: outputs,
      storage: (0..<count * outputs).map { _ in
        let number = generator.uniform()
        return number < 0.2 ? .nan : number < 0.6 ? 1 : 0
      })
    return (x, y)
  }
}
