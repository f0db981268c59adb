/// How a column of numbers is read.
public struct NumberReading: Sendable {
  /// What plain decimal numbers are divided by.
  let divisor: Double
  /// The number that another text stands for, divided already; nil where it is none.
  let word: @Sendable (String) -> Float?
  /// Says of a text without a number what was expected.
  let refusal: @Sendable (String) -> String

  /// A reading; `word` is asked once or a few times for equal texts, and sees also plain numbers that are rare or hard.
  public init(
    dividedBy divisor: Double = 1, word: @escaping @Sendable (String) -> Float?,
    refusal: @escaping @Sendable (String) -> String
  ) {
    self.divisor = divisor
    self.word = word
    self.refusal = refusal
  }

  /// The number of a text; nil where it is none.
  public func value(of text: String) -> Float? { word(text) }
}

/// Columns of a table whose numbers are read in one way.
public struct NumberColumns: Sendable {
  /// Their places in the header.
  let columns: [Int]
  let reading: NumberReading

  /// Columns, by their places in the header.
  public init(_ columns: [Int], as reading: NumberReading) {
    self.columns = columns
    self.reading = reading
  }
}
