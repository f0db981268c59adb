import FileFormats
import Foundation

/// A file format that other tools read embeddings from.
public enum EmbeddingFormat: String, CaseIterable, Sendable {
  /// numpy's array; the names stand beside it in `<stem>.names.txt`, one a line.
  case npy
  /// numpy's archive with `names`, `embeddings` and `biases`; of queries also `sources`, learned or mapped.
  case npz
  /// `embeddings` and `biases`; the names are JSON in the metadata.
  case safetensors
  /// One row a line: name, of queries its source, bias, factors.
  case csv
  /// word2vec's text format, which gensim reads; white space in names becomes `_`, and names stay different.
  case word2vec
  /// A folder for TensorBoard's projector: `tensors.tsv` and `metadata.tsv`, of queries with their sources.
  case projector

  /// What an export wrote.
  public struct Outcome: Equatable, Sendable {
    /// The files.
    public let files: [String]
    /// What the user should know, one line each.
    public let notes: [String]
  }

  /// Writes a table to a path, atomically.
  ///
  /// - Parameter replacing: whether a file or a folder that exists is replaced.
  /// - Throws: `FileError`.
  public func write(_ table: EmbeddingTable, to path: String, replacing: Bool) throws -> Outcome {
    try check(path, replacing: replacing)
    switch self {
    case .npy:
      let names = Self.namesPath(beside: path)
      let lines = LineNames(table.names, replacing: LineNames.breaksLine, by: " ")
      let isAlone = !replacing && FileManager.default.fileExists(atPath: names)
      // The names come first: what a killed run leaves of both is no array yet, and may be replaced.
      try AtomicFile.write(Self.lines(lines.names), to: names)
      try NPY.write(NDArray(matrix: table.vectors), to: path)
      let notes = [
        lines.note("line breaks"), isAlone ? "replaced \(names), which stood without its array" : nil,
      ]
      return Outcome(files: [path, names], notes: notes.compactMap { $0 })
    case .npz:
      // numpy pads texts with zeros, and takes those at the end of a name for padding.
      let texts = LineNames(table.names, replacing: { $0 == "\0" }, by: "_")
      try NPZ.write(
        [
          ("names", NDArray(strings: texts.names)), ("embeddings", NDArray(matrix: table.vectors)),
          ("biases", NDArray(floats: table.biases, shape: [table.biases.count])),
        ] + (table.sources.map { [("sources", NDArray(strings: $0.map(\.rawValue)))] } ?? []), to: path,
        compressed: false)
      return Outcome(files: [path], notes: [texts.note("zero bytes")].compactMap { $0 })
    case .safetensors:
      let names = String(decoding: try JSONEncoder().encode(table.names), as: UTF8.self)
      try Safetensors.write(
        [
          "embeddings": NDArray(matrix: table.vectors),
          "biases": NDArray(floats: table.biases, shape: [table.biases.count]),
        ], metadata: ["names": names], to: path)
    case .csv: try AtomicFile.write(Self.csv(table), to: path)
    case .word2vec:
      let words = LineNames(table.names, replacing: LineNames.breaksWord, by: "_")
      try AtomicFile.write(Self.word2vec(table, words.names), to: path)
      return Outcome(files: [path], notes: [words.note("white space")].compactMap { $0 })
    case .projector:
      let lines = LineNames(
        table.names, replacing: { LineNames.breaksLine($0) || $0 == "\t" }, by: " ")
      try AtomicFolder.write(to: path, replacing: replacing, marker: Self.projectorMarker) { folder in
        try AtomicFile.write(
          Self.rows(table, separator: "\t") { _ in nil }, to: "\(folder)/\(Self.projectorMarker)")
        let metadata = lines.names.indices.map { row in
          let source = table.sources.map { "\t\($0[row].rawValue)" } ?? ""
          return "\(lines.names[row])\t\(table.biases[row])\(source)"
        }
        let header = "name\tbias" + (table.sources == nil ? "" : "\tsource")
        try AtomicFile.write(Self.lines([header] + metadata), to: "\(folder)/metadata.tsv")
      }
      return Outcome(
        files: ["\(path)/tensors.tsv", "\(path)/metadata.tsv"],
        notes: [lines.note("line breaks or tabs")].compactMap { $0 })
    }
    return Outcome(files: [path], notes: [])
  }

  /// Throws at once what `write` would throw where something stands at a path.
  ///
  /// - Throws: `FileError`.
  public func check(_ path: String, replacing: Bool) throws(FileError) {
    if self == .projector {
      try AtomicFolder.check(path, replacing: replacing, marker: Self.projectorMarker)
    } else {
      try AtomicFile.check(path, replacing: replacing)
    }
  }

  private static let projectorMarker = "tensors.tsv"

  /// The files that are written beside the one at a path.
  public func companions(of path: String) -> [String] { self == .npy ? [Self.namesPath(beside: path)] : [] }

  /// `x.npy` → `x.names.txt`.
  static func namesPath(beside path: String) -> String {
    (path.hasSuffix(".npy") ? String(path.dropLast(4)) : path) + ".names.txt"
  }

  private static func csv(_ table: EmbeddingTable) -> String {
    let source = table.sources == nil ? [] : ["source"]
    let header = ["name"] + source + ["bias"] + (0..<table.vectors.columns).map { "factor_\($0)" }
    return lines([header.joined(separator: ",")])
      + rows(table, separator: ",") {
        let row = $0
        let source = table.sources.map { [$0[row].rawValue] } ?? []
        return String(CSVRow.text([table.names[row]] + source).dropLast()) + ",\(table.biases[row])"
      }
  }

  private static func word2vec(_ table: EmbeddingTable, _ words: [String]) -> String {
    lines(["\(table.names.count) \(table.vectors.columns)"])
      + rows(table, separator: " ") { words[$0] }
  }

  /// One line for each row: a label, where there is one, and the factors, shortest digits that read back the same.
  private static func rows(
    _ table: EmbeddingTable, separator: String, label: (Int) -> String?
  ) -> String {
    lines(
      (0..<table.vectors.rows).map { row in
        ((label(row).map { [$0] } ?? []) + table.vectors.row(row).map { "\($0)" }).joined(
          separator: separator)
      })
  }

  private static func lines(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
