import FileFormats
import Foundation

/// The files of answers that lm-evaluation-harness writes with `--log_samples`, one an LLM and task.
///
/// They are called `<LLM>/samples_<task>_<time>.jsonl`, in a folder named after the LLM.
struct HarnessFile {
  let path: String
  /// The folder above the file.
  let folder: String
  let llm: String
  let task: String
  /// When the run ended, as the name has it; later times are later texts.
  let time: String

  /// The file at a path; nil for one that is not called so.
  init?(_ path: String, llm: String?) {
    let url = URL(fileURLWithPath: path)
    var name = url.lastPathComponent
    if name.hasSuffix(".gz") { name.removeLast(3) }
    guard name.hasPrefix("samples_"), name.hasSuffix(".jsonl") else { return nil }
    let stem = name.dropFirst("samples_".count).dropLast(".jsonl".count)
    // A file that somebody renamed may have no time.
    let cut = stem.lastIndex(of: "_").flatMap { Self.isTime(stem[stem.index(after: $0)...]) ? $0 : nil }
    task = String(stem[..<(cut ?? stem.endIndex)])
    time = cut.map { String(stem[stem.index(after: $0)...]) } ?? ""
    guard !task.isEmpty else { return nil }
    self.path = path
    self.folder = url.deletingLastPathComponent().lastPathComponent
    self.llm = llm ?? folder
  }

  private static func isTime(_ text: Substring) -> Bool {
    text.count >= 10 && text.allSatisfy { $0.isNumber || "-T.:+".contains($0) }
  }

  /// The files at some paths, whose folders are searched, in the order of the paths and then of their names.
  ///
  /// - Throws: `FileError` for a path that is not there, a file of another name, or a folder without such files.
  static func all(at paths: [String], llm: String?) throws(FileError) -> [HarnessFile] {
    var files: [HarnessFile] = []
    for path in paths {
      guard FileManager.default.fileExists(atPath: path) else { throw FileError(path, "is not there") }
      let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
      let found = isFolder ? inside(path, llm: llm) : [HarnessFile(path, llm: llm)].compactMap(\.self)
      guard !found.isEmpty else {
        throw FileError(
          path,
          isFolder
            ? "holds no samples_<task>_<time>.jsonl, which lm_eval writes with --log_samples"
            : "is not called samples_<task>_<time>.jsonl, as lm_eval writes it with --log_samples")
      }
      files += found
    }
    let folders = NameIndex(files.map(\.folder)).names
    if let llm, folders.count > 1 {
      throw FileError(
        paths[0],
        "--llm \(llm) names one LLM, and there are the folders of \(folders.count): \(folders[0]), \(folders[1])"
          + (folders.count > 2 ? ", …" : ""))
    }
    return files
  }

  private static func inside(_ folder: String, llm: String?) -> [HarnessFile] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return names.sortedAsNames().compactMap { HarnessFile(base + $0, llm: llm) }
  }

  /// The newest file of each LLM and task, in the order of the first one; with those that are older.
  static func newest(_ files: [HarnessFile]) -> (kept: [HarnessFile], older: [HarnessFile]) {
    var places: [[Name]: Int] = [:]
    var (kept, older): ([HarnessFile], [HarnessFile]) = ([], [])
    for file in files {
      let key = [Name(file.llm), Name(file.task)]
      guard let place = places[key] else {
        places[key] = kept.count
        kept.append(file)
        continue
      }
      let isNewer = Name(kept[place].time) < Name(file.time)
      older.append(isNewer ? kept[place] : file)
      if isNewer { kept[place] = file }
    }
    return (kept, older)
  }
}
