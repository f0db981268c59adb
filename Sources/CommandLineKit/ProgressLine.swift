import Dispatch
import Foundation
import Synchronization

/// How far a long task is, on one line of a terminal that redraws itself.
///
///     let progress = ProgressLine("training", total: 50, unit: "sweeps")
///     progress.update(12, detail: "loss 0.4321")
///     progress.finish()
///
/// The line appears after two seconds, or as soon as the first steps foretell a longer task, changes at most
/// ten times a second, and is erased at the end. Where standard error is no terminal, a line is printed each
/// minute instead. Safe to use from several threads. (Foundation owns the shorter name.)
public final class ProgressLine: Sendable {
  private struct State {
    var completed: Int
    var detail = ""
    var lastDrawn: Double?
    var isFinished = false
  }

  private static let patience = 2.0
  /// Before this many seconds a rate is noise.
  private static let shortestMeasurement = 0.2
  private static let shortestPause = 0.1
  private static let width = 79
  /// The seconds between two lines of a log.
  private static let logPause = 60.0

  private let title: String
  private let total: Int?
  private let unit: String?
  private let display: StandardError.ProgressDisplay
  /// Whether it stands in for tasks that show none of their own, and steps back for those that do.
  private let isFallback: Bool
  private let console: StandardError
  private let now: @Sendable () -> Double
  private let start: (time: Double, completed: Int)
  private let state: Mutex<State>

  /// Starts the clock of a task.
  ///
  /// - Parameters:
  ///   - title: what is going on, such as "training".
  ///   - total: how many steps there are, or `nil` if nobody knows.
  ///   - unit: what a step is, in the plural; nil where steps are only shares of the work, not worth counting.
  ///   - completed: steps done in an earlier run, which don't count for the rate.
  public convenience init(_ title: String, total: Int?, unit: String?, completed: Int = 0) {
    self.init(
      title, total: total, unit: unit, completed: completed, console: StandardError.current, now: Self.uptime)
    if display != .none { redrawInBackground() }
  }

  /// The time that a command has taken, shown while no task of it shows its own progress.
  convenience init(command title: String) {
    self.init(
      title, total: nil, unit: nil, isFallback: true, console: StandardError.current, now: Self.uptime)
    if display != .none { redrawInBackground() }
  }

  private static let uptime: @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  /// Takes the clock, in seconds, and the output from the outside; only calls redraw it.
  init(
    _ title: String, total: Int?, unit: String?, completed: Int = 0, isFallback: Bool = false,
    console: StandardError, now: @escaping @Sendable () -> Double
  ) {
    self.title = title
    self.total = total
    self.unit = unit
    self.console = console
    self.now = now
    display = console.progressDisplay
    self.isFallback = isFallback
    start = (now(), completed)
    state = Mutex(State(completed: completed))
    if !isFallback { console.count(tasks: 1) }
  }

  deinit { finish() }

  /// Tells how many steps are done in all, and what else is worth showing.
  public func update(_ completed: Int, detail: String = "") {
    refresh { state in
      state.completed = completed
      state.detail = detail
    }
  }

  /// Erases the line; later updates show nothing.
  public func finish() {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if !isFallback { console.count(tasks: -1) }
      if state.lastDrawn != nil, display == .line { console.erase() }
    }
  }

  /// Shows the time that has passed, with nothing new to tell.
  func tick() { refresh { _ in } }

  private func refresh(_ change: (inout State) -> Void) {
    guard display != .none else { return }
    state.withLock { state in
      change(&state)
      let time = now()
      let elapsed = time - start.time
      guard !state.isFinished, !(isFallback && console.hasTask) else { return }
      if display == .log {
        guard time - (state.lastDrawn ?? start.time) >= Self.logPause else { return }
        state.lastDrawn = time
        console.writeLine(line(state, elapsed))
        return
      }
      guard state.lastDrawn != nil || isWorthShowing(state, elapsed) else { return }
      if let last = state.lastDrawn, time - last < Self.shortestPause { return }
      state.lastDrawn = time
      console.draw(String(line(state, elapsed).prefix(Self.width)))
    }
  }

  private func isWorthShowing(_ state: State, _ elapsed: Double) -> Bool {
    if elapsed >= Self.patience { return true }
    guard elapsed >= Self.shortestMeasurement, let left = remaining(state, elapsed) else { return false }
    return elapsed + left >= Self.patience
  }

  private func rate(_ state: State, _ elapsed: Double) -> Double? {
    let done = state.completed - start.completed
    return done > 0 && elapsed > 0 ? Double(done) / elapsed : nil
  }

  private func remaining(_ state: State, _ elapsed: Double) -> Double? {
    guard let total, let rate = rate(state, elapsed) else { return nil }
    return Double(max(0, total - state.completed)) / rate
  }

  private func line(_ state: State, _ elapsed: Double) -> String {
    var parts = [title]
    let count = NumberFormatting.count(state.completed)
    if let total, total > 0 {
      let percent = min(100, max(0, 100 * Double(state.completed) / Double(total)))
      let text = "\(Int(percent))%"
      parts.append(String(repeating: " ", count: 4 - text.count) + text)
      if let unit { parts.append("\(count)/\(NumberFormatting.count(total)) \(unit)") }
    } else if let unit {
      parts.append("\(count) \(unit)")
    }
    if let unit, let rate = rate(state, elapsed) {
      let text =
        rate >= 100 ? NumberFormatting.count(Int(rate)) : NumberFormatting.fixed(rate, rate >= 10 ? 1 : 2)
      parts.append("\(text) \(unit)/s")
    }
    if let left = remaining(state, elapsed) {
      parts.append("ETA \(NumberFormatting.duration(left))")
    } else {
      parts.append("\(NumberFormatting.duration(elapsed)) elapsed")
    }
    if !state.detail.isEmpty { parts.append(onOneLine(state.detail)) }
    return parts.joined(separator: "  ")
  }

  /// Keeps the times moving while one step takes long; ends with the task or with this object.
  private func redrawInBackground() {
    Thread.detachNewThread { [weak self] in
      while let progress = self, !progress.state.withLock(\.isFinished) {
        progress.tick()
        Thread.sleep(forTimeInterval: 0.5)
      }
    }
  }
}
