import CommandLineKit
import FileFormats
import Models

/// `rs-export`: writes learned embeddings in a format that other tools read.
enum ExportCommand {
  enum What: String, CaseIterable {
    case llms, queries
  }

  static let model = Option.string("model", placeholder: "DIR", help: "model folder")
  static let what = Option.choice(
    "what", placeholder: "KIND", of: What.self, default: .llms, help: "whose embeddings")
  static let format = Option.choice(
    "format", placeholder: "FORMAT", of: EmbeddingFormat.self, default: .npy,
    help: "file format; npy writes the names beside it, to <stem>.names.txt")
  static let output = Option.string(
    "output", placeholder: "PATH", help: "file to write; a folder for projector")
  static let overwrite = Option.flag("overwrite", help: "replace a file or a projector folder that exists")

  static let command = Command(
    name: "rs-export",
    summary: "Write the embeddings of a model for numpy, gensim, TensorBoard and others.",
    options: [model, what, format, output, overwrite, CommonOptions.quiet],
    examples: ["rs-export --model model/ --what llms --format npy --output llm_embeddings.npy"]
  ) { arguments in
    let lock = try FileLock(
      output: arguments[output], companions: arguments[format].companions(of: arguments[output]),
      inputs: [arguments[model]])
    defer { lock.release() }
    try arguments[format].check(arguments[output], replacing: arguments[overwrite])
    let trained = try ModelFolder.read(arguments[model]).factorModel()
    let table = try arguments[what] == .llms ? trained.llmEmbeddings : trained.queryEmbeddings()
    let written = try arguments[format].write(
      table, to: arguments[output], replacing: arguments[overwrite])
    for note in written.notes { Log.note(note) }
    try StandardOutput.writeLine(
      "\(NumberFormatting.count(table.names.count)) embeddings of \(table.vectors.columns) factors: "
        + written.files.joined(separator: ", "))
  }
}
