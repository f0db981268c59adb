/// A published pool as `pools/<benchmark>.json` holds it: LLMs by name, so that columns may move.
struct PublishedPoolEntry: Codable, Equatable {
  var group: String
  var llms: [String]
}
