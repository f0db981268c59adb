import FileFormats
import Foundation
import RoutingData

/// One line of the service: a query and what is asked of it.
package struct ServedQuery: Decodable, Sendable {
  /// What answers and logs call it.
  package let id: String
  private let text: String?
  private let embedding: [Double]?
  /// The LLMs to choose from; nil for all of the service.
  package let llms: [String]?
  private let policy: String?
  private let price: Double?
  private let budget: Double?
  /// How many of the best LLMs to tell of; nil for all.
  package let top: Int?

  /// A line's query.
  ///
  /// - Throws: `DataError` saying what of the line is wrong.
  package init(line: String) throws(DataError) {
    do { self = try JSONDecoder().decode(ServedQuery.self, from: Data(line.utf8)) } catch {
      throw DataError(Self.reason(error))
    }
    guard top.map({ $0 > 0 }) ?? true else { throw DataError("\"top\" must be 1 or more") }
    for (name, value) in [("price", price), ("budget", budget)] {
      guard value.map({ $0.isFinite && $0 >= 0 }) ?? true else {
        throw DataError("\"\(name)\" must be a number from 0 on")
      }
    }
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id, text, embedding, llms, policy, price, budget, top
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    // A misspelt key would otherwise be an option that silently does nothing.
    if let other = keys.sorted().first(where: { CodingKeys(rawValue: $0) == nil }) {
      throw DataError(
        "unknown key \"\(FileError.excerpt(other))\"; there are: "
          + CodingKeys.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try Named(from: decoder).id
    text = try container.decodeIfPresent(String.self, forKey: .text)
    embedding = try container.decodeIfPresent([Double].self, forKey: .embedding)
    llms = try container.decodeIfPresent([String].self, forKey: .llms)
    policy = try container.decodeIfPresent(String.self, forKey: .policy)
    price = try container.decodeIfPresent(Double.self, forKey: .price)
    budget = try container.decodeIfPresent(Double.self, forKey: .budget)
    top = try container.decodeIfPresent(Int.self, forKey: .top)
  }

  /// The id of a line, a text or a whole number.
  private struct Named: Decodable {
    let id: String

    private enum CodingKeys: String, CodingKey { case id }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let text = try? container.decode(String.self, forKey: .id) {
        id = text
      } else {
        id = String(try container.decode(Int.self, forKey: .id))
      }
    }
  }

  /// The id of a line that may be wrong in everything else; nil where there is none.
  static func id(in line: String) -> String? {
    (try? JSONDecoder().decode(Named.self, from: Data(line.utf8)))?.id
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as DataError: return error.description
    case DecodingError.keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      let name = context.codingPath.first?.stringValue
      return name.map { "\"\($0)\" has another type" } ?? "is no JSON object"
    default: return "is not JSON"
    }
  }

  /// The query.
  ///
  /// - Throws: `DataError` for neither or both of text and embedding, or a number beyond single precision.
  package func query() throws(DataError) -> Query {
    switch (text, embedding) {
    case (let text?, nil): return Query(id: id, .text(text))
    case (nil, let values?):
      let singles = values.map { Float($0) }
      guard !singles.isEmpty, singles.allSatisfy(\.isFinite) else {
        throw DataError("\"embedding\" must hold finite numbers of single precision")
      }
      return Query(id: id, .embedding(singles))
    case (nil, nil): throw DataError("\"text\" or \"embedding\" is missing")
    case (_?, _?): throw DataError("\"text\" and \"embedding\" are two ways to say one thing: give one")
    }
  }

  /// A rule with what the line says in its place.
  ///
  /// - Throws: `DataError` for a policy that is none.
  package func rule(over rule: PickRule) throws(DataError) -> PickRule {
    var result = rule
    if let policy { result.recipe = try PickRecipe(policy) }
    if let price { result.price = price }
    if let budget { result.budget = budget }
    return result
  }
}
