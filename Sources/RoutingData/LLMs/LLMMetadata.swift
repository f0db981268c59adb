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

  /// Metadata from their parts.
  public init(family: String?, size: Double?, isInstruct: Bool?) {
    self.family = family
    self.size = size
    self.isInstruct = isInstruct
  }

  /// The metadata of an LLM of a catalogue: its columns where they say something, else its name.
  ///
  /// Columns `family`, `architecture` or `arch`, `size` or `parameters` (in billions, or with B or M behind), and
  /// `instruct` or `type` are read.
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
    size = field(["size", "parameters", "nparams"]).flatMap { Self.size($0) } ?? named.size
    switch field(["instruct", "type"])?.lowercased() {
    case "true", "1", "yes", "instruct", "chat": isInstruct = true
    case "false", "0", "no", "base", "pretrained": isInstruct = false
    default: isInstruct = named.isInstruct
    }
  }

  /// What a name says, such as `Qwen2-7B-Instruct`.
  public init(name: String) {
    let words = Self.words(of: name)
    family = Self.family(ofWords: words)
    let sizes = words.compactMap { $0.last == "b" || $0.last == "m" ? Self.size($0) : nil }
    size = sizes.max()
    isInstruct = words.contains(where: Self.instructWords.contains) ? true : sizes.isEmpty ? nil : false
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

  /// The family of a model class, such as `MistralForCausalLM`.
  private static func family(ofArchitecture text: String) -> String? {
    let stem = text.lowercased().components(separatedBy: "for").first ?? ""
    guard !stem.isEmpty, stem != "error", stem != "unknown" else { return nil }
    return family(ofWords: [stem]) ?? stem
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
