import CommandLineKit
import FileFormats
import Learning
import Models
import NumericKernels

OpenBLASKernel.restartIfBetter()

/// The command of the model that the command line names; of the first one where it names none, or an unknown one.
func command(_ arguments: inout [String]) -> Command {
  func command<T: Trainer>(_ type: T.Type) -> Command { TrainCommand<T>.command }
  var type = TrainerCatalog.all[0]
  var isKnown = true
  func choose(_ name: String) {
    isKnown = TrainerCatalog.names.contains(name)
    type = TrainerCatalog.type(named: name) ?? type
  }
  for (word, next) in zip(arguments, arguments.dropFirst() + [""]) {
    if word == "--" { break }
    if word == "--model" { choose(next) }
    if word.hasPrefix("--model=") { choose(String(word.dropFirst("--model=".count))) }
  }
  // The help of another model than the one asked for would be no answer; the parser names the mistake.
  if !isKnown { arguments.removeAll { ["-h", "--help"].contains($0) } }
  return command(type)
}

var arguments = CommandLine.arguments
CommandRunner.main(
  command(&arguments), version: Release.version, arguments: arguments,
  onInterrupt: { TemporaryOutputs.removeAll() },
  inputFault: { MappedFiles.shared.fault(at: $0) })
