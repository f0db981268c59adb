import ColdStart
import CommandLineKit
import FileFormats
import Learning
import Models
import NumericKernels
import RoutingData

/// `rs-coldstart place`: a model that knows new LLMs, and their accuracies.
enum PlaceCommand {
  static let answers = Option.string(
    "answers", placeholder: "FILE",
    help: "CSV with columns query and score, perhaps llm and benchmark; or a session of ask"
  ).optional(meaning: "none")
  static let name = Option.string(
    "name", placeholder: "NAME", help: "the new LLM's name, or the only one to take of a column llm"
  ).optional(meaning: "from the column llm")
  static let output = Option.string(
    "output", placeholder: "DIR", help: "model folder to write, which knows the new LLMs"
  ).optional(meaning: "none")
  static let update = Option.flag(
    "update", help: "place LLMs anew that were placed before, by all the answers given now")
  static let overwrite = Option.flag("overwrite", help: "replace a model folder that exists")

  static let command = Command(
    name: "place",
    summary:
      "Place new LLMs among those of a model by a few graded answers, or by name, family and size alone: their accuracy "
      + "on each benchmark with a 95% interval, and a model that routes to them.",
    options: [
      SharedOptions.model, SharedOptions.data, answers, name, SharedOptions.benchmarks,
    ] + MetadataOptions.all + [update, output, overwrite] + CommonOptions.all,
    examples: [
      "rs-coldstart place --model model/ --answers new.csv --name my-llm --output with-my-llm/",
      "rs-coldstart place --model model/ --name Qwen2-7B-Instruct --size 7",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws {
    if let threads = arguments[CommonOptions.threads] { Threads.count = threads }
    let folder = arguments[SharedOptions.model]
    let lock = try arguments[output].map { try FileLock(output: $0, inputs: [folder]) }
    defer { lock?.release() }
    if let output = arguments[output] {
      try AtomicFolder.check(output, replacing: arguments[overwrite], marker: ModelFolder.marker)
    }
    let stored = try TrainedQueries(modelFolder: folder, data: arguments[SharedOptions.data])
    let benchmarks = try stored.places(of: arguments[SharedOptions.benchmarks] ?? [])
    let llms = try answered(arguments, stored)
    let trained = try ready(stored, for: llms.map(\.name), arguments)
    let isSession = try arguments[answers].map { try AskingSession.isSession($0) } ?? false
    IntervalAdvice.noteIfNotCalibrated(trained.model)
    var model = trained.model
    let placed = try placed(llms, arguments, trained)
    for (llm, placed) in zip(llms, placed) {
      model = try model.adding(llm: llm.name, abilities: placed.abilities)
      noteIfUnsure(llm)
    }
    try PlacedText.print(
      zip(llms, placed).map { (name: $0.name, placed: $1) }, benchmarks: benchmarks, trained,
      chosen: isSession ? .adaptive : .unknown, asJSON: arguments[CommonOptions.json])
    guard let output = arguments[output] else { return }
    var made = StoredModel(model, record: trained.record)
    made.rememberEncoders(of: trained.dataset)
    let grown = made
    try AtomicFolder.write(
      to: output, replacing: arguments[overwrite], marker: ModelFolder.marker
    ) { staging in try ModelFolder.write(grown, into: staging) }
    Log.note("wrote \(output), a model of \(NumberFormatting.count(model.identity.llms.count)) LLMs")
  }

  /// The model without what it knows of LLMs that are placed again, where that is wanted.
  private static func ready(
    _ stored: TrainedQueries, for llms: [String], _ arguments: Arguments
  ) throws -> TrainedQueries {
    do {
      guard arguments[update] else {
        try stored.requireNew(llms)
        return stored
      }
      let trained = try stored.forgetting(llms)
      let count = stored.model.identity.llms.count - trained.model.identity.llms.count
      Log.note(
        "\(NumberFormatting.count(count)) of \(NumberFormatting.count(llms.count)) LLMs were placed before")
      return trained
    } catch let error as DataError { throw FileError(arguments[SharedOptions.model], error.description) }
  }

  /// The new LLMs with their answers.
  private static func answered(
    _ arguments: Arguments, _ trained: TrainedQueries
  ) throws -> [(name: String, answers: [GradedAnchor])] {
    guard let path = arguments[answers] else {
      guard let name = arguments[name] else {
        throw UsageError("give the new LLM's graded answers with '--answers', or at least its '--name'")
      }
      return [(name, [])]
    }
    if try AskingSession.isSession(path) {
      guard let name = arguments[name] else {
        throw UsageError("a session does not say whose answers it holds: give '--name'")
      }
      return [(name, try AskingSession.answers(in: path, of: trained))]
    }
    let file = try AnswerFile(path: path, name: arguments[name], of: trained)
    if file.unused > 0 {
      Log.note(
        "\(NumberFormatting.count(file.unused)) answers were not used: the model was not trained on their queries"
      )
    }
    return file.llms
  }

  /// The placed LLMs, each from what its metadata say and its answers.
  private static func placed(
    _ llms: [(name: String, answers: [GradedAnchor])], _ arguments: Arguments, _ trained: TrainedQueries
  ) throws -> [Placement.Placed] {
    if MetadataOptions.areGiven(in: arguments), llms.count > 1 {
      throw UsageError(
        "'--family', '--size' and '--instruct' are of one LLM, the answers of \(llms.count): choose one with '--name'"
      )
    }
    // Answers tell more than a name, which misleads intervals: it counts beside them only where it is said by hand.
    let counts = llms.map { $0.answers.isEmpty || MetadataOptions.areGiven(in: arguments) }
    guard counts.contains(true) else { return try trained.placement.placed(llms.map(\.answers)) }
    let prior = try MetadataPrior(trained)
    return try zip(llms, counts).map { llm, counts in
      try counts
        ? placed(llm, MetadataOptions.metadata(of: llm.name, arguments), prior, trained.placement)
        : trained.placement.placed(llm.answers)
    }
  }

  private static func placed(
    _ llm: (name: String, answers: [GradedAnchor]), _ metadata: LLMMetadata, _ prior: MetadataPrior,
    _ placement: Placement
  ) throws -> Placement.Placed {
    guard prior.isInformed(by: metadata) else {
      if llm.answers.isEmpty {
        Log.note(
          "'\(llm.name)' has no graded answer, and its name says nothing: it is placed as any LLM, with a wide "
            + "interval; give --family, --size or --instruct")
      }
      return try placement.placed(llm.answers)
    }
    if llm.answers.isEmpty { Log.note(MetadataOptions.text(of: llm.name, metadata, known: prior)) }
    return try placement.with(prior: prior.abilities(of: metadata).widened(by: Abilities.Breadth()))
      .placed(llm.answers)
  }

  private static func noteIfUnsure(_ llm: (name: String, answers: [GradedAnchor])) {
    if Set(llm.answers.map(\.response)).count == 1, llm.answers.count > 2 {
      Log.note(
        "all \(llm.answers.count) answers of '\(llm.name)' have the same grade: check that they were graded")
    }
  }
}
