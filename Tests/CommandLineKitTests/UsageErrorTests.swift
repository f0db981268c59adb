import CommandLineKit
import Testing

@Suite struct UsageErrorTests {
  @Test func isItsMessage() { #expect("\(UsageError("unknown option"))" == "unknown option") }
}
