import CommandLineKit
import FileFormats
import LinearAlgebra

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  Command(
    name: "rs-data",
    summary: "Import, make, inspect and verify datasets, and examine the machine.",
    subcommands: [
      ImportCommand.command, SynthCommand.command, InfoCommand.command, VerifyCommand.command,
      DoctorCommand.command,
    ],
    examples: ["rs-data synth --preset sample --output sample/", "rs-data info sample/"]),
  version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
