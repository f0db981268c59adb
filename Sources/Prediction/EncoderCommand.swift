import FileFormats
import Foundation
import NumericKernels
import RoutingData
import Synchronization

/// An encoder that another program plays: it gets one text a line and answers with one vector a line.
///
/// Line breaks of a text become spaces. A vector is a JSON list, or numbers with spaces or commas between them. The
/// program runs until this goes away.
package final class EncoderCommand: TextEncoding {
  private let command: String
  private let dimensions: Int
  private let process: Process
  private let input: FileHandle
  private let output: Mutex<Answers>

  /// What the program answers.
  private struct Answers: ~Copyable {
    var lines: PipeLines
    /// Whether lines can no longer be told to be answers to what was asked.
    var isOutOfStep = false
  }

  /// Starts a command line through `/bin/sh`; its vectors must have `dimensions` numbers.
  ///
  /// - Throws: `DataError` where it can't be started.
  package init(_ command: String, dimensions: Int) throws {
    self.command = command
    self.dimensions = dimensions
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    let (questions, answers) = (Pipe(), Pipe())
    process.standardInput = questions
    process.standardOutput = answers
    input = questions.fileHandleForWriting
    output = Mutex(Answers(lines: PipeLines(answers.fileHandleForReading)))
    // Writing to a program that has ended must be an error, not the end of this one.
    signal(SIGPIPE, SIG_IGN)
    do { try process.run() } catch {
      throw DataError("encoder command '\(command)': can't be started: \(error.localizedDescription)")
    }
  }

  deinit {
    try? input.close()
    process.terminate()
  }

  /// The vectors that the program answers, n × d.
  ///
  /// A line that is there before a text is asked for is one too many; one that comes after the last text is not noticed.
  ///
  /// - Throws: `DataError` for a program that ended, or an answer that is no vector of finite numbers.
  package func embeddings(of texts: [String]) throws -> Matrix {
    try output.withLock { reader in
      var rows: [[Float]] = []
      // After one wrong answer nobody knows which text the next one belongs to.
      guard !reader.isOutOfStep else {
        throw DataError(
          "encoder command '\(command)': gave a wrong answer before, so that its answers can't be told apart: start again"
        )
      }
      defer { if rows.count < texts.count { reader.isOutOfStep = true } }
      for text in texts {
        let line = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(
          separator: " ")
        guard !reader.lines.hasMore else {
          throw DataError(
            "encoder command '\(command)': answered more than one line for a text, expected one of \(dimensions) numbers"
          )
        }
        do { try input.write(contentsOf: Data((line + "\n").utf8)) } catch { throw ended() }
        guard let answer = try reader.lines.next() else { throw ended() }
        rows.append(try vector(answer))
      }
      return rows.isEmpty ? Matrix(rows: 0, columns: dimensions) : Matrix(rows)
    }
  }

  private func vector(_ line: String) throws -> [Float] {
    guard let values = EmbeddingText.numbers(line) else {
      throw DataError(
        "encoder command '\(command)': answered '\(FileError.excerpt(line))', expected \(dimensions) numbers")
    }
    guard values.count == dimensions else {
      throw DataError(
        "encoder command '\(command)': answered \(values.count) numbers, the model takes \(dimensions): is it "
          + "another encoder?")
    }
    return values
  }

  private func ended() -> DataError {
    process.waitUntilExit()
    return DataError(
      "encoder command '\(command)': ended with status \(process.terminationStatus) before it had answered")
  }
}
