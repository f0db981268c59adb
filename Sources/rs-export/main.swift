import CommandLineKit
import FileFormats
import NumericKernels
import Recommenders

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  ExportCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { $0.map(MappedFiles.shared.fault) ?? MappedFiles.shared.fault() })
