#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse)
  import _Builtin_intrinsics.intel.sse
#endif

/// Eight lanes of the elementary functions that the inner loops need.
enum VectorMath {
  typealias Lanes = SIMD8<Float>

  /// e⁻ᵃ for a ≥ 0, relative error below 3e-7; arguments beyond 87 give e⁻⁸⁷.
  @inline(__always)
  static func expNegative(_ a: Lanes) -> Lanes {
    let exponent = (a * -1.442_695_04).replacing(with: -126, where: a .> 87)
    // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits.
    let magic: Float = 12_582_912
    let shifted = exponent + magic
    let fraction = exponent - (shifted - magic)
    // Taylor series of 2^f on |f| ≤ 1/2.
    var power = fraction * 1.540_353_04e-4 + 1.333_355_81e-3
    power = power * fraction + 9.618_129_11e-3
    power = power * fraction + 5.550_410_87e-2
    power = power * fraction + 0.240_226_507
    power = power * fraction + 0.693_147_181
    power = power * fraction + 1
    let scale = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    return unsafeBitCast(unsafeBitCast(power, to: SIMD8<Int32>.self) &+ scale, to: Lanes.self)
  }

  /// log(1 + x) for x in [0, 1], relative error below 3e-7.
  @inline(__always)
  static func logOnePlus(_ x: Lanes) -> Lanes {
    // Twice the area hyperbolic tangent of s = x / (2 + x) ≤ 1/3, whose series has odd powers only.
    let s = x / (x + 2)
    let square = s * s
    var series = square * 6.666_666_67e-2 + 7.692_307_69e-2
    series = series * square + 9.090_909_09e-2
    series = series * square + 0.111_111_111
    series = series * square + 0.142_857_143
    series = series * square + 0.2
    series = series * square + 0.333_333_333
    series = series * square + 1
    return 2 * s * series
  }

  /// eˣ for |x| ≤ 87, relative error below 4e-7; arguments beyond count as ±87.
  @inline(__always)
  static func exp(_ x: Lanes) -> Lanes {
    let isNegative = x .< 0
    let small = expNegative(x.replacing(with: -x, where: isNegative))
    return (1 / small).replacing(with: small, where: isNegative)
  }

  /// σ(z), and e^−|z| from which it is made; a NaN becomes some number.
  @inline(__always)
  static func sigmoid(_ z: Lanes) -> (probability: Lanes, small: Lanes) {
    let small = expNegative(z.replacing(with: -z, where: z .< 0))
    let larger = 1 / (1 + small)
    return ((small * larger).replacing(with: larger, where: z .>= 0), small)
  }

  /// The numbers from a place on, 8 at most; lanes from `count` on hold `padding`.
  @inline(__always)
  static func load(_ place: UnsafePointer<Float>, count: Int, padding: Float) -> Lanes {
    if count >= Lanes.scalarCount { return UnsafeRawPointer(place).loadUnaligned(as: Lanes.self) }
    var lanes = Lanes(repeating: padding)
    for lane in 0..<count { lanes[lane] = place[lane] }
    return lanes
  }

  /// Writes the first `count` lanes, 8 at most, to a place and those after it.
  @inline(__always)
  static func store(_ lanes: Lanes, _ place: UnsafeMutablePointer<Float>, count: Int) {
    if count >= Lanes.scalarCount {
      UnsafeMutableRawPointer(place).storeBytes(of: lanes, as: Lanes.self)
    } else {
      for lane in 0..<count { place[lane] = lanes[lane] }
    }
  }

  /// √x of each lane, correctly rounded.
  ///
  /// The standard library takes roots lane by lane on x86, five times slower than the processor can.
  @inline(__always)
  static func squareRoot(_ x: Lanes) -> Lanes {
    #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse)
      Lanes(lowHalf: _mm_sqrt_ps(x.lowHalf), highHalf: _mm_sqrt_ps(x.highHalf))
    #else
      x.squareRoot()
    #endif
  }
}
