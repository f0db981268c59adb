import NumericKernels
import RoutingData
import Testing

@testable import Learning

@Suite struct SettingTests {
  private struct Owner: Sendable {
    enum Colour: String, CaseIterable { case red, green }

    var count = 3
    var optional: Int?
    var number = 0.5
    var choice = Choice.auto
    var colour = Colour.red
    var flag = false
    var widths = [8, 4]
  }

  private static let settings: [Setting<Owner>] = [
    .integer("count", \.count, in: 1...9, help: ""),
    .integer("optional", \.optional, none: "all", in: 1...9, help: ""),
    .number("number", \.number, in: .positive, help: ""),
    .choice("choice", \.choice, help: ""),
    .word("colour", \.colour, help: ""),
    .flag("flag", \.flag, help: ""),
    .widths("widths", \.widths, upTo: 3, in: 1...100, help: ""),
  ]

  private func setting(_ name: String) throws -> Setting<Owner> {
    try #require(Self.settings.first { $0.name == name })
  }

  @Test(arguments: [
    ("count", "9"), ("optional", "all"), ("optional", "4"), ("number", "1e-05"), ("number", "2"),
    ("choice", "auto"), ("choice", "0.3"), ("colour", "green"), ("flag", "yes"), ("flag", "no"),
    ("widths", "none"), ("widths", "100"), ("widths", "3,2,1"),
  ])
  func textsAreKept(name: String, text: String) throws {
    var owner = Owner()
    try setting(name).set(text, in: &owner)
    #expect(try setting(name).text(of: owner) == text)
  }

  @Test(arguments: [
    ("count", "0"), ("count", "1.5"), ("count", ""), ("optional", "none"), ("optional", "10"),
    ("number", "0"), ("number", "-1"), ("number", "nan"), ("number", "inf"), ("choice", "0"),
    ("choice", "-2"), ("choice", "Auto"), ("colour", "blue"), ("flag", "1"), ("widths", "0"),
    ("widths", "1,2,3,4"), ("widths", "1,,2"), ("widths", ""), ("widths", "a"),
  ])
  func otherTextsAreRefused(name: String, text: String) throws {
    var owner = Owner()
    let setting = try setting(name)
    do throws(DataError) {
      try setting.set(text, in: &owner)
      Issue.record("\(name) took '\(text)'")
    } catch {
      #expect(
        error.description.hasPrefix("option '--\(name)' needs ")
          && error.description.hasSuffix("not '\(text)'"))
    }
  }
}

@Suite struct SinglePrecisionTests {
  /// Numbers are checked in the precision that they are used in.
  @Test(arguments: [1e-46, 1e-300, 1e-39, 1e39, .infinity, .nan]) func numbersThatFloatDoesNotHold(
    _ value: Double
  ) {
    #expect(!NumberRange.positive.contains(value))
    if value > 1 || value.isNaN { #expect(!NumberRange.nonnegative.contains(value)) }
  }

  @Test(arguments: [1e-37, 1e-30, 0.5, 1e38]) func numbersThatFloatHolds(_ value: Double) {
    #expect(NumberRange.positive.contains(value) && NumberRange.nonnegative.contains(value))
    #expect(NumberRange.nonnegative.contains(0) && !NumberRange.positive.contains(0))
  }
}
