import CommandLineKit
import Learning
import RoutingData

/// A setting of a trainer as an option of the command line.
struct SettingOption: OptionDeclaration {
  private enum Kind {
    case text(Option<String>)
    case flag(Option<Bool>)
  }

  private let kind: Kind

  init<T: Trainer>(_ setting: Setting<T>) {
    let range = setting.search.map { " (search: \($0.text))" } ?? ""
    guard let placeholder = setting.placeholder else {
      kind = .flag(.flag(setting.name, help: setting.help + range))
      return
    }
    kind = .text(
      .text(
        setting.name, placeholder: placeholder, default: setting.text(of: T()), help: setting.help + range,
        check: { text in
          var trainer = T()
          do throws(DataError) {
            try setting.set(text, in: &trainer)
            return nil
          } catch {
            return "\(error)"
          }
        }))
  }

  var specification: OptionSpecification {
    switch kind {
    case .text(let option): return option.specification
    case .flag(let option): return option.specification
    }
  }

  /// What the command line says, as the setting takes it; nil where it says nothing.
  func text(in arguments: Arguments) -> String? {
    switch kind {
    case .text(let option): return arguments.isGiven(option) ? arguments[option] : nil
    case .flag(let option): return arguments[option] ? "yes" : nil
    }
  }
}
