import CommandLineKit
import FileFormats
import LinearAlgebra
import Recommenders

OpenBLASKernel.restartIfBetter()

/// The command of the model that the command line names; of the first one where it names none, or an unknown one.
func command(_ arguments: [String]) -> Command {
  func command<T: Trainer>(_ type: T.Type) -> Command { TrainCommand<T>.command }
  var type = TrainerCatalog.all[0]
  func choose(_ name: String) { type = TrainerCatalog.type(named: name) ?? type }
  for (word, next) in zip(arguments, arguments.dropFirst() + [""]) {
    if word == "--" { break }
    if word == "--model" { choose(next) }
    if word.hasPrefix("--model=") { choose(String(word.dropFirst("--model=".count))) }
  }
  return command(type)
}

CommandRunner.main(
  command(CommandLine.arguments), version: Release.version, onInterrupt: { TemporaryOutputs.removeAll() })
