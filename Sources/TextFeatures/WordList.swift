/// Words that say what kind of prompt a text is, in small ASCII letters.
enum WordList: Int, CaseIterable {
  case which, manner, person, amount, negation, task, condition, comparison, code, logic

  /// The words.
  var words: [String] {
    switch self {
    case .which: return ["what", "which", "whose"]
    case .manner: return ["how", "why"]
    case .person: return ["who", "whom", "when", "where"]
    case .amount: return ["many", "much", "total", "sum", "number", "percent", "average", "each"]
    case .negation:
      return ["not", "no", "never", "none", "neither", "nor", "except", "without", "cannot", "incorrect"]
    case .task:
      return [
        "find", "calculate", "compute", "determine", "evaluate", "solve", "prove", "show", "simplify",
        "estimate",
        "explain", "describe", "write", "list",
      ]
    case .condition:
      return ["if", "suppose", "assume", "assuming", "given", "let", "when", "unless", "whether", "consider"]
    case .comparison: return ["more", "less", "most", "least", "than", "best", "greater", "fewer", "same"]
    case .code:
      return [
        "def", "return", "class", "import", "function", "int", "void", "print", "var", "const", "public",
        "static",
        "select", "null", "elif", "lambda", "struct", "include", "printf", "while",
      ]
    case .logic: return ["true", "false", "all", "some", "every", "any", "and", "or", "therefore", "implies"]
    }
  }

  private static let lists: [ArraySlice<UInt8>: [WordList]] = {
    var result: [ArraySlice<UInt8>: [WordList]] = [:]
    for list in allCases {
      for word in list.words { result[Array(word.utf8)[...], default: []].append(list) }
    }
    return result
  }()

  /// The lists that have a word.
  static func containing(_ word: ArraySlice<UInt8>) -> [WordList] { lists[word] ?? [] }
}
