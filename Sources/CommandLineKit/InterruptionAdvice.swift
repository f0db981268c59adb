import Synchronization

/// What the user can do after an interruption, said in its message: how a run that was stopped goes on.
public enum InterruptionAdvice {
  private static let advice = Mutex<(@Sendable () -> String?)?>(nil)

  /// Asks a function for the advice when the process is interrupted; it gives nil where there is none.
  ///
  /// It runs on a thread of its own, after temporaries are removed, while the command goes on.
  public static func set(_ advice: @escaping @Sendable () -> String?) { self.advice.withLock { $0 = advice } }

  /// The advice now.
  static var current: String? { advice.withLock { $0 }?() }
}
