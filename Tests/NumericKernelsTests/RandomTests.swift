import NumericKernels
import Testing

@Suite struct RandomTests {
  /// Known answers published with Random123 1.14 (`kat_vectors`, philox4x32 10).
  @Test func philoxKnownAnswers() {
    #expect(
      Philox.words(key: 0, counter: (0, 0)) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.words(key: .max, counter: (.max, .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.words(key: 0x299f_31d0_a409_3822, counter: (0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func streamsAreReproducibleAndDiffer() {
    func draw(_ generator: SeededGenerator) -> [UInt64] {
      var copy = generator
      return (0..<5).map { _ in copy.next() }
    }
    let base = draw(SeededGenerator(seed: 1, stream: "split/mmlu", 2))
    #expect(base == draw(SeededGenerator(seed: 1, stream: "split/mmlu", 2)))
    #expect(base != draw(SeededGenerator(seed: 2, stream: "split/mmlu", 2)))
    #expect(base != draw(SeededGenerator(seed: 1, stream: "split/arc", 2)))
    #expect(base != draw(SeededGenerator(seed: 1, stream: "split/mmlu", 3)))
  }

  /// Five standard errors around the expected mean and variance.
  @Test func momentsOfUniformAndNormal() {
    var generator = SeededGenerator(seed: 3)
    let count = 200_000
    var sum = 0.0
    var normalSum = 0.0
    var squares = 0.0
    for _ in 0..<count {
      let value = generator.uniform()
      #expect(value >= 0 && value < 1)
      sum += Double(value)
      let normal = Double(generator.normal())
      normalSum += normal
      squares += normal * normal
    }
    let n = Double(count)
    #expect(abs(sum / n - 0.5) < 5 / (12 * n).squareRoot())
    #expect(abs(normalSum / n) < 5 / n.squareRoot())
    #expect(abs(squares / n - 1) < 5 * (2 / n).squareRoot())
  }

  /// Three quarters of 2³² words: without rejection every third number would come twice as often as the others.
  @Test func belowIsEvenForBoundsOfManyWords() {
    var generator = SeededGenerator(seed: 5)
    let count = 30_000
    let thirds = (0..<count).count { _ in generator.below(3 << 30) % 3 == 0 }
    // Five standard errors.
    #expect(abs(Double(thirds) / Double(count) - 1 / 3) < 5 * (2 / 9 / Double(count)).squareRoot())
  }

  @Test(arguments: [1, 2, 3, 7, 1000]) func belowIsInRangeAndEven(bound: Int) {
    var generator = SeededGenerator(seed: 4)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<bound * 1000 { counts[generator.below(bound)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 200 })
  }

  @Test func shuffleIsAPermutation() {
    var generator = SeededGenerator(seed: 5)
    var elements = Array(0..<100)
    generator.shuffle(&elements)
    #expect(elements != Array(0..<100))
    #expect(elements.sorted() == Array(0..<100))
  }
}
