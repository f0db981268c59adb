import ColdStart
import CommandLineKit
import RoutingData

/// What a user says of a new LLM beside its name.
enum MetadataOptions {
  static let family = Option.string(
    "family", placeholder: "NAME", help: "the new LLM's family, such as llama"
  ).optional(meaning: "from the name")
  static let size = Option.double(
    "size", placeholder: "B", in: 1e-3...1e5, help: "its parameters in billions"
  ).optional(meaning: "from the name")
  static let instruct = Option.flag("instruct", help: "it was tuned to follow instructions")

  static let all: [any OptionDeclaration] = [family, size, instruct]

  /// Whether any is given.
  static func areGiven(in arguments: Arguments) -> Bool {
    arguments[family] != nil || arguments[size] != nil || arguments[instruct]
  }

  /// The metadata of a new LLM: what is given, else what its name says.
  static func metadata(of name: String, _ arguments: Arguments, known: MetadataPrior) -> LLMMetadata {
    let named = LLMMetadata(name: name)
    // A maker's own name is a family only where others of it are known.
    let stem = LLMMetadata.stem(of: name).flatMap { known.knows(family: $0) ? $0 : nil }
    return LLMMetadata(
      family: arguments[family]?.lowercased() ?? named.family ?? stem, size: arguments[size] ?? named.size,
      isInstruct: arguments[instruct] ? true : named.isInstruct, version: named.version)
  }

  /// What is known of an LLM without answers.
  static func text(of name: String, _ metadata: LLMMetadata, known: MetadataPrior) -> String {
    let family = metadata.family.map {
      known.knows(family: $0) ? "family \($0)" : "family \($0), of which no LLM is known"
    }
    let parts = [
      family, metadata.version.map { "generation \($0)" },
      metadata.size.map { "\(NumberFormatting.fixed($0, 1)) billion parameters" },
      metadata.isInstruct.map { $0 ? "instruct" : "base" },
    ].compactMap { $0 }
    return "'\(name)' has no graded answer: it is placed by \(parts.joined(separator: ", "))"
  }
}
