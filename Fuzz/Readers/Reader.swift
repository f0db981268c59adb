import CommandLineKit
import FileFormats
import NumericKernels
import RoutingData

/// A reader of outside bytes, as the fuzzer and the replay of its corpus call it.
///
/// Reading ends in a value or in one of the project's own errors; anything else is a fault.
struct Reader: Sendable {
  /// The name on the command line and the corpus' folder.
  let name: String
  private let read: @Sendable ([UInt8], Scratch) throws -> Void

  /// A reader; `read` also uses what it read, so that lazy parts are reached.
  init(_ name: String, _ read: @escaping @Sendable ([UInt8], Scratch) throws -> Void) {
    self.name = name
    self.read = read
  }

  /// What reading an input came to.
  enum Outcome: Equatable {
    case value
    /// Refused with an error that a user can act on.
    case refused(String)
    /// Another error than the project's own, or a property that does not hold.
    case fault(String)
  }

  /// Reads an input; a trap or too much memory or time ends the process.
  func outcome(of input: [UInt8], in scratch: Scratch) -> Outcome {
    do {
      try read(input, scratch)
      return .value
    } catch let error as FileError {
      return .refused(error.description)
    } catch let error as DataError {
      return .refused(error.description)
    } catch let error as NumericalError {
      return .refused(error.description)
    } catch let error as UsageError {
      return .refused(error.description)
    } catch {
      return .fault("\(error)")
    }
  }

  /// Every reader under fuzz.
  static let all: [Reader] = [
    arrays, pickles, texts, answers, tables, logs, datasets, manifests, models, placements,
  ].flatMap {
    $0
  }
}

/// A property of a reader that does not hold for an input.
struct Violation: Error, CustomStringConvertible {
  let description: String

  /// Throws itself unless the property holds.
  static func unless(_ holds: Bool, _ description: @autoclosure () -> String) throws(Violation) {
    guard holds else { throw Violation(description: description()) }
  }
}
