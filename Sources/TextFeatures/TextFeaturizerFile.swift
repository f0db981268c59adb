import FileFormats
import Foundation
import NumericKernels
import RoutingData

extension TextFeaturizer {
  /// The key of the text in the file's metadata that says what the tensors are.
  private static let key = "routerec_text_featurizer"
  private static let version = 1

  /// The text of the metadata, as JSON.
  private struct Description: Codable {
    var version: Int
    var options: TextFeatureOptions
    /// The names of the hand features, in the order of the columns; nil for none.
    var hand: [String]?
  }

  /// What every version of the text holds.
  private struct Version: Decodable {
    let version: Int
  }

  /// The featurizer as a safetensors file.
  ///
  /// Tensors: `places` (int32, n-grams), `weights` (their idf), `projection` (n-grams × dimensions), `hand_centre` and
  /// `hand_scale`; the options are JSON in the metadata. Equal featurizers give equal bytes.
  /// - Throws: `FileError` where no hash of it can be had.
  public func file() throws(FileError) -> FeaturizerFile {
    var tensors: [String: NDArray] = [:]
    if let terms {
      tensors["places"] = NDArray(int32: terms.weights.places, shape: [terms.weights.places.count])
      tensors["weights"] = NDArray(floats: terms.weights.weights, shape: [terms.weights.weights.count])
      tensors["projection"] = NDArray(matrix: terms.projection)
    }
    if let hand {
      tensors["hand_centre"] = NDArray(floats: hand.centre, shape: [hand.centre.count])
      tensors["hand_scale"] = NDArray(floats: hand.scale, shape: [hand.scale.count])
    }
    let description = Description(
      version: Self.version, options: options, hand: hand == nil ? nil : HandFeature.all.map(\.name))
    let text = try JSONLines.line(description, path: "memory").dropLast()
    return try FeaturizerFile(
      Safetensors.bytes(tensors, metadata: [Self.key: String(text)], for: "memory"))
  }

  /// Reads a featurizer.
  ///
  /// - Throws: `FileError` for content that is damaged, of another version, or no featurizer.
  public init(_ file: FeaturizerFile) throws(FileError) {
    let path = file.path
    let content = try Safetensors(file.bytes, path: path)
    guard let text = content.metadata[Self.key] else {
      throw FileError(path, "is not a text featurizer: its metadata has no '\(Self.key)'")
    }
    let options = try Self.options(Data(text.utf8), path: path)
    let terms = try options.hasNGrams ? Self.terms(content, options, path) : nil
    var hand: Hand?
    if options.hasHand {
      let count = HandFeature.all.count
      hand = Hand(
        centre: try Self.vector("hand_centre", of: content, count: count),
        scale: try Self.vector("hand_scale", of: content, count: count))
    }
    self.init(options: options, terms: terms, hand: hand)
  }

  private static func options(_ text: Data, path: String) throws(FileError) -> TextFeatureOptions {
    let description: Description
    do {
      // The version comes first: another version may have other keys.
      let found = try JSONDecoder().decode(Version.self, from: text).version
      guard found == version else {
        throw FileError(
          path, at: .key(key),
          "version \(found), this program reads \(version): make it again with rs-data embed")
      }
      description = try JSONDecoder().decode(Description.self, from: text)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path, at: .key(key), "is not the description of a text featurizer")
    }
    do throws(DataError) { try description.options.check() } catch {
      throw FileError(path, at: .key(key), error.description)
    }
    guard !description.options.hasHand || description.hand.map({ $0.map { Name($0) } }) == handNames else {
      throw FileError(
        path, at: .key(key), "has other hand features than this program: make it again with rs-data embed")
    }
    return description.options
  }

  private static let handNames = HandFeature.all.map { Name($0.name) }

  private static func terms(
    _ content: Safetensors, _ options: TextFeatureOptions, _ path: String
  ) throws(FileError) -> Terms {
    let tensor = try content.tensor(named: "places")
    let places = try tensor.integers()
    guard tensor.shape.count == 1, !places.isEmpty, places[0] >= 0,
      places[places.count - 1] < 1 << options.hashBits,
      zip(places, places.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw tensor.error("expected ascending places below \(1 << options.hashBits)") }
    let matrix = try content.tensor(named: "projection")
    try matrix.requireDimensions(2)
    guard matrix.shape[0] == places.count, (1...options.dimensions).contains(matrix.shape[1]) else {
      throw matrix.error(
        "shape \(NDArray.text(matrix.shape)), expected \(places.count) × at most \(options.dimensions)")
    }
    let projection = try matrix.matrix()
    guard projection.isFinite else { throw matrix.error("holds a value that is not finite") }
    return Terms(
      weights: TermWeights(
        places: places.map { Int32(truncatingIfNeeded: $0) },
        weights: try vector("weights", of: content, count: places.count), hashBits: options.hashBits),
      projection: projection)
  }

  private static func vector(
    _ name: String, of content: Safetensors, count: Int
  ) throws(FileError) -> [Float] {
    let tensor = try content.tensor(named: name)
    let values = try tensor.floats()
    guard tensor.shape == [count], values.allSatisfy(\.isFinite) else {
      throw tensor.error("shape \(NDArray.text(tensor.shape)), expected \(count) finite numbers")
    }
    return values
  }
}
