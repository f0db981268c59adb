import FileFormats
import Foundation

/// A log as Vowpal Wabbit's contextual-bandit text.
///
/// One line a query: `action:cost:probability tag | features`. With action-dependent features (ADF) a query is a block of
/// lines that a blank line ends: perhaps `shared tag | features`, then a line for each candidate, of which the picked one has
/// the label `0:cost:probability`. The tag, a text that touches the bar or begins with `'`, names the query; the tag of a
/// candidate's line names the LLM. Without tags rows are about the queries in their order, and LLMs have their numbers.
///
/// Source: the pages "Input format" and "Contextual Bandit algorithms" of the VowpalWabbit/vowpal_wabbit wiki.
struct VowpalWabbitText {
  let path: String
  /// What a cost says of a response.
  let costs: CostMeaning

  /// Rows without a label, which say of no pick what it brought.
  private(set) var unlabelled = 0

  init(path: String, costs: CostMeaning) {
    self.path = path
    self.costs = costs
  }

  /// What stands before the first bar of a line.
  private struct Head {
    var isShared = false
    var label: (action: String, cost: Double, probability: Double)?
    var tag: String?
  }

  /// A block of ADF lines.
  private struct Block {
    var line = 0
    var query: String?
    var lines = 0
    var picked: (name: String, cost: Double, probability: Double, line: Int)?
  }

  /// Gives each row to a closure; LLMs are named, or numbered from 1.
  ///
  /// - Throws: `FileError`, with the line, for a label that can't be; and what the closure throws.
  mutating func forEachRow(_ body: (LogRow, _ line: Int) throws(FileError) -> Void) throws(FileError) {
    var block = Block()
    var isBlock = false
    var unlabelled = 0
    try TextLines.forEach(path: path) { (text, number) throws(FileError) in
      guard !text.allSatisfy(\.isWhitespace) else {
        try finish(&block, &unlabelled, body)
        isBlock = false
        return
      }
      let head = try self.head(text, number)
      if head.isShared || isBlock {
        if head.isShared {
          try finish(&block, &unlabelled, body)
          (block, isBlock) = (Block(line: number, query: head.tag), true)
          return
        }
        try add(head, to: &block, number)
        return
      }
      guard let label = head.label else {
        unlabelled += 1
        return
      }
      try body(
        row(query: head.tag, llm: label.action, label.cost, label.probability, number), number)
    }
    try finish(&block, &unlabelled, body)
    self.unlabelled = unlabelled
  }

  private func add(_ head: Head, to block: inout Block, _ number: Int) throws(FileError) {
    block.lines += 1
    guard let label = head.label else { return }
    guard block.picked == nil else {
      throw FileError(path, at: .line(number), "the block has a second label: one of its lines was picked")
    }
    block.picked = (head.tag ?? String(block.lines), label.cost, label.probability, number)
  }

  private func finish(
    _ block: inout Block, _ unlabelled: inout Int, _ body: (LogRow, Int) throws(FileError) -> Void
  ) throws(FileError) {
    defer { block = Block() }
    guard block.lines > 0 else { return }
    guard let picked = block.picked else {
      unlabelled += 1
      return
    }
    try body(
      row(query: block.query, llm: picked.name, picked.cost, picked.probability, picked.line), picked.line)
  }

  private func row(
    query: String?, llm: String, _ cost: Double, _ probability: Double, _ number: Int
  ) throws(FileError) -> LogRow {
    let parse = LogFields(path: path, line: number)
    return LogRow(
      query: query, llm: llm, response: try costs.response(cost, parse),
      propensity: try parse.propensity(probability, "probability"))
  }

  private func head(_ text: String, _ number: Int) throws(FileError) -> Head {
    guard let bar = text.firstIndex(of: "|") else {
      throw FileError(
        path, at: .line(number), "has no '|': expected action:cost:probability | features")
    }
    let before = text[..<bar]
    var words = before.split(whereSeparator: \.isWhitespace).map(String.init)
    var head = Head()
    // A word that touches the bar is a tag, and so is one behind a quote.
    if let last = words.last, last.hasPrefix("'") || !(before.last?.isWhitespace ?? true) {
      if last.hasPrefix("'") || !last.contains(":") {
        if words.count > 1 || last != "shared" {
          head.tag = String(last.drop { $0 == "'" })
          words.removeLast()
        }
      }
    }
    if words.first == "shared" {
      head.isShared = true
      return head
    }
    guard let word = words.first else { return head }
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let cost = Double(parts[1]), let probability = Double(parts[2]), cost.isFinite,
      probability.isFinite, !parts[0].isEmpty
    else {
      throw FileError(
        path, at: .line(number), "label '\(FileError.excerpt(word))' is not action:cost:probability")
    }
    head.label = (parts[0], cost, probability)
    return head
  }
}
