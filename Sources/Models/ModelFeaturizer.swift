import FileFormats
import NumericKernels
import RoutingData
import TextFeatures

/// What makes the embeddings that a model takes of texts, stored with the model.
public struct ModelFeaturizer: Sendable {
  private let parts: [TextFeaturizer]

  /// The length of an embedding.
  public var dimensions: Int { parts.reduce(0) { $0 + $1.dimensions } }

  fileprivate init(_ parts: [TextFeaturizer]) { self.parts = parts }

  /// The embeddings of texts, n × `dimensions`; any bytes are a text.
  public func embeddings(of texts: [[UInt8]]) -> Matrix {
    parts.dropFirst().reduce(parts[0].embeddings(of: texts)) {
      $0.appending(columns: $1.embeddings(of: texts))
    }
  }

  /// The embeddings of texts, by their UTF-8 bytes.
  public func embeddings(of texts: [String]) -> Matrix { embeddings(of: texts.map { Array($0.utf8) }) }
}

extension StoredModel {
  /// Remembers the encoders of a dataset that the model was trained on, and takes their featurizers and probes along.
  public mutating func rememberEncoders(of dataset: Dataset) {
    guard let encoder = router.encoder else { return }
    encoderParts = dataset.encoderParts(of: encoder)
    featurizers = dataset.featurizers.filter { name, _ in
      encoderParts.contains { Name($0.name) == Name(name) }
    }
    // Of our own encoders the model has all; and a prompt that can't be read costs no trained model.
    let isForeign = encoderParts.contains { $0.fingerprint == nil }
    let trainedOn = dataset.benchmarks.filter { record.benchmarks.containsName($0.name) }
    probes = isForeign ? (try? EncoderProbes(of: trainedOn, encoder: encoder)) ?? nil : nil
  }

  /// What makes embeddings of texts for this model; reading it takes a pass over its files.
  ///
  /// - Throws: `DataError` for a model that looks at no embeddings, or where one of its encoders is not a text featurizer,
  ///   naming it; `FileError` for a featurizer that is damaged or not the one that the model was trained with.
  public var featurizer: ModelFeaturizer {
    get throws {
      guard let encoder = router.encoder, !encoderParts.isEmpty else {
        throw DataError(
          router.encoder.map { Self.refusal($0) }
            ?? "the model looks at no embeddings, so a text says nothing to it")
      }
      var parts: [TextFeaturizer] = []
      for part in encoderParts {
        guard let file = featurizers[part.name] else { throw DataError(Self.refusal(part.name, of: encoder)) }
        try file.check()
        let featurizer = try TextFeaturizer(file)
        guard featurizer.dimensions == part.dimensions else {
          throw FileError(
            file.path, "makes \(featurizer.dimensions) numbers, the model was trained on \(part.dimensions)")
        }
        parts.append(featurizer)
      }
      return ModelFeaturizer(parts)
    }
  }

  /// Throws for a dataset whose embeddings another featurizer of the same name made.
  ///
  /// - Throws: `DataError`.
  public func requireEncoders(of dataset: Dataset) throws(DataError) {
    for part in encoderParts {
      guard let mine = part.fingerprint, let theirs = dataset.featurizers[part.name]?.fingerprint,
        mine != theirs
      else { continue }
      throw DataError(
        "encoder '\(part.name)': the model was trained with the text featurizer of fingerprint \(mine.prefix(12)), the "
          + "dataset's embeddings are of \(theirs.prefix(12)): train the model again")
    }
  }

  private static func refusal(_ name: String, of encoder: String? = nil) -> String {
    "the model takes embeddings of encoder '\(name)'"
      + (encoder.map { $0 == name ? "" : " (a part of '\($0)')" } ?? "")
      + ", which is no text featurizer: give embeddings, or train on features of 'rs-data embed'"
  }
}
