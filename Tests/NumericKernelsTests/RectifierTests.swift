import NumericKernels
import Testing

@Suite struct RectifierTests {
  @Test func keepsPositiveNumbersAndNaN() {
    var values: [Float] = [-2, -0.0, 0, 3, .infinity, -.infinity, .nan]
    Rectifier.apply(&values)
    #expect(values.dropLast() == [0, 0, 0, 3, .infinity, 0])
    #expect(values[6].isNaN)
  }

  @Test func passesTheGradientWhereTheOutputIsPositive() {
    var gradient: [Float] = [1, 2, 3]
    Rectifier.backpropagate(&gradient, outputs: [0, 0.5, 0])
    #expect(gradient == [0, 2, 0])
  }
}
