import CommandLineKit

/// `rs-debias`: logs that routers made, and what can be learned and measured from them.
enum DebiasCommand {
  static let command = Command(
    name: "rs-debias",
    summary:
      "Make, import and check logs of routed queries: only the answer of the LLM that was picked is seen.",
    subcommands: [SpreadCommand.command, ReportCommand.command],
    examples: ["rs-debias spread model/ --margin .005"])
}
