import CCrypto

/// The SHA-256 hash of bytes, as manifests and model files name data.
public enum SHA256 {
  /// The digest as 64 lowercase hexadecimal digits; reads each byte once and copies none.
  ///
  /// - Throws: `FileError`, with the given path, if libcrypto can't compute it.
  public static func hexDigest(of region: ByteRegion, path: String = "memory") throws(FileError) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let unavailable = FileError(path, "SHA-256 is not available from libcrypto")
    guard let context = EVP_MD_CTX_new() else { throw unavailable }
    defer { EVP_MD_CTX_free(context) }
    let isComputed = region.withUnsafeBytes { raw in
      EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        && EVP_DigestUpdate(context, raw.baseAddress, raw.count) == 1
        && EVP_DigestFinal_ex(context, &digest, nil) == 1
    }
    guard isComputed else { throw unavailable }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digest of a file, read through a memory map.
  ///
  /// - Throws: `FileError` if the file can't be read.
  public static func hexDigest(ofFile path: String) throws(FileError) -> String {
    try hexDigest(of: ByteRegion(mapping: path), path: path)
  }
}
