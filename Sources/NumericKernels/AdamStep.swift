/// The running means of a parameter's gradient and of its square, which Adam keeps from step to step.
public struct AdamMoments: Equatable, Sendable {
  /// The running mean of the gradient, one for each parameter.
  public internal(set) var first: [Float]
  /// The running mean of the squared gradient, one for each parameter.
  public internal(set) var second: [Float]

  /// The moments before the first step, all 0.
  public init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }

  /// Moments that were kept.
  public init(first: [Float], second: [Float]) {
    precondition(first.count == second.count, "\(first.count) means, \(second.count) of squares")
    self.first = first
    self.second = second
  }
}

/// One step of Adam: everything that is the same for all parameters, computed once.
///
/// m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g², w ← w·(1 − ηλ) − η·m̂ / (√v̂ + ε), where m̂ and v̂ are free
/// of the bias towards 0. Moments, root and quotient are done in one pass over the parameters, which costs
/// about what reading and writing them costs. Sources: Kingma and Ba 2015, algorithm 1; the decay λ apart
/// from the gradient: Loshchilov and Hutter 2019 (AdamW).
public struct AdamStep: Sendable {
  static let block = 1 << 16

  private let addFirst: Float
  private let keepSecond: Float
  private let addSecond: Float
  private let rate: Float
  private let epsilon: Float
  /// 1 − ηλ; the product with 1 of a step without decay changes no bit.
  private let keep: Float

  /// The step with a number, counted from 1, at a learning rate η and a weight decay λ.
  public init(
    number: Int, rate: Double, weightDecay: Double = 0, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    precondition(number > 0, "Adam's step \(number)")
    // Numerator and denominator are multiplied by √(1 − β₂ᵗ), which spares v̂.
    let root = (1 - power(beta2, number)).squareRoot()
    addFirst = Float(1 - beta1)
    keepSecond = Float(beta2)
    addSecond = Float(1 - beta2)
    self.rate = Float(rate * root / (1 - power(beta1, number)))
    self.epsilon = Float(epsilon * root)
    keep = Float(1 - rate * weightDecay)
  }

  /// Moves parameters against `scale` times a gradient of the same length, in parallel over fixed blocks.
  public func update(
    _ parameters: inout [Float], _ moments: inout AdamMoments, gradient: [Float], scale: Float = 1
  ) {
    precondition(
      parameters.count == gradient.count && moments.first.count == gradient.count,
      "\(parameters.count) parameters, \(moments.first.count) moments, \(gradient.count) gradients")
    let ranges = Parallel.blocks(of: gradient.count, size: Self.block)
    withPointers(&parameters, &moments) { places in
      gradient.withUnsafeBufferPointer { gradient in
        guard let gradient = gradient.baseAddress else { return }
        let source = UncheckedSendable(gradient)
        Parallel.forEach(ranges.count) { index in
          move(places + ranges[index].lowerBound, count: ranges[index].count, times: scale) {
            source.value + ranges[index].lowerBound + $0
          }
        }
      }
    }
  }

  /// Moves an m × n matrix against the gradient δ·xᵀ, which is never stored; `delta` has m elements, `x` n.
  ///
  /// Same bits as with the stored gradient. On one thread: waking a second one costs more than it spares
  /// in a step on a single example.
  public func update(
    _ weights: inout Matrix, _ moments: inout AdamMoments, outer delta: [Float], _ x: [Float]
  ) {
    precondition(
      weights.rows == delta.count && weights.columns == x.count
        && moments.first.count == weights.storage.count,
      "\(weights.shapeText) weights, \(moments.first.count) moments, gradient \(delta.count) × \(x.count)")
    let columns = weights.columns
    withPointers(&weights.storage, &moments) { places in
      x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        for (row, value) in delta.enumerated() {
          move(places + row * columns, count: columns, times: value) { x + $0 }
        }
      }
    }
  }

  /// Where a run of parameters and their moments lie in memory.
  private struct Places: @unchecked Sendable {
    let parameters: UnsafeMutablePointer<Float>
    let first: UnsafeMutablePointer<Float>
    let second: UnsafeMutablePointer<Float>

    static func + (places: Places, offset: Int) -> Places {
      Places(
        parameters: places.parameters + offset, first: places.first + offset, second: places.second + offset)
    }
  }

  private func withPointers(
    _ parameters: inout [Float], _ moments: inout AdamMoments, _ body: (Places) -> Void
  ) {
    parameters.withUnsafeMutableBufferPointer { parameters in
      moments.first.withUnsafeMutableBufferPointer { first in
        moments.second.withUnsafeMutableBufferPointer { second in
          guard let parameters = parameters.baseAddress, let first = first.baseAddress,
            let second = second.baseAddress
          else { return }
          body(Places(parameters: parameters, first: first, second: second))
        }
      }
    }
  }

  /// Moves `count` parameters against `factor` times the numbers that `source` points to.
  @inline(__always)
  private func move(
    _ places: Places, count: Int, times factor: Float, _ source: (Int) -> UnsafePointer<Float>
  ) {
    typealias Lanes = VectorMath.Lanes
    let width = Lanes.scalarCount
    let whole = count / width * width
    for start in stride(from: 0, to: whole, by: width) {
      let gradient = UnsafeRawPointer(source(start)).loadUnaligned(as: Lanes.self) * factor
      let parameters = UnsafeMutableRawPointer(places.parameters + start)
      let first = UnsafeMutableRawPointer(places.first + start)
      let second = UnsafeMutableRawPointer(places.second + start)
      let moved = moved(
        parameters.loadUnaligned(as: Lanes.self), first.loadUnaligned(as: Lanes.self),
        second.loadUnaligned(as: Lanes.self), gradient)
      parameters.storeBytes(of: moved.parameters, as: Lanes.self)
      first.storeBytes(of: moved.first, as: Lanes.self)
      second.storeBytes(of: moved.second, as: Lanes.self)
    }
    guard whole < count else { return }
    var (gradient, parameters) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var (first, second) = (parameters, parameters)
    for lane in 0..<count - whole {
      gradient[lane] = source(whole)[lane] * factor
      parameters[lane] = places.parameters[whole + lane]
      first[lane] = places.first[whole + lane]
      second[lane] = places.second[whole + lane]
    }
    let moved = moved(parameters, first, second, gradient)
    for lane in 0..<count - whole {
      places.parameters[whole + lane] = moved.parameters[lane]
      places.first[whole + lane] = moved.first[lane]
      places.second[whole + lane] = moved.second[lane]
    }
  }

  @inline(__always)
  private func moved(
    _ parameters: VectorMath.Lanes, _ first: VectorMath.Lanes, _ second: VectorMath.Lanes,
    _ gradient: VectorMath.Lanes
  ) -> (parameters: VectorMath.Lanes, first: VectorMath.Lanes, second: VectorMath.Lanes) {
    let first = first + (gradient - first) * addFirst
    let second = second * keepSecond + gradient * gradient * addSecond
    return (parameters * keep - first * rate / (VectorMath.squareRoot(second) + epsilon), first, second)
  }
}

/// xⁿ for n ≥ 1 by repeated squaring: the same bits on every platform.
private func power(_ x: Double, _ n: Int) -> Double {
  var (result, square, rest) = (1.0, x, n)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
