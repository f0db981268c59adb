import Synchronization
import Testing

@testable import CommandLineKit

/// A clock that stands still until it is told to move.
private final class Clock: Sendable {
  private let time = Mutex(100.0)
  var now: Double { time.withLock { $0 } }
  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

@Suite struct ProgressLineTests {
  private let clock = Clock()
  private let capture = Capture()
  private let console: StandardError

  init() { console = StandardError(capture.output(isTerminal: true)) }

  private func progress(
    total: Int?, unit: String? = "sweeps", completed: Int = 0, enabled: Bool? = nil
  ) -> ProgressLine {
    ProgressLine(
      "training", total: total, unit: unit, completed: completed, enabled: enabled, console: console,
      now: { [clock] in clock.now })
  }

  /// What was drawn since the last call, one element for each drawing.
  private func drawings(after seen: String = "") -> [String] {
    capture.text.dropFirst(seen.count).split(separator: "\r").map {
      String($0).replacing("\u{1B}[K", with: "")
    }
  }

  @Test func shortTasksShowNothing() {
    let line = progress(total: 10)
    for step in 1...10 {
      clock.advance(0.15)
      line.update(step)
    }
    line.finish()
    #expect(capture.text.isEmpty)
  }

  @Test func longTasksShowAtOnce() {
    let line = progress(total: 50)
    clock.advance(0.1)
    line.update(1)
    #expect(capture.text.isEmpty)
    clock.advance(0.9)
    line.update(1, detail: "loss 0.4321")
    #expect(
      capture.text == "\r" + "training    2%  1/50 sweeps  1.00 sweeps/s  ETA 0:49  loss 0.4321" + "\u{1B}[K")
  }

  @Test func sharesOfTheWorkAreNotCounted() {
    let line = progress(total: 1000, unit: nil)
    clock.advance(1)
    line.update(20, detail: "epoch 3")
    #expect(capture.text == "\r" + "training    2%  ETA 0:49  epoch 3" + "\u{1B}[K")
  }

  @Test func waitingShowsAfterTwoSeconds() {
    let line = progress(total: 50)
    clock.advance(1.9)
    line.tick()
    #expect(capture.text.isEmpty)
    clock.advance(0.2)
    line.tick()
    #expect(drawings() == ["training    0%  0/50 sweeps  0:02 elapsed"])
  }

  @Test func redrawsAtMostTenTimesASecond() {
    let line = progress(total: 100_000)
    clock.advance(3)
    for step in 1...1000 {
      line.update(step)
      clock.advance(0.001)
    }
    #expect((9...11).contains(drawings().count))
  }

  @Test func unknownTotal() {
    let line = progress(total: nil)
    clock.advance(2)
    line.update(11_954)
    #expect(drawings() == ["training  11,954 sweeps  5,977 sweeps/s  0:02 elapsed"])
  }

  @Test func resumedStepsDontCountForTheRate() {
    let line = progress(total: 50, completed: 40)
    clock.advance(4)
    line.update(42)
    #expect(drawings() == ["training   84%  42/50 sweeps  0.50 sweeps/s  ETA 0:16"])
  }

  @Test func finishErasesOnce() {
    let line = progress(total: 50)
    clock.advance(10)
    line.update(1)
    let seen = capture.text
    line.finish()
    line.finish()
    clock.advance(10)
    line.update(2)
    #expect(capture.text.dropFirst(seen.count) == "\r\u{1B}[K")
  }

  @Test func messagesTakeTheLinesPlace() {
    let line = progress(total: 50)
    clock.advance(10)
    line.update(1)
    let seen = capture.text
    StandardError.$current.withValue(console) { Log.note("hello") }
    #expect(capture.text.dropFirst(seen.count) == "\r\u{1B}[Knote: hello\n")
    clock.advance(1)
    line.update(2)
    #expect(drawings(after: seen).last == "training    4%  2/50 sweeps  0.18 sweeps/s  ETA 4:24")
  }

  @Test func neverWiderThanTheTerminal() {
    let line = progress(total: 50)
    clock.advance(10)
    line.update(1, detail: String(repeating: "x", count: 100))
    #expect(drawings().map(\.count) == [79])
  }

  @Test func noTerminalOrQuietShowsNothing() {
    let plain = ProgressLine(
      "training", total: 50, unit: "sweeps", console: StandardError(capture.output()),
      now: { [clock] in clock.now })
    console.isQuiet = true
    let quiet = progress(total: 50)
    let disabled = progress(total: 50, enabled: false)
    clock.advance(10)
    for line in [plain, quiet, disabled] { line.update(1) }
    #expect(capture.text.isEmpty)
  }

  @Test func resultsOnTheTerminalEraseTheLine() throws {
    let line = progress(total: 50)
    clock.advance(10)
    line.update(1)
    let screen = Capture()
    try StandardOutput.$current.withValue(screen.output(isTerminal: true)) {
      try StandardError.$current.withValue(console) { try StandardOutput.write("result\n") }
    }
    #expect(capture.text.hasSuffix("\r\u{1B}[K"))
    #expect(capture.text.count > 4)
    #expect(screen.text == "result\n")
  }
}
