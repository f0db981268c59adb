import CommandLineKit
import FileFormats
import NumericKernels

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  PredictCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { MappedFiles.shared.fault(at: $0) })
