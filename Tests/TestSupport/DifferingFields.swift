/// The stored properties in which two values of one type differ, as far as they print differently.
///
/// It asks the type itself for them, so that a property that is new tomorrow is compared too.
package func differingFields<T>(_ left: T, _ right: T) -> Set<String> {
  let (left, right) = (Mirror(reflecting: left).children, Mirror(reflecting: right).children)
  return Set(
    zip(left, right).compactMap { old, new in
      String(reflecting: old.value) == String(reflecting: new.value) ? nil : old.label
    })
}
