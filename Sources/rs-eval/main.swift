import CommandLineKit
import FileFormats
import LinearAlgebra

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  EvaluateCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
