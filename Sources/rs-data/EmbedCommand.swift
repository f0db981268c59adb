import CommandLineKit
import FileFormats
import NumericKernels
import RoutingData
import TextFeatures

/// `rs-data embed`: makes text features of a dataset's prompts, without a network.
enum EmbedCommand {
  static let folder = Positional.one("DIR", help: "dataset folder with prompts")
  static let features = Option.choice(
    "features", placeholder: "KIND", of: TextFeatureOptions.Kinds.self, default: .both,
    help: "weighted n-grams, features such as lengths and signs, or both")
  static let dimensions = Option.integer(
    "dimensions", placeholder: "D", default: 256, in: TextFeatureOptions.dimensionRange,
    help: "what the n-grams are reduced to by a truncated SVD")
  static let name = Option.string(
    "name", placeholder: "NAME", default: "text", help: "name of the encoder, for --encoder")
  static let words = Option.string(
    "words", placeholder: "A-B", default: "1-2", help: "lengths of n-grams of words, or none")
  static let characters = Option.string(
    "characters", placeholder: "A-B", default: "2-4", help: "lengths of n-grams of characters, or none")
  static let hashBits = Option.integer(
    "hash-bits", placeholder: "B", default: 18, in: TextFeatureOptions.hashBitRange,
    help: "n-grams are hashed to 2^B places")
  static let leastQueries = Option.integer(
    "min-queries", placeholder: "N", default: 5, in: 1...1_000_000,
    help: "leave out n-grams of fewer train queries")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "write a dataset folder of its own and leave DIR as it is"
  ).optional(meaning: "the dataset folder itself")
  static let overwrite = Option.flag(
    "overwrite", help: "replace embeddings of that name, or a folder that exists at --output")

  static let command = Command(
    name: "embed",
    summary:
      "Make features of a dataset's prompts, learned from its train queries: TF-IDF of hashed n-grams, reduced by a "
      + "truncated SVD, and counts of lengths, digits, operators and the like. They stand beside the other "
      + "embeddings, with what makes them of a new text.",
    options: [
      features, dimensions, name, words, characters, hashBits, leastQueries, output, overwrite,
      CommonOptions.seed, CommonOptions.threads, CommonOptions.quiet,
    ],
    positional: [folder],
    examples: [
      "rs-data embed mmlu_pro/", "rs-data embed mmlu_pro/ --features tfidf --dimensions 128 --name words",
    ]
  ) { arguments in
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let options = TextFeatureOptions(
      kinds: arguments[features], dimensions: arguments[dimensions],
      words: try lengths(arguments[words], "words"),
      characters: try lengths(arguments[characters], "characters"),
      hashBits: arguments[hashBits], leastQueries: arguments[leastQueries])
    let path = arguments[folder]
    let target = arguments[output] ?? path
    let lock = try FileLock(output: target, inputs: target == path ? [] : [path])
    defer { lock.release() }
    if target == path { try DatasetFolder.requireNothingElse(path) }
    let replaces = arguments[output] == nil || arguments[overwrite]
    try DatasetFolder.checkOutput(target, replacing: replaces)
    let dataset: Dataset
    let featurizer: TextFeaturizer
    do {
      (dataset, featurizer) = try DatasetFolder.open(path).embeddingPrompts(
        as: arguments[name], options: options, seed: UInt64(arguments[CommonOptions.seed]),
        replacing: arguments[overwrite])
    } catch let error as DataError { throw FileError(path, error.description) }
    let hash = try DatasetFolder.write(dataset, to: target, replacing: replaces)
    if featurizer.isShort { Log.note("the train prompts span \(featurizer.termDimensions) dimensions only") }
    Log.note(
      "the dataset's hash is now \(hash.prefix(12)): models and results made before are of another dataset")
    let queries = dataset.benchmarks.reduce(0) { $0 + $1.queries.count }
    try StandardOutput.writeLine(
      "\(NumberFormatting.count(queries)) prompts, \(featurizer.dimensions) features of encoder "
        + "'\(arguments[name])'; wrote \(target)")
  }

  private static func lengths(_ text: String, _ option: String) throws(UsageError) -> ClosedRange<Int>? {
    do throws(DataError) { return try TextFeatureOptions.lengths(text) } catch {
      throw UsageError("option '--\(option)': \(error.description)")
    }
  }
}
