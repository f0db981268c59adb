import Foundation
import LoopbackServer
import Testing

/// A command that writes an output, for tests that hold for all of them.
struct WritingCommand: Sendable, CustomTestStringConvertible {
  /// What commands read and where they write.
  struct Place {
    let scratch: Scratch
    let sample: Sample
    let inputs: Inputs
    let server: LoopbackServer
  }

  /// Files made once for all tests.
  struct Inputs: Sendable {
    let csv: String
    /// A folder of samples of lm-evaluation-harness.
    let samples: String
    let results: String
    let manifest: String
    /// Answers of a new LLM to queries of the sample's model.
    let answers: String
    /// A finished run of `rs-coldstart evaluate`.
    let placements: String
    /// A finished run of `rs-debias evaluate`.
    let logs: String
    /// A model that knows two benchmarks of the sample and not `mmlu`.
    let partial: String
    /// A log of queries of the sample.
    let log: String
    /// A dataset folder with prompts.
    let prompted: String
  }

  let testDescription: String
  let program: String
  /// The output's name in the folder; what a lock is named after.
  let output: String
  /// All that stands in the folder after a run.
  let leaves: [String]
  /// Whether the output is a folder that is filled in place, whose lock is inside.
  var isFilledInPlace = false
  /// Whether a second run goes on from what the first one wrote.
  var goesOn = false
  /// What stands in the folder before a run; the output is written anew then.
  var begins: (@Sendable (Place) throws -> Void)?
  let words: @Sendable (Place) -> [String]

  /// The words of a run.
  func words(in place: Place) -> [String] { words(place) }

  /// The path of the file that keeps a second process out.
  func lock(in scratch: Scratch) -> String {
    isFilledInPlace ? scratch["\(output)/.routerec.lock"] : scratch[".\(output).lock"]
  }

  static let all = [
    WritingCommand(
      testDescription: "import", program: "rs-data", output: "data", leaves: ["data"],
      words: { ["import", "csv", $0.inputs.csv, "--output", $0.scratch["data"]] }),
    WritingCommand(
      testDescription: "import harness", program: "rs-data", output: "data", leaves: ["data"],
      words: { ["import", "harness", $0.inputs.samples, "--output", $0.scratch["data"]] }),
    WritingCommand(
      testDescription: "merge", program: "rs-data", output: "data", leaves: ["data"], goesOn: true,
      begins: { _ = try $0.scratch.copy($0.sample.data, to: "data") },
      words: { ["import", "csv", $0.inputs.csv, "--merge", "--output", $0.scratch["data"]] }),
    WritingCommand(
      testDescription: "synth", program: "rs-data", output: "data", leaves: ["data"],
      words: { Sample.synth($0.scratch["data"]) }),
    WritingCommand(
      testDescription: "embed", program: "rs-data", output: "data", leaves: ["data"],
      words: {
        [
          "embed", $0.inputs.prompted, "--dimensions", "16", "--hash-bits", "12", "--output",
          $0.scratch["data"],
        ]
      }),
    WritingCommand(
      testDescription: "fetch", program: "rs-data", output: "out", leaves: ["out"], isFilledInPlace: true,
      words: {
        [
          "fetch", $0.inputs.manifest, "--mirror", $0.server.url("/m"), "--output", $0.scratch["out"],
        ]
      }),
    WritingCommand(
      testDescription: "train", program: "rs-train", output: "model", leaves: ["model"],
      words: {
        [
          "--data", $0.sample.data, "--factors", "4", "--max-sweeps", "20", "--tolerance", "0", "--l2", "2",
          "--patience", "0", "--checkpoint-every", "1", "--resume", "--output", $0.scratch["model"],
        ]
      }),
    WritingCommand(
      testDescription: "search", program: "rs-train", output: "model", leaves: ["model"],
      words: {
        [
          "--data", $0.sample.data, "--factors", "4", "--max-sweeps", "5", "--l2", "2", "--search", "2",
          "--resume", "--output", $0.scratch["model"],
        ]
      }),
    WritingCommand(
      testDescription: "benchmark", program: "rs-eval", output: "run", leaves: ["run"], isFilledInPlace: true,
      words: {
        [
          "benchmark", "--data", $0.sample.data, "--pools", "3,5", "--routers", "oracle,best-single,random",
          "--resamples", "2000", "--output", $0.scratch["run"],
        ]
      }),
    WritingCommand(
      testDescription: "report", program: "rs-eval", output: "report", leaves: ["report"],
      words: { ["report", $0.inputs.results, "--output", $0.scratch["report"]] }),
    WritingCommand(
      testDescription: "page", program: "rs-eval", output: "page.html", leaves: ["page.html", "page_files"],
      words: { ["report", $0.inputs.results, "--output", $0.scratch["page.html"]] }),
    WritingCommand(
      testDescription: "npy", program: "rs-export", output: "e.npy", leaves: ["e.names.txt", "e.npy"],
      words: { ["--model", $0.sample.model, "--what", "queries", "--output", $0.scratch["e.npy"]] }),
    WritingCommand(
      testDescription: "neighbours", program: "rs-export", output: "n.csv", leaves: ["n.csv"],
      words: { ["--model", $0.sample.model, "--neighbours", "5", "--output", $0.scratch["n.csv"]] }),
    WritingCommand(
      testDescription: "projector", program: "rs-export", output: "e", leaves: ["e"],
      words: { ["--model", $0.sample.model, "--format", "projector", "--output", $0.scratch["e"]] }),
    WritingCommand(
      testDescription: "plan", program: "rs-coldstart", output: "plan.csv", leaves: ["plan.csv"],
      words: { ["plan", "--model", $0.sample.model] + plan + ["--output", $0.scratch["plan.csv"]] }),
    WritingCommand(
      testDescription: "ask", program: "rs-coldstart", output: "new.jsonl", leaves: ["new.jsonl"],
      goesOn: true,
      words: {
        ["ask", "--model", $0.sample.model, "--benchmark", "gsm8k", "--session", $0.scratch["new.jsonl"]]
      }),
    WritingCommand(
      testDescription: "place", program: "rs-coldstart", output: "placed", leaves: ["placed"],
      words: {
        [
          "place", "--model", $0.sample.model, "--answers", $0.inputs.answers, "--name", "new", "--output",
          $0.scratch["placed"],
        ]
      }),
    WritingCommand(
      testDescription: "label", program: "rs-coldstart", output: "labelled", leaves: ["labelled"],
      words: {
        [
          "label", "--model", $0.inputs.partial, "--data", $0.sample.data, "--benchmark", "mmlu", "--labels",
          "20", "--output", $0.scratch["labelled"],
        ]
      }),
    WritingCommand(
      testDescription: "evaluate", program: "rs-coldstart", output: "run", leaves: ["run"],
      isFilledInPlace: true,
      words: { ColdStartTests.evaluate(data: $0.sample.data, $0.scratch["run"]) }),
    WritingCommand(
      testDescription: "evaluate routing", program: "rs-coldstart", output: "run", leaves: ["run"],
      isFilledInPlace: true,
      words: { ColdStartTests.evaluate(data: $0.sample.data, $0.scratch["run"]) + ["--routing"] }),
    WritingCommand(
      testDescription: "evaluate unseen", program: "rs-coldstart", output: "run", leaves: ["run"],
      isFilledInPlace: true,
      words: { ColdStartTests.evaluateUnseen(data: $0.sample.data, $0.scratch["run"]) }),
    WritingCommand(
      testDescription: "placements", program: "rs-coldstart", output: "page.html",
      leaves: ["page.html", "page_files"],
      words: { ["report", $0.inputs.placements, "--output", $0.scratch["page.html"]] }),
    WritingCommand(
      testDescription: "spread", program: "rs-debias", output: "spread", leaves: ["spread"],
      words: { SpreadCommandTests.spread($0.sample) + ["--output", $0.scratch["spread"]] }),
    WritingCommand(
      testDescription: "logs", program: "rs-debias", output: "run", leaves: ["run"], isFilledInPlace: true,
      words: { DebiasExperimentTests.evaluate(data: $0.sample.data, $0.scratch["run"]) }),
    WritingCommand(
      testDescription: "logs report", program: "rs-debias", output: "page.html",
      leaves: ["page.html", "page_files"],
      words: { ["report", $0.inputs.logs, "--output", $0.scratch["page.html"]] }),
    WritingCommand(
      testDescription: "simulate", program: "rs-debias", output: "log", leaves: ["log"],
      words: { DebiasTests.simulate(data: $0.sample.data, $0.scratch["log"]) }),
    WritingCommand(
      testDescription: "predictions", program: "rs-predict", output: "p.npz", leaves: ["p.npz"],
      words: { predict($0) + [$0.scratch["p.npz"]] }),
    WritingCommand(
      testDescription: "predicted rows", program: "rs-predict", output: "p.csv", leaves: ["p.csv"],
      words: { predict($0) + [$0.scratch["p.csv"], "--all"] }),
    WritingCommand(
      testDescription: "log import", program: "rs-debias", output: "log", leaves: ["log"],
      words: {
        [
          "import", $0.inputs.log, "--data", $0.sample.data, "--benchmark", "gsm8k", "--output",
          $0.scratch["log"],
        ]
      }),
  ]

  /// The words of a small plan.
  private static let plan = ["--benchmark", "gsm8k", "--anchors", "6", "--method", "random"]

  /// The words of predictions, whose last one is the output.
  private static func predict(_ place: Place) -> [String] {
    [
      "--model", place.sample.model, "--embeddings", "\(place.sample.data)/embeddings/synthetic/mmlu.npy",
      "--output",
    ]
  }

  private static let folder = Result { try Scratch() }
  private static let inputs = Result { try makeInputs() }

  /// A new folder to write in.
  ///
  /// - Parameter inside: the folder in it, not there yet, that the command writes into.
  func place(inside: String? = nil) throws -> Place {
    let pickle = [0x80] + [UInt8](repeating: 7, count: 3_000_000) + [0x2E]
    let server = try LoopbackServer { request, _ in .file(pickle, etag: "\"x\"", for: request) }
    let place = try Place(
      scratch: Scratch(inside: inside), sample: Sample.shared(), inputs: Self.inputs.get(), server: server)
    try begins?(place)
    return place
  }

  private static func makeInputs() throws -> Inputs {
    let scratch = try folder.get()
    // A static never ends, so its folder is removed when the process does.
    atexit {
      if let path = try? WritingCommand.folder.get().path {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
    var csv = "query,llm,score\n"
    for query in 0..<800 {
      for llm in 0..<20 { csv += "q\(query),m\(llm),\((query &* 7 &+ llm &* 3) % 5 > 1 ? 1 : 0)\n" }
    }
    let words = [
      "benchmark", "--data", try Sample.shared().data, "--pools", "3,5", "--benchmarks", "mmlu,gsm8k",
      "--routers", "oracle,best-single,random", "--resamples", "50", "--output", scratch["run"],
    ]
    try #require(Tool("rs-eval", words).status == 0)
    let sample = try Sample.shared()
    let queries = try Tool("rs-coldstart", ["plan", "--model", sample.model] + plan)
    try #require(queries.status == 0, "\(queries.errors)")
    // Without prompts, each line of a plan ends with an empty score and an empty prompt.
    let answers = queries.output.split(separator: "\n").enumerated().map { line, text in
      text.hasSuffix(",,") ? "\(text.dropLast())\(line % 2)," : String(text)
    }.joined(separator: "\n")
    let placements = try Tool(
      "rs-coldstart", ColdStartTests.evaluate(data: sample.data, scratch["placements"]))
    try #require(placements.status == 0, "\(placements.errors)")
    let logs = try Tool("rs-debias", DebiasExperimentTests.evaluate(data: sample.data, scratch["logs"]))
    try #require(logs.status == 0, "\(logs.errors)")
    let partial = try Tool(
      "rs-train",
      Sample.train(data: sample.data, scratch["partial"]) + ["--benchmarks", "gsm8k,arc"])
    try #require(partial.status == 0, "\(partial.errors)")
    let manifest = """
      {"format": "routerec-data-manifest", "version": 1, "name": "tiny", "title": "t", "leaderboard": "",
       "benchmarks": [{"name": "tiny", "queries": 1, "llms": null, "reference_accuracy": null,
         "subscenarios": [{"name": "tiny", "queries": 1}]}],
       "encoders": [], "licence": {"collection": null, "questions": null},
       "source": {"paper": "", "repository": "", "google_drive": null,
         "hugging_face": {"data_set": "", "revision": "", "branch": ""}},
       "base_url": "http://127.0.0.1:1/", "unverified": [],
       "files": [{"path": "data.pkl", "size": null, "sha256": null, "layout": "router_dataset",
         "members": []}]}
      """
    var samples = ""
    for document in 0..<4_000 {
      samples += "{\"doc_id\": \(document), \"acc\": \(document % 3 == 0 ? 1 : 0)}\n"
    }
    for llm in ["a", "b", "c"] {
      try FileManager.default.createDirectory(
        atPath: scratch["samples/\(llm)"], withIntermediateDirectories: true)
      _ = try scratch.write("samples/\(llm)/samples_arc_2024-06-01T12-34-56.789012.jsonl", samples)
    }
    return Inputs(
      csv: try scratch.write("a.csv", csv), samples: scratch["samples"], results: scratch["run"],
      manifest: try scratch.write("tiny.json", manifest), answers: try scratch.write("new.csv", answers),
      placements: scratch["placements"], logs: scratch["logs"], partial: scratch["partial"],
      log: try scratch.write("log.csv", DebiasTests.log()),
      prompted: try EmbedTests.dataset(in: scratch, name: "prompted"))
  }
}
