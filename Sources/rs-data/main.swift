import CommandLineKit
import FileFormats
import NumericKernels

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  Command(
    name: "rs-data",
    summary: "Fetch, import, make, inspect and verify datasets, and examine the machine.",
    subcommands: [
      FetchCommand.command, ImportCommand.command, SynthCommand.command, EmbedCommand.command,
      InfoCommand.command,
      VerifyCommand.command, AuditCommand.command, DoctorCommand.command,
    ],
    examples: ["rs-data synth --preset sample --output sample/", "rs-data info sample/"]),
  version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { MappedFiles.shared.fault(at: $0) })
