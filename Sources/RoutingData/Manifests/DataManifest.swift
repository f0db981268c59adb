import FileFormats

/// What is known of published data: which benchmarks, how large, under what licence, where and in what layout.
///
/// A manifest is a JSON file in `data-manifests/`. A fact that is not known is null, never a guess, and what was
/// not checked against the published files is listed under `unverified`.
public struct DataManifest: Equatable, Sendable {
  /// One sub-scenario of a benchmark.
  public struct Subscenario: Equatable, Sendable {
    /// The name that score files use.
    public let name: String
    /// The number of its queries.
    public let queries: Int
  }

  /// One benchmark.
  public struct BenchmarkFacts: Equatable, Sendable {
    /// The name in dataset folders.
    public let name: String
    /// The number of queries of all sub-scenarios.
    public let queries: Int
    /// The number of LLMs with scores; nil where it is not known.
    public let llms: Int?
    /// The divisor of V_R; nil where there is none.
    public let referenceAccuracy: Double?
    /// The sub-scenarios, in the order of the rows.
    public let subscenarios: [Subscenario]
  }

  /// Under what terms the data may be used; nil is not known.
  public struct Licence: Equatable, Sendable {
    /// Of the collection of scores.
    public let collection: String?
    /// Of the benchmark's questions.
    public let questions: String?
  }

  /// Who published the data, and where.
  public struct Source: Equatable, Sendable {
    /// A data set on Hugging Face.
    public struct HuggingFace: Equatable, Sendable {
      /// Owner and name.
      public let dataSet: String
      /// The commit that the URLs name.
      public let revision: String
      /// The branch that the commit is of.
      public let branch: String
    }

    /// An archive on Google Drive.
    public struct GoogleDrive: Equatable, Sendable {
      /// The file's name.
      public let archive: String
      /// The file's id.
      public let id: String
    }

    /// The paper.
    public let paper: String
    /// The project's repository.
    public let repository: String
    /// Where the files are.
    public let huggingFace: HuggingFace
    /// Where the same archive also is; nil where it isn't.
    public let googleDrive: GoogleDrive?
  }

  /// How a file is laid out.
  public enum Layout: String, CaseIterable, Sendable {
    /// A zip archive.
    case zip
    /// RouterEval's `*_router_dataset.pkl`: pools, split, embeddings and prompts.
    case routerDataset = "router_dataset"
    /// RouterEval's `leaderboard_*.pkl`: all scores.
    case scores = "leaderboard_score"
    /// RouterEval's `leaderboard_*_prompt.pkl`: all prompts.
    case prompts = "leaderboard_prompt"
  }

  /// A file of an archive that is of use.
  public struct Member: Equatable, Sendable {
    /// The name in the archive.
    public let path: String
    /// How it is laid out.
    public let layout: Layout
  }

  /// A published file.
  public struct File: Equatable, Sendable {
    /// The path below the base URL, and below the folder it is downloaded into.
    public let path: String
    /// The bytes; nil where that is not known.
    public let size: Int?
    /// 64 hexadecimal digits; nil where they are not known.
    public let sha256: String?
    /// How it is laid out.
    public let layout: Layout
    /// What to unpack of an archive; empty for other files.
    public let members: [Member]
  }

  /// The name, that of the file without its ending.
  public let name: String
  /// What the data are, in one line.
  public let title: String
  /// The leaderboard that the scores come from.
  public let leaderboard: String
  /// The benchmarks that the files hold.
  public let benchmarks: [BenchmarkFacts]
  /// The encoders of the embeddings that the files hold.
  public let encoders: [String]
  /// Under what terms the data may be used.
  public let licence: Licence
  /// Who published the data.
  public let source: Source
  /// What the paths of the files follow in a URL; ends with `/`.
  public let baseURL: String
  /// The files.
  public let files: [File]
  /// Facts that were not checked against the published files, and where they come from.
  public let unverified: [String]

  /// Reads a manifest.
  ///
  /// - Throws: `FileError` naming the key that is unknown, missing, of another type or can't be meant.
  public init(file path: String) throws(FileError) {
    self = try JSONFile.read(DataManifest.self, path: path)
    try check(path)
  }

  /// The URL of a file, at its publisher or at a mirror that has the files under the same paths.
  public func url(of file: File, mirror: String? = nil) -> String {
    guard let mirror else { return baseURL + file.path }
    return mirror.hasSuffix("/") ? mirror + file.path : "\(mirror)/\(file.path)"
  }
}
