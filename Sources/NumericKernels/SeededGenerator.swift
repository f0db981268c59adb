#if canImport(Glibc)
  import Glibc
#endif

/// A random number generator that is a pure function of a seed, a stream and a position.
///
/// Streams are independent, so parallel work that takes one stream for each item gives the same
/// numbers in any order and at any thread count.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  @usableFromInline let seed: UInt64
  @usableFromInline let stream: UInt64
  @usableFromInline var position: UInt64 = 0
  @usableFromInline var block = SIMD4<UInt32>(repeating: 0)
  @usableFromInline var used = 4

  /// The generator of a numbered stream.
  @inlinable
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// The generator of a named stream, such as `split/mmlu`, optionally with a number inside it.
  public init(seed: UInt64, stream name: String, _ index: Int = 0) {
    // FNV-1a keeps streams of different names apart and is the same on every platform.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // A counter is 128 bits: the position takes 64, the stream's name and number share the rest.
    self.init(seed: seed ^ hash, stream: UInt64(truncatingIfNeeded: index))
  }

  /// 32 random bits.
  @inlinable
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Philox.words(key: seed, counter: (position, stream))
      position &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// A number uniform in [0, 1), with 24 random bits.
  @inlinable
  public mutating func uniform() -> Float { Float(nextWord() >> 8) * 0x1p-24 }

  /// A number uniform in [0, 1), with 53 random bits.
  @inlinable
  public mutating func uniformDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// An integer uniform in `0..<bound`, without bias (Lemire 2019).
  @inlinable
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "bound \(bound)")
    let range = UInt64(bound)
    var product = UInt64(nextWord()) * range
    if UInt32(truncatingIfNeeded: product) < UInt32(bound) {
      let threshold = (UInt64(1) << 32) % range
      while UInt64(UInt32(truncatingIfNeeded: product)) < threshold { product = UInt64(nextWord()) * range }
    }
    return Int(product >> 32)
  }

  /// A standard normal number (Box and Muller 1958).
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(uniform())))
  }

  /// Puts elements into a random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }
}
