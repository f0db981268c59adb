import FileFormats

// Strict decoding: an unknown key is an error, and so is a missing one, also where the value may be null.
// Synthesized decoding would let both pass.

extension DataManifest.Layout: Decodable {}

extension DataManifest.Subscenario: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, queries
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    queries = try values.wholeNumber(for: .queries)
  }
}

extension DataManifest.BenchmarkFacts: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, queries, llms, subscenarios
    case referenceAccuracy = "reference_accuracy"
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    queries = try values.wholeNumber(for: .queries)
    llms = try values.wholeNumber(orNullFor: .llms)
    referenceAccuracy = try values.decode(Double?.self, forKey: .referenceAccuracy)
    subscenarios = try values.decode([DataManifest.Subscenario].self, forKey: .subscenarios)
  }
}

extension DataManifest.Licence: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case collection, questions
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    collection = try values.decode(String?.self, forKey: .collection)
    questions = try values.decode(String?.self, forKey: .questions)
  }
}

extension DataManifest.Source.HuggingFace: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case revision, branch
    case dataSet = "data_set"
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    dataSet = try values.decode(String.self, forKey: .dataSet)
    revision = try values.decode(String.self, forKey: .revision)
    branch = try values.decode(String.self, forKey: .branch)
  }
}

extension DataManifest.Source.GoogleDrive: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case archive, id
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    archive = try values.decode(String.self, forKey: .archive)
    id = try values.decode(String.self, forKey: .id)
  }
}

extension DataManifest.Source: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case paper, repository
    case huggingFace = "hugging_face"
    case googleDrive = "google_drive"
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    paper = try values.decode(String.self, forKey: .paper)
    repository = try values.decode(String.self, forKey: .repository)
    huggingFace = try values.decode(HuggingFace.self, forKey: .huggingFace)
    googleDrive = try values.decode(GoogleDrive?.self, forKey: .googleDrive)
  }
}

extension DataManifest.Member: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case path, layout
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    path = try values.decode(String.self, forKey: .path)
    layout = try values.decode(DataManifest.Layout.self, forKey: .layout)
  }
}

extension DataManifest.File: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case path, size, sha256, layout, members
  }

  /// Reads one from a manifest.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    path = try values.decode(String.self, forKey: .path)
    size = try values.wholeNumber(orNullFor: .size)
    sha256 = try values.decode(String?.self, forKey: .sha256)
    layout = try values.decode(DataManifest.Layout.self, forKey: .layout)
    members = try values.decode([DataManifest.Member].self, forKey: .members)
  }
}

extension DataManifest: Decodable {
  /// What the first key of a manifest says.
  static let formatName = "routerec-data-manifest"
  static let currentVersion = 1

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case format, version, name, title, leaderboard, benchmarks, encoders, licence, source, files, unverified
    case baseURL = "base_url"
  }

  /// Reads a manifest; see `init(file:)`, which also checks what it says.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    guard try values.decode(String.self, forKey: .format) == Self.formatName else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: values, debugDescription: "expected '\(Self.formatName)'")
    }
    guard try values.wholeNumber(for: .version) == Self.currentVersion else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: values, debugDescription: "this program reads version \(Self.currentVersion)")
    }
    name = try values.decode(String.self, forKey: .name)
    title = try values.decode(String.self, forKey: .title)
    leaderboard = try values.decode(String.self, forKey: .leaderboard)
    benchmarks = try values.decode([BenchmarkFacts].self, forKey: .benchmarks)
    encoders = try values.decode([String].self, forKey: .encoders)
    licence = try values.decode(Licence.self, forKey: .licence)
    source = try values.decode(Source.self, forKey: .source)
    baseURL = try values.decode(String.self, forKey: .baseURL)
    files = try values.decode([File].self, forKey: .files)
    unverified = try values.decode([String].self, forKey: .unverified)
  }
}
