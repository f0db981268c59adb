import CommandLineKit

/// `rs-debias`: logs that routers made, and what can be learned and measured from them.
enum DebiasCommand {
  static let command = Command(
    name: "rs-debias",
    summary:
      "Make, import and check logs of routed queries: only the answer of the LLM that was picked is seen.",
    subcommands: [
      SimulateCommand.command, ImportCommand.command, CheckCommand.command, EvaluateCommand.command,
      ReportCommand.command, SpreadCommand.command,
    ],
    examples: [
      "rs-debias simulate gsm8k/ --pool gsm8k/5/all_strong --policy softmax:0.1 --rows 20000 --output log/"
    ])
}
