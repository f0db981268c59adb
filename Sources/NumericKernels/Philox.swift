/// The Philox4x32-10 counter-based random function: 128 random bits for each key and counter.
///
/// Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
public enum Philox {
  /// The four random words of a counter under a key.
  @inlinable
  public static func words(key: UInt64, counter: (UInt64, UInt64)) -> SIMD4<UInt32> {
    var c0 = UInt32(truncatingIfNeeded: counter.0)
    var c1 = UInt32(truncatingIfNeeded: counter.0 >> 32)
    var c2 = UInt32(truncatingIfNeeded: counter.1)
    var c3 = UInt32(truncatingIfNeeded: counter.1 >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let left = UInt64(c0) &* 0xD251_1F53
      let right = UInt64(c2) &* 0xCD9E_8D57
      let n0 = UInt32(truncatingIfNeeded: right >> 32) ^ c1 ^ k0
      let n2 = UInt32(truncatingIfNeeded: left >> 32) ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: right)
      c3 = UInt32(truncatingIfNeeded: left)
      c0 = n0
      c2 = n2
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}
