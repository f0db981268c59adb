import CommandLineKit
import FileFormats
import LinearAlgebra
import Recommenders

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  ExportCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
