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
    _ title: String = "training", total: Int?, unit: String? = "sweeps", completed: Int = 0,
    isFallback: Bool = false, console: StandardError? = nil
  ) -> ProgressLine {
    ProgressLine(
      title, total: total, unit: unit, completed: completed, isFallback: isFallback,
      console: console ?? self.console, now: { [clock] in clock.now })
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

  @Test func quietShowsNothing() {
    let log = StandardError(capture.output())
    log.isQuiet = true
    console.isQuiet = true
    let lines = [progress(total: 50), progress(total: 50, console: log)]
    clock.advance(100)
    for line in lines { line.update(1) }
    #expect(capture.text.isEmpty)
  }

  /// A log gets whole lines, also while one step takes long, and nothing of a task that ends within a minute.
  @Test func withoutATerminalALineAMinute() {
    let line = progress(total: 50, console: StandardError(capture.output()))
    for second in 1...150 {
      clock.advance(1)
      if second == 30 { line.update(10, detail: "loss 0.4321") } else { line.tick() }
    }
    line.finish()
    #expect(
      capture.text == """
        training   20%  10/50 sweeps  0.17 sweeps/s  ETA 4:00  loss 0.4321
        training   20%  10/50 sweeps  0.08 sweeps/s  ETA 8:00  loss 0.4321

        """)
  }

  /// A command that does something for long without a line of its own still shows that it works.
  @Test func theFallbackStepsBackForTasks() {
    let command = progress("rs-data verify", total: nil, unit: nil, isFallback: true)
    clock.advance(1)
    command.tick()
    #expect(capture.text.isEmpty)
    clock.advance(2)
    command.tick()
    #expect(drawings() == ["rs-data verify  0:03 elapsed"])
    let task = progress(total: 50)
    clock.advance(3)
    var seen = capture.text
    command.tick()
    #expect(drawings(after: seen).isEmpty)
    task.update(1)
    #expect(drawings(after: seen).map { $0.prefix(8) } == ["training"])
    task.finish()
    seen = capture.text
    command.tick()
    #expect(drawings(after: seen) == ["rs-data verify  0:06 elapsed"])
  }

  /// A task that ends by an error takes its line with it.
  @Test func aTaskThatIsLetGoIsNoTask() {
    var task: ProgressLine? = progress(total: 50)
    #expect(console.hasTask)
    withExtendedLifetime(task) {}
    task = nil
    #expect(!console.hasTask)
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
