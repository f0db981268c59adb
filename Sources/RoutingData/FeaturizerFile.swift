import FileFormats

/// The file of a fitted text featurizer: what made the embeddings of an encoder, stored beside them.
///
/// What is in it is `TextFeatures`' business; here it is bytes with a name.
public struct FeaturizerFile: Equatable, Sendable {
  /// The content, mapped where it lies in a file.
  public let bytes: ByteRegion
  /// The SHA-256 of the content: the fingerprint by which another featurizer of the same name is noticed.
  public let fingerprint: String
  /// Where it was read, for error messages.
  public let path: String

  /// Content that is hashed now; one pass.
  ///
  /// - Throws: `FileError` where no hash can be had.
  public init(_ bytes: ByteRegion, path: String = "memory") throws(FileError) {
    self.init(bytes, fingerprint: try SHA256.hexDigest(of: bytes, path: path), path: path)
  }

  /// Content that a folder says the hash of; `check` compares them.
  package init(_ bytes: ByteRegion, fingerprint: String, path: String) {
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
  }

  /// Throws unless the content has the hash that it should have.
  ///
  /// - Throws: `FileError`.
  package func check() throws(FileError) {
    guard try SHA256.hexDigest(of: bytes, path: path) == fingerprint else {
      throw FileError(path, "was altered: it is not the featurizer of fingerprint \(fingerprint.prefix(12))")
    }
  }

  /// Two files are equal when their hashes are.
  public static func == (left: FeaturizerFile, right: FeaturizerFile) -> Bool {
    left.fingerprint == right.fingerprint
  }
}
