import CommandLineKit
import Learning

/// What a user should know of the intervals that are printed.
enum IntervalAdvice {
  /// Says where a model's training did not look at how wide intervals must be.
  static func noteIfNotCalibrated(_ model: FactorModel) {
    guard model.intervalMultipliers.isEmpty else { return }
    Log.note(
      "the 95% intervals are not calibrated: this model's training did not place LLMs of families held out; train --model "
        + "mirt with this version, on LLMs of two families at least")
  }
}
