import FileFormats
import NumericKernels
import RoutingData
import TestSupport
import Testing

@Suite("Imported logs") struct LogImportTests {
  private func load(
    _ text: String, format: LogFormat? = nil, costs: CostMeaning = .negative, llms: [String]? = nil,
    ids: [String]? = ["q0", "q1", "q2"], isPacked: Bool = false
  ) throws -> LogImporter.Result {
    let folder = try TemporaryFolder()
    let path = folder["log.txt"]
    try isPacked
      ? AtomicFile.write(Self.packed(Array(text.utf8)), to: path) : AtomicFile.write(text, to: path)
    let table = try TableBenchmark(
      [[1, 0, 1], [0, 1, 0], [1, 1, 0]], parts: [.train, .train, .test], ids: ids)
    return try LogImporter(path, format: format, costs: costs).load(
      named: "log", of: table.benchmark, in: table.dataset(), llms: llms)
  }

  /// A gzip file with one stored block, as RFC 1951 and 1952 have it.
  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    func little(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    let length = UInt32(bytes.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length, 2) + little(~length, 2) + bytes
      + little(~crc, 4) + little(length, 4)
  }

  private let expected = [
    LoggedPick(query: 1, llm: 1, response: 1, propensity: 0.25),
    LoggedPick(query: 0, llm: 0, response: 0, propensity: 0.5),
  ]

  /// The same two rows in every format; the pool is `llm0, llm2`.
  static let same: [(LogFormat, String)] = [
    (.csv, "query,llm,response,propensity\nq1,llm2,1,.25\nq0,llm0,0,0.5\n"),
    (.csv, "propensity\tquery\tllm\tresponse\n.25\tq1\tllm2\t1\n0.5\tq0\tllm0\t0\n"),
    (.csv, "query;llm;response;propensity\r\nq1;llm2;1;.25\r\nq0;llm0;0;0.5\r\n"),
    (
      .jsonl,
      "{\"query\":\"q1\",\"llm\":\"llm2\",\"response\":1,\"propensity\":0.25}\n{\"query\":\"q0\",\"llm\":\"llm0\","
        + "\"response\":0,\"propensity\":0.5}\n"
    ),
    (.vw, "2:-1:0.25 q1| a b:2\n1:0:0.5 'q0 |ns c\n"),
    (.vw, "shared q1| x\n| a\n0:-1:0.25 | b\n\nshared q0| x\n0:0:0.5 llm0| a\n| b\n"),
    (
      .dsjson,
      "{\"_label_cost\":-1,\"_label_probability\":0.25,\"_label_Action\":2,\"_labelIndex\":1,\"EventId\":\"q1\",\"a\":[2,1],"
        + "\"c\":{\"_multi\":[{\"_tag\":\"llm0\"},{\"_tag\":\"llm2\"}]},\"p\":[0.25,0.75]}\n"
        + "{\"_label_cost\":-0.0,\"_label_probability\":0.5,\"_label_Action\":1,\"_labelIndex\":0,\"EventId\":\"e\","
        + "\"query\":\"q0\",\"c\":{\"_multi\":[{},{}]}}\n"
    ),
    (.obp, ",query,item_id,position,click,propensity_score\n0,q1,1,0,1,0.25\n1,q0,0,0,0,0.5\n"),
    (.banditml, "context,action,action_prob,reward\nq1,1,.25,1\n\"{\"\"query\"\": \"\"q0\"\"}\",0,.5,0\n"),
  ]

  /// The answers that a log brings are others than the benchmark's, whose costs are not theirs; the rest stays.
  @Test func nothingElseOfTheBenchmarkIsLost() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("query,llm,response\nq1,llm2,1\n", to: folder["log.csv"])
    let table = try TableBenchmark(
      [[1, 0, 1], [0, 1, 0], [1, 1, 0]], parts: [.train, .train, .test], ids: ["q0", "q1", "q2"],
      pools: [CandidatePool(group: .allWeak, llms: [1])])
    let whole = try table.benchmark.with(
      prompts: .memory(["a", "b", "c"]), givenReference: 0.5, costs: Matrix(rows: 3, columns: 3, repeating: 2)
    )
    let dataset = try table.dataset().with(
      benchmarks: [whole], sources: ["x"], featurizers: ["e": FeaturizerFile(ByteRegion([1, 2]))])
    let seen = try LogImporter(folder["log.csv"]).load(named: "log", of: whole, in: dataset).dataset
    #expect(
      differingFields(whole, seen.benchmarks[0]) == ["llms", "responses", "publishedPools", "costs"])
    #expect(seen.benchmarks[0].costs == nil && seen.featurizers == dataset.featurizers)
  }

  @Test(arguments: same)
  func allFormatsSayTheSame(format: LogFormat, text: String) throws {
    // Told by the first line as well as by name.
    for named in [format, nil] {
      for isPacked in [false, true] {
        let log = try load(text, format: named, llms: ["llm0", "llm2"], isPacked: isPacked).dataset.log()
        #expect(log.picks == expected, "\(format), packed \(isPacked)")
      }
    }
  }

  @Test func theLLMsAreThoseOfTheLogWhereNobodySays() throws {
    let result = try load(
      "query,llm,response,propensity,candidates\nq0,new,1,.5,new|llm1\nq1,llm0,,.5,\n")
    #expect(result.dataset.catalog.names == ["llm0", "llm1", "new"])
    #expect(result.notes.contains { $0.contains("'new'") })
    let log = try result.dataset.log()
    #expect(log.picks[0].offer.map { log.offers[$0] } == [1, 2])
    #expect(log.picks[1].response == nil)
  }

  @Test func costsMayBeLosses() throws {
    #expect(
      try load("1:0.25:0.5 q1| a\n", costs: .loss, llms: ["llm0"]).dataset.log().picks[0].response == 0.75)
    let error = #expect(throws: FileError.self) { try load("1:0.25:0.5 q1| a\n", llms: ["llm0"]) }
    #expect(error?.description.contains("--costs loss") == true)
  }

  @Test func rowsWithoutQueriesAreAboutAllInTheirOrder() throws {
    let log = try load("1:0:0.5 | a\n1:-1:0.5 | a\n1:0:0.5 | a\n", llms: ["llm0"]).dataset.log()
    #expect(log.picks.map(\.query) == [0, 1, 2])
    #expect(throws: FileError.self) { try load("1:0:0.5 | a\n", llms: ["llm0"]) }
  }

  @Test func queriesWithoutIdsAreRows() throws {
    let log = try load("query,llm,response\n2,llm1,1\n", ids: nil).dataset.log()
    #expect(log.picks[0].query == 2)
    #expect(throws: FileError.self) { try load("query,llm,response\n3,llm1,1\n", ids: nil) }
  }

  /// What each fault's message names.
  static let faults: [(String, String)] = [
    ("query,llm,response,propensity\nq0,llm0,1,0\n", "line 2: propensity 0.0"),
    ("query,llm,response,propensity\nq0,llm0,1,.5\nq0,llm0,1,1.5\n", "line 3: propensity 1.5 is above 1"),
    ("query,llm,response,propensity\nq0,llm0,1,-0.5\n", "line 2: propensity -0.5"),
    ("query,llm,response,propensity\nq0,llm0,1,inf\n", "line 2: propensity 'inf'"),
    ("query,llm,response,propensity\nq0,llm0,2,.5\n", "line 2: response '2'"),
    ("query,llm,response,propensity\nq7,llm0,1,.5\n", "line 2: query 'q7'"),
    ("query,llm,response,propensity,candidates\nq0,llm0,1,.5,llm1\n", "line 2: LLM 'llm0' was picked"),
    ("query,llm,response,audited\nq0,llm0,1,maybe\n", "line 2: audited 'maybe'"),
    ("query,llm,response,time\nq0,llm0,1,noon\n", "line 2: time 'noon'"),
    ("query,llm,response\n", "holds no row"),
    ("", "is empty"),
    ("hello\n", "--format"),
    ("2:1 q0| a\n", "line 1: label '2:1'"),
    ("1:0:0 q0| a\n", "line 1: probability 0.0"),
    ("1:0:.5 q0| a\nb\n", "line 2: has no '|'"),
    ("{\"query\":\"q0\",\"llm\":3,\"response\":1}\n", "line 1: \"llm\""),
    ("{\"query\":\"q0\",\"llm\":\"llm0\",\"response\":1,\"propensity\":0}\n", "line 1: propensity 0.0"),
    (
      "{\"_label_cost\":0,\"_label_probability\":0.5,\"_label_Action\":3,\"c\":{\"_multi\":[{}]}}\n",
      "line 1: _label_Action 3"
    ),
    ("context,action,action_prob,reward\nq0,7,.5,1\n", "action"),
  ]

  @Test(arguments: faults)
  func aFaultIsNamedWithItsPlace(text: String, words: String) throws {
    let isNumbered = !text.hasPrefix("query") && !text.hasPrefix("{\"query")
    let error = #expect(throws: FileError.self) { try load(text, llms: isNumbered ? ["llm0", "llm2"] : nil) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func anLLMOutsideTheNamedPoolIsRefused() throws {
    let error = #expect(throws: FileError.self) {
      try load("query,llm,response\nq0,llm1,1\n", llms: ["llm0", "llm2"])
    }
    #expect(error?.description.contains("line 2: LLM 'llm1'") == true)
    #expect(throws: FileError.self) { try load("1:0:0.5 q0| a\n") }
  }

  /// What loads, with a word about it.
  static let remarked: [(String, String)] = [
    ("query,llm,response,propensity\nq0,llm0,,.5\nq1,llm1,NA,.5\n", "no row is graded"),
    ("query,llm,response,propensity\nq0,llm0,1,.5\nq1,llm1,0,\n", "1 of 2 rows have no propensity"),
    ("query,llm,response,propensity\nq0,llm0,1,1\nq1,llm1,0,1\n", "every propensity is 1"),
    ("query,llm,response,propensity\nq0,llm0,1,.5\nq1,llm0,0,.5\n", "only one LLM"),
    ("query,llm,response,propensity\nq0,llm0,1,.5\nq1,llm1,,.5\n", "1 of 2 rows are not graded"),
    ("query,llm,response,propensity,time\nq0,llm0,1,.5,2\nq1,llm1,1,.5,1\n", "row 2 is earlier"),
    ("query,llm,response,propensity,time\nq0,llm0,1,.5,2\nq0,llm0,1,.5,2\nq1,llm1,1,.5,3\n", "1 rows repeat"),
    ("query,llm,response,propensity,colour\nq0,llm0,1,.5,2\nq1,llm1,1,.5,1\n", "colour"),
    ("1:0:0.5 q0| a\n | b\n2:0:0.5 q1| a\n", "1 rows without a label"),
  ]

  @Test(arguments: remarked)
  func whatLoadsWithAWordSaysIt(text: String, words: String) throws {
    let result = try load(text, llms: text.hasPrefix("query") ? nil : ["llm0", "llm2"])
    #expect(result.notes.contains { $0.contains(words) }, "\(result.notes)")
  }
}
