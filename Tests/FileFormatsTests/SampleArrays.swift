import Foundation

@testable import FileFormats

/// Arrays and damaged files for tests, the same at each run.
enum SampleArrays {
  static let numericTypes: [ElementType] = [
    .float16, .float32, .float64, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool,
  ]

  /// An array of seeded bytes: any bit pattern is an element, so this reaches NaNs and extremes too.
  static func array(_ type: ElementType, shape: [Int], isFortranOrder: Bool = false, seed: UInt64) throws
    -> NDArray
  {
    var generator = SplitMix(state: seed)
    let count = shape.reduce(1, *)
    let bytes: [UInt8]
    switch type {
    case .bool: bytes = (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }
    case .unicode(let length):
      let alphabet: [UInt32] = [0x61, 0x7A, 0xE9, 0x4E2D, 0x1F642]
      bytes = (0..<count * length).flatMap { _ in
        let value = alphabet.randomElement(using: &generator) ?? 0x61
        return withUnsafeBytes(of: value.littleEndian) { Array($0) }
      }
    default: bytes = (0..<count * type.size).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    return try NDArray(
      type, shape: shape, isFortranOrder: isFortranOrder, bytes: ByteRegion(bytes), path: "sample")
  }

  /// The bytes behind base64 text.
  static func bytes(base64: String) throws -> [UInt8] {
    struct NotBase64: Error {}
    guard let data = Data(base64Encoded: base64) else { throw NotBase64() }
    return Array(data)
  }

  /// Every way to cut the file short, and every byte of a range replaced by a few others.
  static func damaged(_ bytes: [UInt8], flipping range: Range<Int>) -> [[UInt8]] {
    let cuts = bytes.indices.map { Array(bytes[..<$0]) }
    let flips = range.flatMap { position in
      [0x01, 0x80, 0xFF, bytes[position] ^ 0x30, bytes[position]].map { mask in
        var copy = bytes
        copy[position] ^= mask
        return copy
      }
    }
    return cuts + flips
  }
}

/// A small seeded generator (Steele, Lea and Flood 2014) for test data.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
