import Foundation
import Testing

/// Files to import that are damaged, hostile or contradict themselves.
@Suite struct ImportRefusalTests {
  private func refuse(
    _ kind: String, _ words: [String], names: [String], in scratch: Scratch,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    try Refusal.expect(
      "rs-data", ["import", kind] + words + ["--output", scratch["out"]], names: names, in: scratch,
      at: location)
  }

  /// `os.system("touch <marker>")`, as pickle would run it.
  @Test(arguments: ["posix", "os", "builtins", "numpy.os"], ["--scores", "--router-dataset"])
  func hostilePickleIsNotExecuted(module: String, option: String) throws {
    let scratch = try Scratch()
    let command = Array("touch \(scratch["marker"])".utf8)
    let pickle: [UInt8] =
      [0x80, 0x02] + Array("c\(module)\nsystem\nX".utf8) + [UInt8(command.count), 0, 0, 0] + command
      + Array("\u{85}R.".unicodeScalars.map { UInt8($0.value) })
    let file = try scratch.write("hostile.pkl", pickle)
    try refuse(
      "routereval", [option, file], names: ["\(file): byte 2: ", "\(module).system", "refused"], in: scratch)
  }

  /// A list inside a list, a million times over; then a string that claims 4 EB.
  @Test func absurdPicklesStopEarly() throws {
    let scratch = try Scratch()
    let deep = try scratch.write(
      "deep.pkl", [0x80, 2] + [UInt8](repeating: 0x5D, count: 1_000_000) + [0x2E])
    try refuse("routereval", ["--scores", deep], names: ["\(deep): "], in: scratch)
    let huge = try scratch.write(
      "huge.pkl", [0x80, 4, 0x8D] + [0, 0, 0, 0, 0, 0, 0, 0x40] + Array("abc.".utf8))
    try refuse("routereval", ["--scores", huge], names: ["\(huge): byte "], in: scratch)
  }

  @Test func archiveCutShort() throws {
    let scratch = try Scratch()
    let file = scratch["e.npz"]
    let model = try Sample.shared().model
    #expect(try Tool("rs-export", "--model", model, "--format", "npz", "--output", file).status == 0)
    try refuse("npz", [file], names: ["\(file): models: is missing"], in: scratch)
    for share in [0.9, 0.5, 0] {
      try truncate(file, to: share)
      try refuse("npz", [file], names: ["\(file): "], in: scratch)
    }
  }

  /// A CSV file, and the place and the words that the message must have.
  static let tables: [(text: String, named: String)] = [
    ("query,llm,score\nq,a,1\nq,b,nil\n", "line 3: score 'nil'"),
    ("query,llm,score\nq,a,1\nq,b,inf\n", "line 3: score 'inf'"),
    ("query,llm,score\nq,a,1.5\n", "line 2: score '1.5'"),
    ("query,llm,score\nq,a,-0.1\n", "line 2: score '-0.1'"),
    ("query,llm,score,split\nq,a,1,dev\n", "line 2: split 'dev' is not one of train"),
    ("query,llm,score,split\nq,a,1,test\nq,b,1,train\n", "line 3: query 'q' is for train here"),
    ("query,llm,score,prompt\nq,a,1,x\nq,b,1,y\n", "line 3: query 'q' has another prompt"),
    ("query,llm,score\nq,a,1\nq,b,1\nq,a,0\n", "line 4: query 'q' and LLM 'a'"),
    ("query,llm,score\nq,a,1\nq,b\n", "line 3: 2 fields, expected 3"),
    ("query,llm,score\n,a,1\n", "line 2: query is empty"),
    ("query,llm\nq,a\n", "line 1: no column named \"score\""),
    ("query,llm,score\nq,a,\"1\n", "line 2: a quoted field is not closed"),
    ("query,llm,score\n", "has no rows"), ("", "is empty"),
  ]

  @Test(arguments: tables)
  func contradictoryCSV(text: String, named: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("a.csv", text)
    try refuse("csv", [file], names: ["\(file): \(named)"], in: scratch)
  }

  /// What a wide table has no column of can't be chosen, rather than chosen in vain.
  @Test(arguments: [
    ("queries", "--llm-column"), ("queries", "--score-column"), ("llms", "--query-column"),
    ("queries", "--cost-column"), ("llms", "--cost-column"), ("llms", "--cost-suffix"),
    ("llms", "--benchmark-from"), ("llms", "--prompt-column"), ("llms", "--split-column"),
  ])
  func columnsThatAWideTableLacks(rows: String, option: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("w.csv", "id,a,b\nq,1,0\n")
    let run = try Tool(
      "rs-data", "import", "csv", file, "--wide", rows, option, "x", "--output", scratch["out"])
    #expect(
      run.status == 2 && run.errors.contains("'\(option)' does not go with '--wide \(rows)'"), "\(run.errors)"
    )
    #expect(scratch.entries == ["w.csv"])
  }

  @Test func csvWithoutTheBenchmarkAskedFor() throws {
    let scratch = try Scratch()
    let file = try scratch.write("a.csv", "benchmark,query,llm,score\nx,q,a,1\n")
    try refuse("csv", [file, "--benchmark", "y"], names: ["\(file): ", "'y'", "x"], in: scratch)
  }

  /// What numpy saves as `scores` and `models`, and what the message must have.
  static let archives: [(scores: String, models: String, named: [String])] = [
    ("np.ones((2, 3), np.uint8)", "['a', 'a']", ["models: ", "'a'"]),
    ("np.ones((2, 3), np.uint8)", "['a', 'b', 'c']", ["models: ", "3 names", "(2, 3)"]),
    ("np.array([[1, np.inf, 0]])", "['a']", ["scores: ", "inf"]),
    ("np.array([[1, 0, 7]])", "['a']", ["scores: ", "7"]), ("np.ones(3)", "['a']", ["scores: "]),
    ("np.array([['x', 'y']])", "['a']", ["scores: "]), ("np.ones((0, 0))", "[]", [".npz: "]),
  ]

  @Test(.enabled(if: Python.isThere, Python.reason), arguments: archives)
  func contradictoryArchive(scores: String, models: String, named: [String]) throws {
    let scratch = try Scratch()
    let file = scratch["own.npz"]
    try Python.check("np.savez(sys.argv[1], scores=\(scores), models=np.array(\(models)))", file)
    try refuse("npz", [file], names: ["\(file): "] + named, in: scratch)
  }

  /// Pickles of scores, embeddings and prompts as numpy makes them, and what the message must have.
  static let triples: [(change: String, named: [String])] = [
    ("models = ['a', 'b', 'a']", ["scores.pkl: model: ", "'a'"]),
    ("models = ['a', 'b']", ["scores.pkl: data/harness_gsm8k_5/correctness: ", "(5, 3)"]),
    ("scores[2, 1] = np.inf", ["scores.pkl: data/harness_gsm8k_5/correctness: row 2, LLM 'b'", "inf"]),
    ("scores[4, 0] = -1", ["scores.pkl: ", "row 4, LLM 'a'", "-1"]),
    ("embeddings = embeddings[:4]", ["embeddings.pkl: harness_gsm8k_5: ", "(4, 2)", "(5, 3)"]),
    ("embeddings[1, 1] = np.inf", ["embeddings.pkl: harness_gsm8k_5: row 1", "inf"]),
    ("prompts = prompts[:3]", ["prompts.pkl: harness_gsm8k_5: 3 prompts"]),
    ("name = 'other'", ["scores.pkl: ", "lacks sub-scenario 'harness_gsm8k_5'"]),
  ]

  @Test(.enabled(if: Python.isThere, Python.reason), arguments: triples)
  func contradictoryPickles(change: String, named: [String]) throws {
    let scratch = try Scratch()
    try Python.check(
      """
      import pickle
      name, models, scores = 'harness_gsm8k_5', ['a', 'b', 'c'], np.ones((5, 3))
      embeddings, prompts = np.ones((5, 2), np.float32), np.array(['question'] * 5)
      \(change)
      files = {'scores': {'data': {name: {'correctness': scores}}, 'model': models},
               'embeddings': {name: embeddings}, 'prompts': {name: prompts}}
      for file, value in files.items():
        pickle.dump(value, open(f'{sys.argv[1]}/{file}.pkl', 'wb'))
      """, scratch.path)
    let scenarios = try scratch.write("scenarios.json", #"{"gsm8k": ["harness_gsm8k_5"]}"#)
    try refuse(
      "routereval",
      [
        "--scores", scratch["scores.pkl"], "--embeddings", scratch["embeddings.pkl"], "--prompts",
        scratch["prompts.pkl"], "--scenarios", scenarios,
      ], names: ["\(scratch.path)/"] + named, in: scratch)
  }
}
