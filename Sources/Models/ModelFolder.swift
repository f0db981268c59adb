import FileFormats
import Foundation
import Learning
import Routing
import RoutingData

/// A model on disk: `model.safetensors` with its arrays and `config.json` with everything else.
///
/// Beside them stands `featurizer-<encoder>.safetensors` for each text featurizer among its encoders, whose hash
/// `config.json` holds.
///
/// Both are open formats: Python's `safetensors` and `json` packages read them.
public enum ModelFolder {
  /// The file that marks a folder as a model's, so that it may be replaced.
  public static let marker = "config.json"
  private static let tensorFile = "model.safetensors"
  /// What the names of the features' standard begin with.
  private static let standardPrefix = "features"
  /// What the names of the policy's parts begin with.
  private static let policyPrefix = "policy"
  /// What the names of the encoder's probes begin with.
  private static let probesPrefix = "probes"

  private static func featurizerPath(_ folder: String, _ encoder: String) -> String {
    "\(folder)/featurizer-\(encoder).safetensors"
  }

  /// The SHA-256 of a model folder: that of its two files' digests, one after the other.
  ///
  /// - Throws: `FileError` for a file that can't be read.
  public static func digest(of path: String) throws(FileError) -> String {
    var digests = ""
    for name in [marker, tensorFile] { digests += try SHA256.hexDigest(ofFile: "\(path)/\(name)") }
    return try SHA256.hexDigest(of: ByteRegion(Array(digests.utf8)))
  }

  /// Writes a model into a folder that exists.
  ///
  /// - Throws: `FileError`.
  public static func write(_ model: StoredModel, into folder: String) throws {
    var contents = model.router.contents
    if let standard = model.router.identity.standard {
      contents.put(standard.contents, under: standardPrefix)
    }
    if let policy = model.router.identity.policy { contents.put(policy.contents, under: policyPrefix) }
    if let probes = model.probes { contents.put(probes.contents, under: probesPrefix) }
    try Safetensors.write(
      contents.tensors, metadata: ["algorithm": model.record.algorithm], to: "\(folder)/\(tensorFile)")
    for (name, featurizer) in model.featurizers {
      try AtomicFile.write(to: featurizerPath(folder, name)) { sink throws(FileError) in
        try sink.write(featurizer.bytes)
      }
    }
    let configuration = ModelConfiguration(
      kind: type(of: model.router).kind, encoder: model.router.encoder, llms: model.router.identity.llms,
      numbers: contents.numbers, texts: contents.texts, training: model.record,
      encoderParts: model.encoderParts)
    try configuration.write(to: "\(folder)/\(marker)")
  }

  /// How a model was trained, without its arrays.
  ///
  /// - Throws: `FileError` for a missing, damaged or foreign file.
  public static func record(of folder: String) throws(FileError) -> TrainingRecord {
    try ModelConfiguration(path: "\(folder)/\(marker)").training
  }

  /// Reads a model.
  ///
  /// - Throws: `FileError` for a missing, damaged or foreign file.
  public static func read(_ folder: String) throws(FileError) -> StoredModel {
    try read(folder, kinds: StoredRouterCatalog.all)
  }

  /// Reads a model of one of some kinds.
  package static func read(
    _ folder: String, kinds: [StoredRouterKind]
  ) throws(FileError) -> StoredModel {
    let path = "\(folder)/\(marker)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw FileError(
        folder,
        FolderKind.absence(of: .model, at: folder, marker: marker, remedy: "make one with 'rs-train'"))
    }
    let configuration = try ModelConfiguration(path: path)
    guard let kind = kinds.first(where: { $0.kind == configuration.kind }) else {
      throw FileError(path, at: .key("kind"), "unknown kind '\(configuration.kind)'")
    }
    let tensorPath = "\(folder)/\(tensorFile)"
    let file = try Safetensors.open(tensorPath)
    var tensors: [String: NDArray] = [:]
    for name in file.names { tensors[name] = try file.tensor(named: name) }
    let contents = try TensorBundle(
      tensors: tensors, numbers: configuration.numbers, texts: configuration.texts)
    var model: StoredModel
    do throws(DataError) {
      let standard = contents.part(standardPrefix)
      let policy = contents.part(policyPrefix)
      let identity = RouterIdentity(
        name: configuration.training.algorithm, encoder: configuration.encoder, llms: configuration.llms,
        standard: standard == TensorBundle() ? nil : try FeatureStandard(contents: standard),
        policy: policy == TensorBundle() ? nil : try SpreadPolicy(contents: policy))
      model = StoredModel(try kind.read(identity, contents), record: configuration.training)
      let probes = contents.part(probesPrefix)
      model.probes = probes == TensorBundle() ? nil : try EncoderProbes(contents: probes)
    } catch {
      throw FileError(folder, "is a damaged model: \(error)")
    }
    model.encoderParts = configuration.encoderParts ?? []
    for part in model.encoderParts {
      guard let fingerprint = part.fingerprint else { continue }
      let path = featurizerPath(folder, part.name)
      model.featurizers[part.name] = FeaturizerFile(
        try ByteRegion(mapping: path), fingerprint: fingerprint, path: path)
    }
    return model
  }
}
