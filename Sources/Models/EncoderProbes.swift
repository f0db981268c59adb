import FileFormats
import Learning
import NumericKernels
import RoutingData

/// A few texts with their embeddings, by which another encoder than a model's is noticed.
///
/// They are prompts of train queries and their embeddings as the dataset has them, so whoever trains a model has nothing to
/// do for it.
public struct EncoderProbes: Equatable, Sendable {
  /// So many texts are enough: two encoders don't agree on one.
  private static let most = 3
  /// Longer prompts are passed over: a model folder should stay small, and encoders cut long texts in their own ways.
  private static let longestBytes = 300
  /// The distance of two vectors of one encoder, as a share of their length: what half precision and other hardware do to a
  /// vector is a hundredth of it, and a cosine of 0.99 is this.
  private static let largestDistance: Float = 0.15

  /// The texts.
  public let texts: [String]
  /// Their embeddings, a row each.
  public let embeddings: Matrix

  init(texts: [String], embeddings: Matrix) {
    self.texts = texts
    self.embeddings = embeddings
  }

  /// Probes from the first benchmark whose train queries have short prompts; nil where none has.
  ///
  /// Prompts of one line come first: those of several reach an encoder command with spaces in place of their ends.
  ///
  /// - Throws: `FileError` for prompts or embeddings that can't be read.
  init?(of benchmarks: [Benchmark], encoder: String) throws {
    for benchmark in benchmarks where benchmark.widths(of: encoder) != nil {
      guard let prompts = try benchmark.loadPrompts() else { continue }
      let rows = Self.rows(of: benchmark.split.queries(in: .train), prompts: prompts)
      let embeddings = try benchmark.embeddings(encoder: encoder).selecting(rows: rows)
      let told = rows.indices.filter { embeddings.row($0).contains { $0 != 0 } }
      guard !told.isEmpty else { continue }
      self.init(texts: told.map { prompts[rows[$0]] }, embeddings: embeddings.selecting(rows: told))
      return
    }
    return nil
  }

  /// Some of the queries with short prompts, from the first to the last.
  private static func rows(of queries: [Int], prompts: [String]) -> [Int] {
    func isPlain(_ text: String) -> Bool {
      guard (1...longestBytes).contains(text.utf8.count), let first = text.first, let last = text.last else {
        return false
      }
      return !first.isWhitespace && !last.isWhitespace && !text.utf8.contains(0)
    }
    let short = queries.filter { isPlain(prompts[$0]) }
    let single = short.filter { !prompts[$0].contains(where: \.isNewline) }
    let rows = single.isEmpty ? short : single
    guard rows.count > most else { return rows }
    return (0..<most).map { rows[$0 * (rows.count - 1) / (most - 1)] }
  }

  /// How the vectors that an encoder makes of the texts differ from the model's; nil where they are the same.
  ///
  /// Of encoders side by side, whose widths these are, each is looked at.
  package func difference(from found: Matrix, widths: [Int]) -> String? {
    for (row, text) in texts.enumerated() {
      var start = 0
      for width in widths.reduce(0, +) == embeddings.columns ? widths : [embeddings.columns] {
        let (own, other) = (embeddings.row(row), found.row(row))
        let pairs = (start..<start + width).map {
          (own: Double(own[own.startIndex + $0]), other: Double(other[other.startIndex + $0]))
        }
        start += width
        let length = pairs.reduce(0) { $0 + $1.own * $1.own }.squareRoot()
        let distance = pairs.reduce(0) { $0 + ($1.own - $1.other) * ($1.own - $1.other) }.squareRoot()
        guard distance > Double(Self.largestDistance) * length else { continue }
        let theirs = pairs.reduce(0) { $0 + $1.other * $1.other }.squareRoot()
        let cosine = pairs.reduce(0) { $0 + $1.own * $1.other } / (length * theirs)
        func short(_ number: Double) -> String { ((number * 100).rounded() / 100).description }
        return
          "its vector of '\(FileError.excerpt(text))' has cosine \(short(cosine)) with the model's and is "
          + "\(short(theirs / length)) times as long"
      }
    }
    return nil
  }
}

extension EncoderProbes {
  /// The probes as a model folder holds them.
  var contents: TensorBundle {
    TensorBundle(matrices: ["embeddings": embeddings], texts: ["texts": texts])
  }

  /// Probes from a model folder.
  ///
  /// - Throws: `DataError` for parts that don't fit.
  init(contents: TensorBundle) throws(DataError) {
    texts = try contents.texts("texts")
    embeddings = try contents.matrix("embeddings")
    guard !texts.isEmpty, embeddings.rows == texts.count, embeddings.isFinite else {
      throw DataError("probe texts and their embeddings don't fit")
    }
  }
}
