import FileFormats
import Foundation

/// What an LLM's name, and the catalogue's columns, say of it without any answer.
public struct LLMMetadata: Equatable, Sendable {
  /// The family, in lower case, such as `llama`; nil where nothing says.
  public let family: String?
  /// The number of parameters in billions; nil where nothing says.
  public let size: Double?
  /// Whether it was tuned to follow instructions; nil where nothing says.
  public let isInstruct: Bool?
  /// The generation within the family, such as `3.1`; nil where nothing says.
  public let version: String?

  /// Metadata from their parts.
  public init(family: String?, size: Double?, isInstruct: Bool?, version: String? = nil) {
    self.family = family
    self.size = size
    self.isInstruct = isInstruct
    self.version = version
  }

  /// The metadata of an LLM of a catalogue: its columns where they say something, else its name.
  ///
  /// Columns `family`, `architecture` or `arch`, `size`, `parameters` or `nparams` (in billions, or with B or M behind), and
  /// `instruct`, `type` or `kind` are read.
  public init(of llm: Int, in catalog: LLMCatalog) {
    let named = LLMMetadata(name: catalog.names[llm])
    func field(_ names: [String]) -> String? {
      for (index, field) in catalog.fields.enumerated() where names.contains(field.lowercased()) {
        let text = catalog.metadata[llm][index]
        if !text.isEmpty { return text }
      }
      return nil
    }
    let architecture = field(["architecture", "arch"]).flatMap(Self.family(ofArchitecture:))
    family =
      field(["family"])?.lowercased() ?? named.family ?? architecture
    size =
      field(["size", "parameters", "parameters_billion", "nparams"]).flatMap { Self.size($0) } ?? named.size
    switch field(["instruct", "type", "kind"])?.lowercased() {
    case "true", "1", "yes", "instruct", "chat": isInstruct = true
    case "false", "0", "no", "base", "pretrained": isInstruct = false
    default: isInstruct = named.isInstruct
    }
    version = named.version
  }

  /// What a name says, such as `Qwen2-7B-Instruct`.
  public init(name: String) {
    let words = Self.words(of: name)
    family = Self.family(ofWords: words)
    let sizes = words.compactMap { $0.last == "b" || $0.last == "m" ? Self.size($0) : nil }
    size = sizes.max()
    isInstruct = words.contains(where: Self.instructWords.contains) ? true : sizes.isEmpty ? nil : false
    version = Self.version(ofWords: words)
  }

  private static let instructWords: Set<String> = [
    "instruct", "inst", "chat", "it", "sft", "dpo", "rlhf", "orpo", "ppo", "tuned", "assistant",
  ]

  /// Families by the words that LLMs of it have in their names.
  private static let families: [(family: String, words: [String])] = [
    ("llama", ["llama", "vicuna", "alpaca", "codellama", "tinyllama", "miqu"]),
    ("mistral", ["mistral", "mixtral", "mathstral", "ministral", "codestral", "zephyr", "nemo"]),
    ("qwen", ["qwen", "qwq"]), ("gemma", ["gemma"]), ("gemini", ["gemini", "palm", "bard"]),
    ("gpt", ["gpt", "chatgpt", "o1", "o3", "o4", "davinci"]), ("claude", ["claude"]),
    ("phi", ["phi"]), ("yi", ["yi"]), ("deepseek", ["deepseek"]), ("command", ["command", "c4ai", "aya"]),
    ("jamba", ["jamba"]), ("falcon", ["falcon"]), ("mpt", ["mpt"]), ("pythia", ["pythia"]),
    ("opt", ["opt"]), ("bloom", ["bloom", "bloomz"]), ("stablelm", ["stablelm"]), ("solar", ["solar"]),
    ("internlm", ["internlm"]), ("baichuan", ["baichuan"]), ("glm", ["glm", "chatglm"]),
    ("olmo", ["olmo"]), ("granite", ["granite"]), ("nemotron", ["nemotron"]), ("grok", ["grok"]),
    ("dbrx", ["dbrx"]), ("reka", ["reka"]), ("athene", ["athene"]), ("gptneo", ["neo", "gptneo", "gptj"]),
  ]

  /// The words of a name: letters and digits between other signs, in lower case, the organization before a slash left
  /// out.
  private static func words(of name: String) -> [String] {
    let own = name.split(separator: "/").last.map(String.init) ?? name
    return own.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "." }.map(String.init)
  }

  private static func family(ofWords words: [String]) -> String? {
    for word in words {
      let stem = String(word.prefix { $0.isLetter })
      for (family, known) in families {
        if known.contains(stem) || known.contains(word) { return family }
        // `o1` and the like are whole words; others may have something behind, as `qwen2`.
        if known.contains(where: { $0.count > 3 && word.hasPrefix($0) }) { return family }
      }
    }
    return nil
  }

  /// The numbers behind the word of the family: `2.5` of `qwen2.5-7b`, `3` of `llama-3-8b`, `3.5` of `claude-3-5-haiku`.
  private static func version(ofWords words: [String]) -> String? {
    guard let place = words.firstIndex(where: { family(ofWords: [$0]) != nil }) else { return nil }
    let behind = words[place].drop { $0.isLetter }
    if !behind.isEmpty { return isVersion(behind) ? String(behind) : nil }
    let next = words[(place + 1)...].prefix { isVersion($0[...]) }
    guard let major = next.first else { return nil }
    // Elsewhere a point is written as a dash.
    let minor = next.dropFirst().first { $0.count == 1 && !major.contains(".") }
    return minor.map { "\(major).\($0)" } ?? major
  }

  /// Whether a word is a number of a generation and not a date.
  private static func isVersion(_ word: Substring) -> Bool { word.count <= 3 && Double(word) != nil }

  /// The family of a model class, such as `MistralForCausalLM`.
  private static func family(ofArchitecture text: String) -> String? {
    let stem = text.lowercased().components(separatedBy: "for").first ?? ""
    guard !stem.isEmpty, stem != "error", stem != "unknown" else { return nil }
    return family(ofWords: [stem]) ?? stem
  }

  /// The first letters of a name: what relatives of one maker often share, so a guess.
  package static func stem(of name: String) -> String? {
    words(of: name).lazy.map { String($0.prefix { $0.isLetter }) }.first { $0.count > 1 }
  }

  /// A number of parameters in billions, such as `7B`, `350m`, `8x7b` or `13`.
  private static func size(_ text: String) -> Double? {
    var number = text.lowercased()
    var scale = 1.0
    if number.hasSuffix("b") {
      number.removeLast()
    } else if number.hasSuffix("m") {
      number.removeLast()
      scale = 1e-3
    }
    let factors = number.split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
    guard factors.count <= 2 else { return nil }
    var product = scale
    for factor in factors {
      guard let factor, factor > 0, factor < 1e5 else { return nil }
      product *= factor
    }
    return product
  }
}
