import CommandLineKit
import FileFormats
import LinearAlgebra

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  TrainCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
