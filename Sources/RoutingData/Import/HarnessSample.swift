import FileFormats
import NumericKernels

/// One line of a samples file of lm-evaluation-harness: an answer to one document, after one filter.
struct HarnessSample: Decodable {
  /// The document's number in its task.
  let document: Int
  /// What tells the document's content from another's; files of old versions have none.
  let hash: String?
  /// What was taken of the LLM's text before it was graded; nil in files of old versions.
  let filter: String?
  /// The grades by their metric.
  let metrics: [String: Double]
  /// The names of metrics without a number, such as a list.
  let unread: [String]
  /// The document's question, or else all that the LLM was given; nil where neither is plainly there.
  var prompt: String?

  /// The keys that are no metrics.
  private static let known = [
    "doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash",
    "prompt_hash", "target_hash", "task", "task_name", "schema_version", "fewshot",
  ]

  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: Key.self)
    document = try line.wholeNumber(for: Key("doc_id"))
    hash = try? line.decodeIfPresent(String.self, forKey: Key("doc_hash"))
    filter = try? line.decodeIfPresent(String.self, forKey: Key("filter"))
    // The list of metrics says which keys are some; old files have only the keys.
    let named = try? line.decodeIfPresent([String].self, forKey: Key("metrics"))
    let candidates =
      named ?? line.allKeys.map(\.stringValue).filter { !Self.known.containsName($0) }.sortedAsNames()
    var (values, others): ([String: Double], [String]) = ([:], [])
    for name in candidates {
      if let number = try? line.decode(Double.self, forKey: Key(name)) {
        values[name] = number
      } else if let flag = try? line.decode(Bool.self, forKey: Key(name)) {
        values[name] = flag ? 1 : 0
      } else {
        others.append(name)
      }
    }
    (metrics, unread) = (values, others)
    prompt = Self.question(line) ?? Self.prompt(line)
  }

  /// The text of the document, where it has one under a usual name.
  private static func question(_ line: KeyedDecodingContainer<Key>) -> String? {
    guard let document = try? line.nestedContainer(keyedBy: Key.self, forKey: Key("doc")) else { return nil }
    for name in ["question", "problem", "prompt", "query"] {
      if let text = try? document.decode(String.self, forKey: Key(name)), !text.isEmpty { return text }
    }
    return nil
  }

  /// The first argument of the first request, as new or as old versions write it.
  private static func prompt(_ line: KeyedDecodingContainer<Key>) -> String? {
    let key = Key("arguments")
    if let requests = try? line.nestedContainer(keyedBy: Key.self, forKey: key),
      let request = try? requests.nestedContainer(keyedBy: Key.self, forKey: Key("gen_args_0"))
    {
      return try? request.decode(String.self, forKey: Key("arg_0"))
    }
    guard var requests = try? line.nestedUnkeyedContainer(forKey: key),
      var request = try? requests.nestedUnkeyedContainer()
    else { return nil }
    return try? request.decode(String.self)
  }
}
