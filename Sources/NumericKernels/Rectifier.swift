/// The rectified linear unit, max(z, 0), and its derivative.
public enum Rectifier {
  /// Replaces negative numbers by 0; NaN stays.
  public static func apply(_ values: inout [Float]) {
    for index in values.indices { values[index] = values[index] < 0 ? 0 : values[index] }
  }

  /// Turns the gradient with respect to the unit's outputs into that with respect to its inputs.
  ///
  /// `outputs` are what the unit gave, of the same length; where one is 0 the gradient becomes 0.
  public static func backpropagate(_ gradient: inout [Float], outputs: [Float]) {
    precondition(gradient.count == outputs.count, "\(gradient.count) gradients, \(outputs.count) outputs")
    for index in gradient.indices { gradient[index] = outputs[index] == 0 ? 0 : gradient[index] }
  }
}
