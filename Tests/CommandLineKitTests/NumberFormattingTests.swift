import CommandLineKit
import Testing

@Suite struct NumberFormattingTests {
  @Test(
    arguments: [
      (0.123456, 4, "0.1235"), (1, 0, "1"), (-2.5, 1, "-2.5"), (-0.00001, 3, "0.000"), (1234.5, 2, "1234.50"),
      (.nan, 2, "–"), (nil, 2, "–"), (.infinity, 2, "∞"), (-.infinity, 2, "-∞"),
    ] as [(Double?, Int, String)])
  func fixed(_ value: Double?, _ decimals: Int, _ text: String) {
    #expect(NumberFormatting.fixed(value, decimals) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (11_954, "11,954"), (204_000_000, "204,000,000"),
      (-1234, "-1,234"),
      (-123, "-123"), (.min, "-9,223,372,036,854,775,808"), (nil, "–"),
    ] as [(Int?, String)])
  func count(_ value: Int?, _ text: String) { #expect(NumberFormatting.count(value) == text) }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
      (1_234_567_890, "1.2 GB"), (.max, "9.2 EB"), (nil, "–"),
    ] as [(Int?, String)])
  func bytes(_ value: Int?, _ text: String) { #expect(NumberFormatting.bytes(value) == text) }

  @Test(
    arguments: [
      (0, "0:00"), (41.6, "0:42"), (59.6, "1:00"), (3599.4, "59:59"), (3723, "1:02:03"),
      (360_000, "100:00:00"),
      (-1, "–"), (.nan, "–"), (.infinity, "–"), (nil, "–"),
    ] as [(Double?, String)])
  func duration(_ seconds: Double?, _ text: String) { #expect(NumberFormatting.duration(seconds) == text) }
}
