extension Option where Value == Bool {
  /// An option without a value: true where it is given, however often.
  public static func flag(_ name: String, help: String) -> Self {
    Self(name, placeholder: nil, help: help, absent: false, shown: nil, expecting: "no value") { _ in true }
  }
}

extension Option where Value == String {
  /// A text that isn't empty.
  public static func string(_ name: String, placeholder: String, default value: String? = nil, help: String)
    -> Self
  {
    Self(
      name, placeholder: placeholder, help: help, absent: value, shown: value, expecting: "a value",
      convert: { $0.isEmpty ? nil : $0 })
  }

  /// A text that something else will understand, with its default; `check` says what is wrong with it, if anything.
  public static func text(
    _ name: String, placeholder: String, default value: String, help: String,
    check: @escaping @Sendable (String) -> String?
  ) -> Self {
    Self(name, placeholder: placeholder, help: help, absent: value, shown: value) { text throws(UsageError) in
      if let fault = check(text) { throw UsageError(fault) }
      return text
    }
  }

  /// One of a few words, which the help lists.
  public static func choice(
    _ name: String, placeholder: String, of words: [String], default value: String? = nil, help: String
  ) -> Self {
    precondition(
      value.map(words.contains) ?? true, "option '--\(name)': the default isn't one of the choices")
    let list = words.joined(separator: ", ")
    return Self(
      name, placeholder: placeholder, help: "\(help); one of \(list)", absent: value, shown: value,
      expecting: "one of \(list)", words: words, convert: { words.contains($0) ? $0 : nil })
  }
}

extension Option where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One case of an enumeration, written as its raw value.
  public static func choice(
    _ name: String, placeholder: String, of type: Value.Type, default value: Value? = nil, help: String
  ) -> Self {
    let list = type.allCases.map(\.rawValue).joined(separator: ", ")
    return Self(
      name, placeholder: placeholder, help: "\(help); one of \(list)", absent: value, shown: value?.rawValue,
      expecting: "one of \(list)", words: type.allCases.map(\.rawValue), convert: { Value(rawValue: $0) })
  }
}

extension Option where Value == Int {
  /// A whole number in a range.
  public static func integer(
    _ name: String, placeholder: String, default value: Int? = nil, in range: ClosedRange<Int> = 0...Int.max,
    help: String
  ) -> Self {
    precondition(value.map(range.contains) ?? true, "option '--\(name)': the default is out of range")
    return Self(
      name, placeholder: placeholder, help: help, absent: value, shown: value.map(String.init),
      expecting: "a whole number" + boundsText(range),
      convert: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } })
  }
}

extension Option where Value == Double {
  /// A finite number in a range; a lower bound of `.leastNonzeroMagnitude` reads "above 0".
  public static func double(
    _ name: String, placeholder: String, default value: Double? = nil,
    in range: ClosedRange<Double> = -Double.infinity...Double.infinity, help: String
  ) -> Self {
    precondition(value.map(range.contains) ?? true, "option '--\(name)': the default is out of range")
    return Self(
      name, placeholder: placeholder, help: help, absent: value, shown: value.map(numberText),
      expecting: "a finite number" + boundsText(range),
      convert: { text in Double(text).flatMap { $0.isFinite && range.contains($0) ? $0 : nil } })
  }
}

extension Option where Value == [String] {
  /// Texts separated by commas, none of them empty; one that holds a comma stands in double quotes.
  public static func list(
    _ name: String, placeholder: String, default value: [String]? = nil, help: String
  ) -> Self {
    Self(
      name, placeholder: placeholder, help: help, absent: value, shown: value?.joined(separator: ","),
      expecting: "values separated by commas"
    ) { text in
      let parts = unquoted(text)
      return parts?.contains("") == true ? nil : parts
    }
  }

  /// The parts between commas that are not in double quotes.
  ///
  /// A part in quotes loses them, and a double quote in it is written
  /// twice. Nil where a quote doesn't end at its part's end.
  private static func unquoted(_ text: String) -> [String]? {
    var parts: [String] = []
    var rest = text[...]
    while true {
      var part = ""
      if rest.first == "\"" {
        rest.removeFirst()
        while true {
          guard let end = rest.firstIndex(of: "\"") else { return nil }
          part += rest[..<end]
          rest = rest[rest.index(after: end)...]
          guard rest.first == "\"" else { break }
          part += "\""
          rest.removeFirst()
        }
        guard rest.isEmpty || rest.first == "," else { return nil }
      } else {
        part = String(rest.prefix { $0 != "," })
        rest = rest.dropFirst(part.count)
      }
      parts.append(part)
      guard !rest.isEmpty else { return parts }
      rest.removeFirst()
    }
  }
}

extension Option where Value == [Int] {
  /// Whole numbers separated by commas, each in a range.
  public static func integers(
    _ name: String, placeholder: String, default value: [Int]? = nil,
    in range: ClosedRange<Int> = 0...Int.max,
    help: String
  ) -> Self {
    precondition(value?.allSatisfy(range.contains) ?? true, "option '--\(name)': the default is out of range")
    return Self(
      name, placeholder: placeholder, help: help, absent: value,
      shown: value?.map(String.init).joined(separator: ","),
      expecting: "whole numbers" + boundsText(range) + ", separated by commas"
    ) { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Int($0) }.filter(range.contains)
      return numbers.count == parts.count ? numbers : nil
    }
  }
}

private func boundsText(_ range: ClosedRange<Int>) -> String {
  switch (range.lowerBound, range.upperBound) {
  case (.min, .max): return ""
  case (let low, .max): return " of at least \(low)"
  case (.min, let high): return " of at most \(high)"
  case (let low, let high): return " from \(low) to \(high)"
  }
}

private func boundsText(_ range: ClosedRange<Double>) -> String {
  let (low, high) = (range.lowerBound, range.upperBound)
  let upper = high.isFinite ? numberText(high) : nil
  if low == .leastNonzeroMagnitude { return " above 0" + (upper.map { " and at most \($0)" } ?? "") }
  switch (low.isFinite, upper) {
  case (false, nil): return ""
  case (true, nil): return " of at least \(numberText(low))"
  case (false, let upper?): return " of at most \(upper)"
  case (true, let upper?): return " from \(numberText(low)) to \(upper)"
  }
}

/// A number as a user would type it: 1, not 1.0.
private func numberText(_ value: Double) -> String {
  Int(exactly: value).map(String.init) ?? "\(value)"
}
