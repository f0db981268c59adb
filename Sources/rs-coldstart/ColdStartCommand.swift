import CommandLineKit

/// `rs-coldstart`: places what was never seen before.
enum ColdStartCommand {
  static let command = Command(
    name: "rs-coldstart",
    summary: "Place a new LLM, query or benchmark by a few answers, and measure how well that works.",
    subcommands: [
      PlanCommand.command, AskCommand.command, PlaceCommand.command, LabelCommand.command,
      EvaluateCommand.command, ReportCommand.command,
    ],
    examples: ["rs-coldstart plan --model model/ --benchmark gsm8k --anchors 50 --output plan.csv"])
}
