import CommandLineKit
import FileFormats
import LinearAlgebra

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  BenchCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
