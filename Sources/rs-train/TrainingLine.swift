import CommandLineKit
import Dispatch
import Learning

/// The progress line of a training run: epoch, objective, responses per second and an estimate.
struct TrainingLine {
  private let line = ProgressLine("training", total: 1000, unit: nil)
  private let responses: Int
  private let clock = EpochClock()

  /// A line for epochs over a number of responses.
  init(responses: Int) { self.responses = responses }

  /// Shows where a run stands.
  func update(_ step: TrainingProgress) {
    let seconds = clock.secondsSinceLast()
    let rate = seconds > 0 ? Double(responses) / seconds / 1e6 : 0
    let fit = step.fits > 1 ? "\(step.fit)/\(step.fits) " : ""
    let candidate = step.candidate.isEmpty ? "" : "(\(step.candidate)) "
    line.update(
      clock.highest(Int(step.share * 1000)),
      detail: "\(fit)\(candidate)epoch \(step.epoch) loss \(NumberFormatting.fixed(step.objective, 5)) "
        + "\(NumberFormatting.fixed(rate, rate < 10 ? 1 : 0)) M responses/s")
  }

  /// Erases the line.
  func finish() { line.finish() }
}

/// The time of the last epoch and the largest share so far.
private final class EpochClock {
  private var last = DispatchTime.now().uptimeNanoseconds
  private var largest = 0

  func secondsSinceLast() -> Double {
    let now = DispatchTime.now().uptimeNanoseconds
    defer { last = now }
    return Double(now - last) / 1e9
  }

  func highest(_ share: Int) -> Int {
    largest = max(largest, share)
    return largest
  }
}
