import Foundation

/// Renames of folders that never replace something by accident.
enum FolderRename {
  private typealias RenameAt2 =
    @convention(c) (
      Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
    ) -> Int32

  private static let noReplace: UInt32 = 1
  private static let exchange: UInt32 = 2

  /// Renames a folder to a name at which nothing stands.
  static func moveToFreeName(_ source: String, _ target: String, for output: String) throws(FileError) {
    var failure = renameAt2(source, target, noReplace)
    // The fallback can replace an empty folder that appeared in between, and nothing else.
    if [EINVAL, ENOSYS].contains(failure) { failure = rename(source, target) == 0 ? 0 : errno }
    guard failure == 0 else {
      throw FileError(output, "can't be put in place: \(ByteRegion.message(of: failure))")
    }
  }

  /// Puts a folder in the place of another, which then stands where the first one stood.
  ///
  /// - Parameter isAtomic: false leaves the system's exchange unused, as on file systems without it.
  static func exchange(
    _ source: String, _ target: String, for output: String, isAtomic: Bool = true
  ) throws(FileError) {
    var failure = isAtomic ? renameAt2(source, target, exchange) : EINVAL
    if [EINVAL, ENOSYS].contains(failure) { failure = exchangeInSteps(source, target) }
    guard failure == 0 else {
      throw FileError(output, "can't be put in place: \(ByteRegion.message(of: failure))")
    }
  }

  /// Exchanges by plain renames, taking the first one back if the second fails.
  private static func exchangeInSteps(_ source: String, _ target: String) -> Int32 {
    let aside = source + "-old"
    guard rename(target, aside) == 0 else { return errno }
    guard rename(source, target) == 0 else {
      let failure = errno
      rename(aside, target)
      return failure
    }
    return rename(aside, source) == 0 ? 0 : errno
  }

  /// Calls the system's `renameat2`, which Swift's C library module leaves out; returns 0 or the error number.
  private static func renameAt2(_ source: String, _ target: String, _ flags: UInt32) -> Int32 {
    guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
    let function = unsafeBitCast(symbol, to: RenameAt2.self)
    return function(AT_FDCWD, source, AT_FDCWD, target, flags) == 0 ? 0 : errno
  }
}
