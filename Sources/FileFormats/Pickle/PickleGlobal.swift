/// The Python functions and classes that a pickle may name here.
///
/// None is ever called: each stands for a form of data that this reader knows how to lay out itself. Any
/// other name stops the reading at the instruction that names it.
enum PickleGlobal: Sendable {
  /// numpy's functions that start, make or view an array.
  case reconstruct, scalar, frombuffer
  /// numpy's classes.
  case ndarray, dtype
  /// `_codecs.encode`, by which protocol 2 writes bytes.
  case encode
  /// Built-in classes that protocols 2 and 3 name instead of having an instruction.
  case bytes, bytearray, set, frozenset

  /// The known global of a module and a name, or nil.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      self = .reconstruct
    case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): self = .scalar
    case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"): self = .frombuffer
    case ("numpy", "ndarray"): self = .ndarray
    case ("numpy", "dtype"): self = .dtype
    case ("_codecs", "encode"): self = .encode
    case ("builtins", "bytes"), ("__builtin__", "bytes"): self = .bytes
    case ("builtins", "bytearray"), ("__builtin__", "bytearray"): self = .bytearray
    case ("builtins", "set"), ("__builtin__", "set"): self = .set
    case ("builtins", "frozenset"), ("__builtin__", "frozenset"): self = .frozenset
    default: return nil
    }
  }
}
