import FileFormats
import Foundation

/// The nearest neighbours of each LLM as a file.
public struct NeighbourTable: Sendable {
  private struct Contents: Encodable {
    struct Entry: Encodable {
      let llm: String
      let neighbours: [Neighbour]
    }
    struct Neighbour: Encodable {
      let llm: String
      let similarity: Double
    }
    let similarity: String
    let llms: [Entry]
  }

  private let contents: Contents

  /// The neighbours of LLMs by name.
  public init(_ neighbours: [[LLMSimilarity.Neighbour]], of llms: [String], by similarity: LLMSimilarity) {
    contents = Contents(
      similarity: similarity.rawValue,
      llms: zip(llms, neighbours).map { name, own in
        Contents.Entry(
          llm: name,
          neighbours: own.map { Contents.Neighbour(llm: llms[$0.llm], similarity: $0.similarity) })
      })
  }

  /// Writes JSON where the path ends in `.json`, else a CSV with a row for each pair.
  ///
  /// - Throws: `FileError` for a file that is there and may not be replaced, or can't be written.
  public func write(to path: String, replacing: Bool) throws {
    try AtomicFile.check(path, replacing: replacing)
    guard !path.hasSuffix(".json") else { return try JSONFile.write(contents, to: path) }
    var text = CSVRow.text(["llm", "rank", "neighbour", contents.similarity])
    for entry in contents.llms {
      for (rank, neighbour) in entry.neighbours.enumerated() {
        text += CSVRow.text([entry.llm, "\(rank + 1)", neighbour.llm, "\(neighbour.similarity)"])
      }
    }
    try AtomicFile.write(text, to: path)
  }
}
