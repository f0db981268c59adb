import FileFormats

@testable import RoutingData

/// Pickles, and RouterEval's files in them.
extension Reader {
  static let pickles = [
    Reader("pickle") { input, _ in
      let root = try PickleDocument(region: ByteRegion(input), path: "x.pkl").root
      var budget = 2000
      try walk(root, depth: 0, &budget)
    },
    Reader("router-dataset") { input, scratch in
      try use(RouterDatasetImporter.load(scratch.file("x_router_dataset.pkl", input)).dataset)
    },
    Reader("routereval-scores") { input, scratch in
      let path = try scratch.file("x.pkl", input)
      // The same file also stands in for embeddings or prompts: they are looked up by the same keys.
      let scenarios = ScenarioList([.init(benchmark: "b", subscenarios: ["a"])])
      try use(RouterEvalImporter.load(.init(scores: path, scenarios: scenarios)).dataset)
      for files in [
        RouterEvalFiles(scores: path, embeddings: [.init(path: path)], scenarios: scenarios),
        RouterEvalFiles(scores: path, prompts: path, scenarios: scenarios),
      ] {
        try passing { try use(RouterEvalImporter.load(files).dataset) }
      }
    },
  ]

  /// Asks a value for everything, and the values in it; shared values are met again, so the budget bounds it.
  private static func walk(_ value: PickleValue, depth: Int, _ budget: inout Int) throws {
    budget -= 1
    guard budget > 0, depth < 50 else { return }
    _ = value.kind
    _ = value.keyPath
    try passing { _ = try value.integer() }
    try passing { _ = try value.double() }
    try passing { _ = try value.boolean() }
    try passing { _ = try value.string() }
    try passing { _ = try value.bytes() }
    try passing { _ = try value.strings() }
    try passing { _ = try value["model"] }
    try passing { _ = try value[3] }
    var array: NDArray?
    try passing { array = try value.ndarray() }
    if let array { try use(array) }
    var children: [PickleValue] = []
    try passing { children = try value.list() }
    try passing {
      for (key, value) in try value.dictionary() { children += [key, value] }
    }
    for child in children { try walk(child, depth: depth + 1, &budget) }
  }
}
