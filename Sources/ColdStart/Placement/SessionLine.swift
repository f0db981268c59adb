import FileFormats

/// A line of a session's file: its header, which is what names a model, or an answer.
enum SessionLine: Decodable {
  case header(AskingSession.Header)
  case answer(Answer)

  /// A grade, null for a query that could not be graded; all three keys must be there, and no other.
  struct Answer: Codable {
    let benchmark: String
    let query: String
    let score: Float?

    private enum CodingKeys: String, CodingKey, CaseIterable { case benchmark, query, score }

    init(benchmark: String, query: String, score: Float?) {
      (self.benchmark, self.query, self.score) = (benchmark, query, score)
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      benchmark = try values.decode(String.self, forKey: .benchmark)
      query = try values.decode(String.self, forKey: .query)
      score = try values.decode(Float?.self, forKey: .score)
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(benchmark, forKey: .benchmark)
      try values.encode(query, forKey: .query)
      try values.encode(score, forKey: .score)
    }
  }

  private enum CodingKeys: String, CodingKey { case model }

  init(from decoder: any Decoder) throws {
    let isHeader = try decoder.container(keyedBy: CodingKeys.self).contains(.model)
    self = isHeader ? .header(try AskingSession.Header(from: decoder)) : .answer(try Answer(from: decoder))
  }
}
