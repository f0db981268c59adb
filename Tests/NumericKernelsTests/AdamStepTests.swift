import Foundation
import Testing

@testable import NumericKernels

@Suite(.serialized) struct AdamStepTests {
  /// Kingma and Ba's algorithm 1 as printed, in `Double`.
  struct Reference {
    var w: [Double]
    var m: [Double]
    var v: [Double]

    init(_ start: [Float]) {
      w = start.map(Double.init)
      m = w.map { _ in 0 }
      v = m
    }

    mutating func step(_ t: Int, rate: Double, gradient: [Float]) {
      for (i, g) in gradient.map(Double.init).enumerated() {
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        let mean = m[i] / (1 - pow(0.9, Double(t)))
        let square = v[i] / (1 - pow(0.999, Double(t)))
        w[i] -= rate * mean / (square.squareRoot() + 1e-8)
      }
    }
  }

  static func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    Matrix.random(1, count, seed: seed, scale: scale).storage
  }

  @Test(arguments: [1, 7, 8, 19, 64]) func agreesWithTheAlgorithmAsPrinted(count: Int) {
    var weights = Self.numbers(count, seed: 1)
    var moments = AdamMoments(count: count)
    var reference = Reference(weights)
    for t in 1...40 {
      // Gradients from 1e-6 to 10, and none at all at times, show every term.
      let scale: Float = t % 7 == 0 ? 0 : [1e-6, 1e-3, 1, 10][t % 4]
      let gradient = Self.numbers(count, seed: UInt64(t + 1), scale: scale)
      let rate = 0.01 / Double(t)
      AdamStep(number: t, rate: rate).update(&weights, &moments, gradient: gradient)
      reference.step(t, rate: rate, gradient: gradient)
    }
    for i in 0..<count {
      #expect(abs(Double(weights[i]) - reference.w[i]) < 2e-6)
      #expect(abs(Double(moments.first[i]) - reference.m[i]) < 1e-6)
      #expect(abs(Double(moments.second[i]) - reference.v[i]) < 1e-6)
    }
  }

  /// The first step is ±rate whatever the gradient's size: what the correction for bias is for.
  @Test func theFirstStepIsTheRate() {
    var weights: [Float] = [1, 1, 1]
    var moments = AdamMoments(count: 3)
    AdamStep(number: 1, rate: 0.5).update(&weights, &moments, gradient: [3e-3, -40, 0])
    #expect(abs(weights[0] - 0.5) < 1e-5 && abs(weights[1] - 1.5) < 1e-5 && weights[2] == 1)
  }

  /// Loshchilov and Hutter's algorithm 2: the decay acts on the weights, never on the moments.
  @Test(arguments: [1, 8, 19]) func decayIsApartFromTheGradient(count: Int) {
    var weights = Self.numbers(count, seed: 5)
    var moments = AdamMoments(count: count)
    var reference = Reference(weights)
    for t in 1...30 {
      let gradient = Self.numbers(count, seed: UInt64(t + 1))
      let rate = 0.02 / Double(t)
      AdamStep(number: t, rate: rate, weightDecay: 0.3)
        .update(&weights, &moments, gradient: gradient.map { $0 * 4 }, scale: 0.25)
      reference.w = reference.w.map { $0 * (1 - rate * 0.3) }
      reference.step(t, rate: rate, gradient: gradient)
    }
    for i in 0..<count {
      #expect(abs(Double(weights[i]) - reference.w[i]) < 2e-6)
      #expect(abs(Double(moments.first[i]) - reference.m[i]) < 1e-6)
    }
  }

  @Test(arguments: [(1, 1), (3, 384), (5, 13), (256, 8)])
  func theOuterProductGivesTheBitsOfAStoredGradient(rows: Int, columns: Int) {
    var fused = Matrix.random(rows, columns, seed: 2)
    var stored = fused.storage
    var (fusedMoments, storedMoments) = (AdamMoments(count: stored.count), AdamMoments(count: stored.count))
    for t in 1...3 {
      let delta = Self.numbers(rows, seed: UInt64(10 * t))
      let x = Self.numbers(columns, seed: UInt64(10 * t + 1))
      let step = AdamStep(number: t, rate: 0.01)
      step.update(&fused, &fusedMoments, outer: delta, x)
      step.update(&stored, &storedMoments, gradient: delta.flatMap { d in x.map { d * $0 } })
    }
    #expect(fused.storage == stored)
    #expect(fusedMoments == storedMoments)
  }

  @Test func bitsDoNotDependOnThreads() {
    let before = Threads.count
    defer { Threads.count = before }
    let count = 2 * AdamStep.block + 13
    let gradient = Self.numbers(count, seed: 3)
    func result(threads: Int) -> [Float] {
      Threads.count = threads
      var weights = gradient
      var moments = AdamMoments(count: count)
      for t in 1...2 { AdamStep(number: t, rate: 0.1).update(&weights, &moments, gradient: gradient) }
      return weights
    }
    #expect(result(threads: 1) == result(threads: 2))
  }

  @Test func vectorRootsAreCorrectlyRounded() {
    var generator = SeededGenerator(seed: 4)
    for exponent in stride(from: -140, through: 120, by: 5) {
      var lanes = VectorMath.Lanes(repeating: 0)
      for lane in 1..<8 { lanes[lane] = generator.uniform() * exp2(Float(exponent)) }
      let roots = VectorMath.squareRoot(lanes)
      for lane in 0..<8 { #expect(roots[lane] == lanes[lane].squareRoot()) }
    }
  }
}
