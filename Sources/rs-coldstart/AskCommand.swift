import ColdStart
import CommandLineKit
import FileFormats
import Foundation
import Learning
import Models
import NumericKernels
import RoutingData

/// `rs-coldstart ask`: the next query to grade, one after the other, each chosen by the answers so far.
enum AskCommand {
  static let session = Option.string(
    "session", placeholder: "FILE", help: "where the answers are kept; one that exists is gone on with")
  static let target = Option.double(
    "target", placeholder: "HALF-WIDTH", default: 0.03, in: 0...1,
    help:
      "stop when the 95% interval of the accuracy, on each benchmark, is at most so far from its middle to its end"
  )
  static let budget = Option.integer(
    "budget", placeholder: "N", in: 1...Int.max, help: "stop after so many answers"
  ).optional(meaning: "all queries")

  static let command = Command(
    name: "ask",
    summary:
      "Ask for the grade of one query after the other, each chosen by the answers so far: a line with benchmark, id "
      + "and prompt goes out, a line with its grade comes back: a number from 0 to 1, a percentage, True or "
      + "False, or 'skip'. The end of the input ends it, and the same command goes on later.",
    options: [SharedOptions.model, SharedOptions.data, session, SharedOptions.benchmarks, target, budget]
      + CommonOptions.all,
    examples: ["rs-coldstart ask --model model/ --session new.jsonl --benchmark gsm8k --target 0.03"],
    run: run)

  /// What `--json` prints for each question, and at the end.
  private struct Question: Encodable {
    let benchmark: String
    let query: String
    let prompt: String?
    let answered: Int
    let accuracy: Double
    let low: Double
    let high: Double
  }

  private struct Answer: Decodable { let score: Float }

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let path = arguments[session]
    let lock = try FileLock(output: path, inputs: [arguments[SharedOptions.model]])
    defer { lock.release() }
    let trained = try TrainedQueries(
      modelFolder: arguments[SharedOptions.model], data: arguments[SharedOptions.data])
    IntervalAdvice.noteIfNotCalibrated(trained.model)
    let targets = try trained.places(of: arguments[SharedOptions.benchmarks] ?? [])
    let header = AskingSession.Header(
      model: try ModelFolder.digest(of: arguments[SharedOptions.model]),
      benchmarks: targets.map { trained.benchmarks[$0].name })
    let session = try AskingSession(path: path, header: header, of: trained)
    InterruptionAdvice.set { "\(path) keeps all answers: the same command goes on" }
    let choice = AdaptiveAnchors(trained.placement, targets: targets)
    let ids = try targets.map { try trained.ids(of: $0) }
    let prompts = try targets.map { try trained.benchmarks[$0].loadPrompts() }
    while true {
      let placed = try trained.placement.placed(session.answers)
      let estimates = targets.map { placed.accuracies[$0] }
      let intervals = trained.model.intervals(of: placed, chosen: .adaptive)
      let halfWidth = targets.map { Self.halfWidth(intervals[$0]) }.max() ?? 0
      let isDone =
        !session.answers.isEmpty
        && (halfWidth <= arguments[target] || session.answers.count >= arguments[budget] ?? .max)
      var reply = Reply.end
      if !isDone,
        let next = choice.next(
          given: placed.abilities, dispersion: placed.dispersion,
          answered: session.answers + session.skipped),
        let place = targets.firstIndex(of: next.benchmark)
      {
        let known = trained.placement.fold.benchmarks[next.benchmark]
        let row = known.rows[next.query]
        let interval = intervals[next.benchmark]
        let question = Question(
          benchmark: known.benchmark, query: ids[place][row], prompt: prompts[place]?[row],
          answered: session.answers.count, accuracy: estimates[place].mean, low: interval.lowerBound,
          high: interval.upperBound)
        try print(question, asJSON: arguments[CommonOptions.json])
        reply = self.reply(to: question)
        if case .answer(let score) = reply {
          try session.add(benchmark: next.benchmark, query: next.query, score: score)
        }
      }
      if case .end = reply {
        return try PlacedText.print(
          [(name: nil, placed: placed)], benchmarks: targets, trained, chosen: .adaptive,
          asJSON: arguments[CommonOptions.json])
      }
    }
  }

  private static func halfWidth(_ interval: ClosedRange<Double>) -> Double {
    (interval.upperBound - interval.lowerBound) / 2
  }

  private static func print(_ question: Question, asJSON: Bool) throws {
    if asJSON {
      try StandardOutput.write(try JSONLines.line(question, path: "standard output"))
    } else {
      try StandardOutput.writeLine(
        [question.benchmark, question.query, question.prompt.map(oneLine)].compactMap { $0 }
          .joined(separator: "\t"))
    }
    try StandardOutput.flush()
    Log.note(
      "\(question.answered) answer\(question.answered == 1 ? "" : "s"): accuracy on \(question.benchmark) "
        + "\(NumberFormatting.fixed(question.accuracy, 3)) "
        + "[\(NumberFormatting.fixed(question.low, 3)), \(NumberFormatting.fixed(question.high, 3))]")
  }

  /// What comes back for a question.
  private enum Reply {
    /// A grade, or nil for 'skip'.
    case answer(Float?)
    /// The end of the input.
    case end
  }

  /// The next line that is a grade; a wrong one is named and asked for again.
  private static func reply(to question: Question) -> Reply {
    while let line = readLine() {
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.isEmpty { continue }
      if text == "skip" { return .answer(nil) }
      if let value = Grade.value(of: text) ?? jsonGrade(text) { return .answer(value) }
      Log.note(
        "'\(FileError.excerpt(text))' is no grade of query '\(question.query)': give a number from 0 to 1, a percentage, "
          + "True or False, or skip")
    }
    return .end
  }

  private static func jsonGrade(_ text: String) -> Float? {
    let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8))
    return answer.flatMap { (0...1).contains($0.score) ? $0.score : nil }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ").replacingOccurrences(of: "\t", with: " ")
  }
}
