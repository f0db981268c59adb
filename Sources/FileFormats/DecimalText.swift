/// Reads plain decimal numbers, such as `1`, `0.25` or `1e-3`, from bytes.
///
/// What it can't read exactly is left to the slow reader of the standard library: nil means "ask that one".
struct DecimalText {
  /// Powers of ten that double precision holds exactly.
  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { value, _ in value * 10 }
  }

  /// The value, off by two units of its last place at most.
  private let value: Double
  /// Whether the value is the nearest number of double precision.
  private let isNearest: Bool

  /// Reads digits with an optional sign, point and exponent; nil for anything else.
  @inline(__always)
  private init?(_ text: UnsafeRawBufferPointer) {
    var digits: UInt64 = 0
    var (count, exponent, position) = (0, 0, 0)
    var (isNegative, hasPoint, hasDigit) = (false, false, false)
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    while position < text.count {
      let byte = text[position]
      let digit = byte &- 0x30
      if digit < 10 {
        hasDigit = true
        // Digits beyond the 19th are dropped: they change less than a unit of the last place.
        if count < 19 {
          digits = digits &* 10 &+ UInt64(digit)
          if digits > 0 { count += 1 }
          if hasPoint { exponent -= 1 }
        } else if !hasPoint {
          exponent += 1
          count += 1
        } else {
          count += 1
        }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard hasDigit else { return nil }
    if position < text.count {
      guard text[position] | 0x20 == UInt8(ascii: "e"), let power = Self.exponent(text, from: position + 1)
      else { return nil }
      exponent += power
    }
    guard digits == 0 || abs(exponent) <= 22 else { return nil }
    let magnitude =
      digits == 0
      ? 0 : exponent < 0 ? Double(digits) / Self.powers[-exponent] : Double(digits) * Self.powers[exponent]
    value = isNegative ? -magnitude : magnitude
    isNearest = digits < 1 << 53 && count <= 19
  }

  /// The nearest number of single precision.
  @inline(__always)
  static func single(_ text: UnsafeRawBufferPointer) -> Float? {
    guard let read = DecimalText(text) else { return nil }
    if read.value == 0 { return 0 }
    // The nearest single of the double is that of the text, unless the double lies where singles change or could be on
    // either side of it.
    let tail = Int(read.value.bitPattern & 0x1FFF_FFFF)
    let size = abs(read.value)
    guard abs(tail - 0x1000_0000) > 4, size > 1e-37, size < 1e38 else { return nil }
    return Float(read.value)
  }

  /// The nearest number of double precision.
  static func double(_ text: UnsafeRawBufferPointer) -> Double? {
    guard let read = DecimalText(text), read.isNearest else { return nil }
    return read.value
  }

  /// A whole number with an optional sign, of three digits at most.
  private static func exponent(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    var isNegative = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    guard position < text.count, text.count - position <= 3 else { return nil }
    var value = 0
    while position < text.count {
      let digit = text[position] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return isNegative ? -value : value
  }
}
