import CommandLineKit
import FileFormats
import Models
import NumericKernels
import Prediction
import RoutingData

/// `rs-predict`: which LLM should answer a query, how sure the model is, and at what price.
enum PredictCommand {
  static let model = Option.string("model", placeholder: "DIR", help: "model folder")
  static let embeddings = Option.string(
    "embeddings", placeholder: "FILE",
    help:
      "query embeddings: .npy, .npz, CSV or JSON Lines; - reads one a line from standard input, as numbers or a list"
  ).optional(meaning: "none")
  static let embeddingIDs = Option.string(
    "embedding-ids", placeholder: "FILE", help: "the query id of each row of an .npy"
  ).optional(meaning: "the rows' numbers from 0")
  static let text = Option.string("text", placeholder: "TEXT", help: "one query as its text").optional()
  static let texts = Option.string(
    "texts", placeholder: "FILE", help: "queries as texts, one a line; - reads them from standard input"
  ).optional(meaning: "none")
  static let encoderCommand = Option.string(
    "encoder-command", placeholder: "CMD",
    help:
      "program that turns texts into embeddings: gets one a line, answers one vector a line, keeps running"
  ).optional(meaning: "none")
  static let encoderTimeout = Option.double(
    "encoder-timeout", placeholder: "SECONDS", default: 60, in: 0.001...86_400,
    help: "so long that program may take for an answer, its start included")
  static let anyEncoder = Option.flag(
    "any-encoder", help: "take that program's vectors, also where they are not those of the model's encoder")
  static let llms = Option.list("llms", placeholder: "A,B", help: "LLMs to choose from")
    .optional(meaning: "all that the model knows")
  static let benchmark = Option.string(
    "benchmark", placeholder: "NAME",
    help: "benchmark of the model that the queries belong to, where the model knows LLMs better by benchmark"
  ).optional(meaning: "none")
  static let policy = Option.text(
    "policy", placeholder: "POLICY", default: "argmax",
    help: "how scores become picks: \(PickRecipe.forms)"
  ) { text in
    do throws(DataError) {
      _ = try PickRecipe(text)
      return nil
    } catch { return "option '--policy': \(error.description)" }
  }
  static let costs = Option.string(
    "costs", placeholder: "FILE", help: "CSV with columns llm and cost: what a query costs with each"
  ).optional(meaning: "none")
  static let price = Option.double(
    "price", placeholder: "L", in: 0...1e12,
    help: "pick by predicted response less L times the cost"
  ).optional(meaning: "cost does not count")
  static let budget = Option.double(
    "budget", placeholder: "B", in: 0...1e300, help: "the most that a query may cost"
  ).optional(meaning: "no limit")
  static let top = Option.integer(
    "top", placeholder: "K", in: 1...1_000_000, help: "a row for each of the K best LLMs of a query"
  ).optional(meaning: "the pick alone")
  static let all = Option.flag("all", help: "a row for every LLM of a query")
  static let format = Option.choice(
    "format", placeholder: "FORMAT", of: PredictionFormat.self,
    help:
      "csv and jsonl are rows; npy is the predicted response of every query (row) and LLM (column), npz all that is said, "
      + "with the names, for numpy"
  ).optional(meaning: "as the output ends, else csv")
  static let output = Option.string("output", placeholder: "FILE", help: "file to write, whole or not at all")
    .optional(meaning: "standard output; arrays need a file")
  static let overwrite = Option.flag("overwrite", help: "replace a file that exists")
  static let serve = Option.flag(
    "serve", help: "answer queries line by line, one JSON object each: see docs/predict.md")
  static let log = Option.string(
    "log", placeholder: "FILE", help: "with --serve: add every pick with its propensity to a log"
  ).optional(meaning: "none")

  static let command = Command(
    name: "rs-predict",
    summary: "Say of queries how well LLMs would answer and which one to ask, by policy, price and budget.",
    options: [
      model, embeddings, embeddingIDs, text, texts, encoderCommand, encoderTimeout, anyEncoder, llms,
      benchmark, policy, costs, price,
      budget, top,
      all, format, output, overwrite, serve, log, CommonOptions.seed, CommonOptions.threads,
      CommonOptions.quiet,
    ],
    examples: [
      "rs-predict --model model/ --embeddings queries.npy --top 3",
      "rs-predict --model model/ --embeddings queries.npy --costs costs.csv --price 0.02",
      "rs-predict --model model/ --embeddings queries.npy --output predictions.npz",
      "rs-predict --model model/ --texts - --encoder-command './encode.py' < questions.txt",
      "rs-predict --model model/ --serve --policy epsilon:0.1 --log picks.csv",
    ],
    run: answer)
}
