import FileFormats

extension DataManifest {
  /// Throws `FileError`, naming the key, for values that contradict each other or can't be meant.
  func check(_ path: String) throws(FileError) {
    func fault(_ key: String, _ reason: String) -> FileError { FileError(path, at: .key(key), reason) }
    let stem = ImportOptions.stem(of: path)
    guard Name(name) == Name(stem) else {
      throw fault("name", "is '\(name)', but the file's name says '\(stem)'")
    }
    guard !benchmarks.isEmpty else { throw fault("benchmarks", "lists none") }
    for (index, benchmark) in benchmarks.enumerated() {
      let key = "benchmarks.\(index)"
      guard !benchmarks[..<index].map(\.name).containsName(benchmark.name), !benchmark.name.isEmpty else {
        throw fault("\(key).name", "is empty or occurs twice")
      }
      let names = benchmark.subscenarios.map(\.name)
      guard !names.isEmpty, NameIndex(names).count == names.count else {
        throw fault("\(key).subscenarios", "lists none, or one of them twice")
      }
      guard benchmark.subscenarios.allSatisfy({ $0.queries > 0 && $0.queries < 1 << 40 }) else {
        throw fault("\(key).subscenarios", "has a number of queries that can't be")
      }
      let sum = benchmark.subscenarios.reduce(0) { $0 + $1.queries }
      guard benchmark.queries == sum else {
        throw fault("\(key).queries", "is \(benchmark.queries), its sub-scenarios have \(sum)")
      }
      guard benchmark.llms ?? 1 > 0 else { throw fault("\(key).llms", "is \(benchmark.llms ?? 0)") }
      guard benchmark.referenceAccuracy.map({ $0 > 0 && $0 <= 1 }) ?? true else {
        throw fault("\(key).reference_accuracy", "is not in (0, 1]")
      }
    }
    guard ["http://", "https://"].contains(where: baseURL.hasPrefix), baseURL.hasSuffix("/") else {
      throw fault("base_url", "is not an http or https URL that ends with '/'")
    }
    guard !files.isEmpty else { throw fault("files", "lists none") }
    for (index, file) in files.enumerated() {
      let key = "files.\(index)"
      guard DatasetPaths.isInside(file.path), !files[..<index].map(\.path).containsName(file.path) else {
        throw fault("\(key).path", "is not a path inside a folder, or occurs twice")
      }
      guard file.size ?? 0 >= 0 else { throw fault("\(key).size", "is negative") }
      guard file.sha256.map(Self.isSHA256) ?? true else {
        throw fault("\(key).sha256", "is not 64 lowercase hexadecimal digits")
      }
      guard (file.layout == .zip) != file.members.isEmpty else {
        throw fault(
          "\(key).members", "must list what to unpack of a zip archive, and nothing for other files")
      }
      for member in file.members where !DatasetPaths.isInside(member.path) || member.layout == .zip {
        throw fault("\(key).members", "'\(member.path)' is not a data file inside a folder")
      }
    }
  }

  static func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
