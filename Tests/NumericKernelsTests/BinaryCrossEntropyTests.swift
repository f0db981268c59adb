import Foundation
import NumericKernels
import Testing

@Suite struct BinaryCrossEntropyTests {
  /// The mean loss over the observed cells, and its gradient, cell by cell in `Double`.
  static func reference(_ logits: [Float], _ labels: [Float]) -> (loss: Double, gradient: [Double]) {
    let observed = Double(labels.filter { !$0.isNaN }.count)
    var loss = 0.0
    var gradient: [Double] = []
    for (z, y) in zip(logits, labels) {
      if y.isNaN {
        gradient.append(0)
      } else {
        let (residual, cell) = ReferenceKernels.residualAndLoss(y: Double(y), z: Double(z))
        loss += cell / observed
        gradient.append(-residual / observed)
      }
    }
    return (loss, gradient)
  }

  @Test(arguments: [1, 3, 8, 11, 40], [0, 0.3] as [Float])
  func agreesWithReference(count: Int, missing: Float) {
    var generator = SeededGenerator(seed: UInt64(count))
    let logits = (0..<count).map { _ in generator.normal() * 20 }
    let labels = (0..<count).map { index -> Float in
      index > 0 && generator.uniform() < missing ? .nan : generator.uniform() < 0.5 ? 1 : 0
    }
    let expected = Self.reference(logits, labels)
    var gradient = logits
    BinaryCrossEntropy.replaceWithGradient(&gradient, labels: labels)
    for (cell, wanted) in zip(gradient, expected.gradient) { #expect(abs(Double(cell) - wanted) < 1e-6) }
    let loss = BinaryCrossEntropy.meanLoss(logits: logits, labels: labels)
    #expect(abs(loss - expected.loss) < 1e-5 * max(expected.loss, 1))
  }

  @Test func withoutLabelsThereIsNothing() {
    var gradient: [Float] = [3, -100, .nan]
    BinaryCrossEntropy.replaceWithGradient(&gradient, labels: [.nan, .nan, .nan])
    #expect(gradient == [0, 0, 0])
    #expect(BinaryCrossEntropy.meanLoss(logits: [3], labels: [.nan]) == 0)
  }

  @Test func aLogitThatIsNoNumberIsNotHidden() {
    var gradient: [Float] = [.nan, .infinity, -.infinity]
    BinaryCrossEntropy.replaceWithGradient(&gradient, labels: [1, 0, 0])
    #expect(gradient[0].isNaN)
    #expect(abs(gradient[1] - 1 / 3) < 1e-6 && abs(gradient[2]) < 1e-6)
  }
}
