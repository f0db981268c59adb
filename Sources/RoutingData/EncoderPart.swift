import FileFormats
import NumericKernels

/// One encoder among those whose embeddings stand side by side, as `a+b` asks for.
public struct EncoderPart: Codable, Equatable, Sendable {
  /// The encoder's name.
  public let name: String
  /// The length of its embeddings.
  public let dimensions: Int
  /// The SHA-256 of the featurizer that makes them; nil for an encoder that is not ours.
  public let fingerprint: String?

  /// A part.
  public init(name: String, dimensions: Int, fingerprint: String? = nil) {
    self.name = name
    self.dimensions = dimensions
    self.fingerprint = fingerprint
  }

  /// The names of the encoders that an `--encoder` asks for, parted by `+`, which no name in a dataset folder holds.
  static func names(in text: String) -> [String] {
    text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
  }
}

extension QuerySet {
  /// The arrays that stand side by side under the name of an encoder or of several; nil where one is missing.
  func arrays(of encoder: String) -> [(name: String, array: NDArray)]? {
    if let array = embeddings[encoder] { return [(encoder, array)] }
    var result: [(String, NDArray)] = []
    for name in EncoderPart.names(in: encoder) {
      guard let array = embeddings[name] else { return nil }
      result.append((name, array))
    }
    return result
  }
}

extension Benchmark {
  /// How many columns each encoder has of the embeddings under a name; nil where one is missing.
  public func widths(of encoder: String) -> [Int]? {
    if let mix { return mix.parts.first?.benchmark.widths(of: encoder) }
    return queries.arrays(of: encoder)?.map { $0.array.shape[1] }
  }

  /// The embeddings of all queries by an encoder, n × d; those of `a` and `b` side by side for `a+b`.
  ///
  /// - Throws: `DataError` for an encoder the benchmark has no embeddings of, or a value that is not finite;
  ///   `FileError` for an array that can't be read.
  public func embeddings(encoder: String) throws -> Matrix {
    if let mix { return try mix.embeddings(encoder: encoder) }
    guard let arrays = queries.arrays(of: encoder) else {
      throw DataError("benchmark '\(name)' has no embeddings of encoder '\(encoder)'")
    }
    var result: Matrix?
    for (_, array) in arrays {
      let matrix = try array.matrix()
      guard matrix.isFinite else {
        throw array.error("an embedding of benchmark '\(name)' holds a value that is not finite")
      }
      result = result?.appending(columns: matrix) ?? matrix
    }
    return result ?? Matrix(rows: queries.count, columns: 0)
  }
}

extension Dataset {
  /// The encoder whose embeddings to use: the asked-for one, or the only one that the benchmarks share.
  ///
  /// `a+b` asks for the embeddings of both side by side.
  /// - Throws: `DataError` where there is none, or several and none was asked for, or one is asked for twice.
  public func encoder(_ wanted: String?, for benchmarks: [Benchmark]) throws(DataError) -> String {
    var shared = benchmarks.first?.encoders ?? []
    for benchmark in benchmarks { shared.formIntersection(benchmark.encoders) }
    if let wanted {
      guard !shared.contains(wanted) else { return wanted }
      let names = EncoderPart.names(in: wanted)
      if let missing = names.first(where: { !shared.contains($0) }) {
        throw DataError(
          "no embeddings of encoder '\(missing)' for every benchmark; there are: "
            + (shared.isEmpty ? "none" : shared.sortedAsNames().joined(separator: ", ")))
      }
      if let name = NameIndex.repeated(in: names) {
        throw DataError("encoder '\(name)' is asked for twice in '\(wanted)'")
      }
      return wanted
    }
    guard let only = shared.first else {
      throw DataError(
        "the dataset has no query embeddings that all chosen benchmarks share: give some to 'rs-data import' with "
          + "--embeddings (--merge adds them to what is there), make some of prompts with 'rs-data embed', or train "
          + "without: logistic-mf, mirt, als, bpr and svd can"
      )
    }
    guard shared.count == 1 else {
      let names = shared.sortedAsNames()
      throw DataError(
        "several encoders, choose one with --encoder, or join some, such as \(names[0])+\(names[1]): "
          + names.joined(separator: ", "))
    }
    return only
  }

  /// The encoders under a name, with what made their embeddings; empty for a name of none.
  public func encoderParts(of encoder: String) -> [EncoderPart] {
    for benchmark in benchmarks {
      guard let arrays = benchmark.queries.arrays(of: encoder) else { continue }
      return arrays.map { name, array in
        EncoderPart(name: name, dimensions: array.shape[1], fingerprint: featurizers[name]?.fingerprint)
      }
    }
    return []
  }
}
