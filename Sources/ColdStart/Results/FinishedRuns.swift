import Evaluation
import FileFormats
import Foundation

/// Finished runs of `rs-coldstart evaluate`, each kind in the order in which its folders were named.
public struct FinishedRuns: Sendable {
  /// Runs that held LLMs out.
  public let placements: [FinishedPlacements]
  /// Runs that held queries out.
  public let unseen: [FinishedUnseen]

  /// What tells the kinds of run apart.
  private struct Kind: RunIdentity {
    let holdOut: HoldOut?

    enum CodingKeys: String, CodingKey { case holdOut = "hold_out" }

    func differences(from other: Kind) -> [String] { holdOut == other.holdOut ? [] : ["hold_out"] }
  }

  /// Reads folders.
  ///
  /// - Throws: `FileError` for a folder of something else, a run that is not finished, or a file that does not read.
  public init(_ paths: [String]) throws(FileError) {
    var placements: [FinishedPlacements] = []
    var unseen: [FinishedUnseen] = []
    for path in paths {
      if try RunFolder<Kind>.configuration(in: path).holdOut?.isOfLLMs ?? true {
        placements.append(try FinishedPlacements(path))
      } else {
        unseen.append(try FinishedUnseen(path))
      }
    }
    self.init(placements: placements, unseen: unseen)
  }

  /// Some runs.
  public init(placements: [FinishedPlacements], unseen: [FinishedUnseen] = []) {
    self.placements = placements
    self.unseen = unseen
  }

  /// - Throws: `FileError` for a folder without the file that is written last.
  static func require(_ file: String, in path: String) throws(FileError) {
    guard FileManager.default.fileExists(atPath: file) else {
      throw FileError(
        path,
        "is a run that is not finished: run 'rs-coldstart evaluate' with the same options again to do the rest"
      )
    }
  }
}
