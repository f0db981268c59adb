import CommandLineKit
import FileFormats
import NumericKernels

OpenBLASKernel.restartIfBetter()
CommandRunner.main(
  DebiasCommand.command, version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { MappedFiles.shared.fault(at: $0) })
