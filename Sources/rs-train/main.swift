import CommandLineKit
import FileFormats
import Learning
import Models
import NumericKernels

OpenBLASKernel.restartIfBetter()

/// The command of a type of trainer.
func command<T: Trainer>(_ type: T.Type) -> Command { TrainCommand<T>.command }

let family = CommandFamily(
  chosenBy: "model",
  members: TrainerCatalog.all.map { trainer in (word: trainer.algorithm, command: command(trainer)) })
var arguments = CommandLine.arguments
CommandRunner.main(
  family.member(of: &arguments), version: Release.version, arguments: arguments,
  onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { MappedFiles.shared.fault(at: $0) })
