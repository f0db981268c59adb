import CommandLineKit
import FileFormats
import NumericKernels

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  ExportCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { $0.map(MappedFiles.shared.fault) ?? MappedFiles.shared.fault() })
