/// How much data one pickle may stand for.
///
/// A pickle may refer to one list or array any number of times, at a few bytes each. Python shares what it reads;
/// whoever lays such data out, one copy for each reference, would take memory out of all proportion to the file.
public struct PickleExpansion: Sendable {
  private let limit: Int
  private var total = 0

  /// A limit of 16 MiB, and four times the file's size on top.
  public init(_ document: PickleDocument) {
    let (size, overflow) = document.byteCount.multipliedReportingOverflow(by: 4)
    limit = overflow ? .max : (1 << 24) + min(size, .max - (1 << 24))
  }

  /// Counts data that is about to be laid out.
  ///
  /// - Parameter bytes: what it takes, at least 0.
  /// - Throws: `FileError`, naming the value, if all that was counted is more than the limit.
  public mutating func add(_ bytes: Int, of value: PickleValue) throws(FileError) {
    let (sum, overflow) = total.addingReportingOverflow(bytes)
    guard !overflow, sum <= limit else {
      throw value.error(
        "the file refers to the same data so often that it would take more than \(limit >> 20) MiB; "
          + "write it with each part stored once")
    }
    total = sum
  }

  /// The texts of a list, counted as `PickleValue.strings()` gives them.
  public mutating func strings(_ value: PickleValue) throws(FileError) -> [String] {
    try add(value.itemCount().multipliedReportingOverflow(by: 16).partialValue, of: value)
    let strings = try value.strings()
    var bytes = 0
    for string in strings { bytes = bytes.addingReportingOverflow(string.utf8.count).partialValue }
    try add(max(bytes, 0), of: value)
    return strings
  }

  /// An array, counted as `PickleValue.ndarray()` gives it.
  public mutating func ndarray(_ value: PickleValue) throws(FileError) -> NDArray {
    let array = try value.ndarray()
    try add(array.bytes.count, of: value)
    return array
  }
}
