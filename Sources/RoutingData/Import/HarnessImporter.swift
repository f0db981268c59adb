import FileFormats
import NumericKernels

/// Reads the answers that lm-evaluation-harness logs with `--log_samples`.
public enum HarnessImporter {
  /// Imports `samples_<task>_<time>.jsonl` files; folders are searched for them.
  ///
  /// An LLM is called as its file's folder, a task becomes a benchmark, and the query's id is the task, a slash and `doc_id`.
  /// With `options.benchmark` all tasks are the sub-scenarios of one benchmark. Of several runs of one LLM and task the newest
  /// counts. Format: `save_results_samples` of EleutherAI/lm-evaluation-harness, versions 0.4.
  ///
  /// - Throws: `FileError` for a file that is not one of these, a task with several filters or metrics of which none was
  ///   chosen, documents that differ between LLMs, and as other tables of answers do.
  /// - Complexity: one pass; a line is in memory at a time, and the grades of one file.
  public static func load(
    _ paths: [String], choices: HarnessChoices = HarnessChoices(), embeddings: EmbeddingsFile? = nil,
    options: ImportOptions = ImportOptions()
  ) throws -> ImportResult {
    let (files, older) = HarnessFile.newest(try HarnessFile.all(at: paths, llm: choices.llm))
    let path = paths[0]
    var notes = older.map { "\($0.path): not used: a newer run of the same LLM and task is there" }
    let progress = RowProgress(total: files.count, report: options.progress)
    var answers = HarnessAnswers(choices, scale: options.scale)
    var size = 0
    for file in files {
      try answers.read(file)
      size += try ByteRegion(mapping: file.path).count
      progress.advance(1)
    }
    for one in answers.taken {
      let filter = one.filter.map { ", filter \($0)" } ?? ""
      notes.append("task \(one.task): metric \(one.metric)\(filter)")
    }
    return try AnswerAssembly.result(
      answers.columns(path: path, benchmark: options.benchmark), embeddings: embeddings, fileSize: size,
      source: "lm-evaluation-harness \(ImportOptions.fileName(path))", notes: notes, options: options)
  }
}
