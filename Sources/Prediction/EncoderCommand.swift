import FileFormats
import Foundation
import Models
import NumericKernels
import RoutingData
import Synchronization

/// An encoder that another program plays: it gets one text a line and answers with one vector a line.
///
/// Line breaks of a text become spaces. A vector is a JSON list, or numbers with spaces or commas between them. The
/// program runs until this goes away. One that fails is ended, because nobody knows which text its next answer would
/// belong to, and started anew for the next text. At each start it is asked for the texts that a model knows its encoder by.
package final class EncoderCommand: TextEncoding {
  private let command: String
  private let dimensions: Int
  private let timeout: Duration
  private let model: StoredModel?
  private let state: Mutex<State>

  /// The program that runs, if one does.
  private struct State: ~Copyable {
    var program: EncoderProgram?
  }

  /// Starts a command line through `/bin/sh`; its vectors must have `dimensions` numbers, each within `timeout`.
  ///
  /// `model` is the one whose encoder the program must be, as far as the model has probes of it; nil for any encoder.
  ///
  /// - Throws: `DataError` where it can't be started, or is another encoder.
  package init(
    _ command: String, dimensions: Int, timeout: Duration = .seconds(60), of model: StoredModel? = nil
  ) throws {
    self.command = command
    self.dimensions = dimensions
    self.timeout = timeout
    self.model = model
    state = Mutex(State(program: nil))
    try state.withLock { state in try start(&state) }
  }

  /// The vectors that the program answers, n × d.
  ///
  /// A line that is there before a text is asked for is one too many; what comes after the last text, `finish` notices.
  ///
  /// - Throws: `DataError` for a program that ended or said nothing in time, or an answer that is no vector of finite
  ///   numbers.
  package func embeddings(of texts: [String]) throws -> Matrix {
    try state.withLock { state in
      var rows: [[Float]] = []
      for text in texts {
        if state.program == nil { try start(&state) }
        rows.append(try vector(of: text, &state))
      }
      return rows.isEmpty ? Matrix(rows: 0, columns: dimensions) : Matrix(rows)
    }
  }

  /// Ends the program after the last text.
  ///
  /// - Throws: `DataError` where it has answered more vectors than there were texts, so that some may belong to others.
  package func finish() throws {
    try state.withLock { state in
      defer { state.program = nil }
      guard let rest = state.program?.finish(), EmbeddingText.numbers(rest) != nil else { return }
      throw error(.unasked)
    }
  }

  private func start(_ state: inout State) throws(DataError) {
    do throws(EncoderProgram.Failure) { state.program = try EncoderProgram(command) } catch {
      throw self.error(error)
    }
    guard let probes = model?.probes else { return }
    var rows: [[Float]] = []
    for text in probes.texts { rows.append(try vector(of: text, &state)) }
    guard
      let difference = probes.difference(
        from: Matrix(rows), widths: model?.encoderParts.map(\.dimensions) ?? [])
    else { return }
    state.program = nil
    throw DataError(
      "encoder command '\(command)': is not encoder '\(model?.router.encoder ?? "")' that the model was trained with: "
        + "\(difference): start that encoder, or take this one by --any-encoder")
  }

  private func vector(of text: String, _ state: inout State) throws(DataError) -> [Float] {
    let line = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .joined(separator: " ")
    do throws(DataError) {
      guard let program = state.program else { throw self.error(.end("ended")) }
      let answer: String
      do throws(EncoderProgram.Failure) {
        answer = try program.answer(to: line, before: .now + timeout)
      } catch { throw self.error(error) }
      return try vector(answer)
    } catch {
      state.program = nil
      throw error
    }
  }

  private func vector(_ line: String) throws(DataError) -> [Float] {
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

  private func error(_ failure: EncoderProgram.Failure) -> DataError {
    let reason =
      switch failure {
      case .start(let reason): "can't be started: \(reason)"
      case .end(let way): "\(way) before it had answered"
      case .silence:
        "no answer within \(timeout / .seconds(1)) s, so it was ended: it must let each line out at once "
          + "(flush=True in Python); give a slow one more time by --encoder-timeout"
      case .unasked: "answered more than one line for a text, expected one of \(dimensions) numbers"
      case .long: "answered a line that is too long to be an embedding, expected \(dimensions) numbers"
      }
    return DataError("encoder command '\(command)': \(reason)")
  }
}
