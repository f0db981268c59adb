/// Some rows of a table, or all of them without a list.
struct RowList: RandomAccessCollection {
  private let listed: [Int]?
  let endIndex: Int

  /// All of so many rows.
  init(all count: Int) { (listed, endIndex) = (nil, count) }

  /// The rows of a list.
  init(_ rows: [Int]) { (listed, endIndex) = (rows, rows.count) }

  var startIndex: Int { 0 }

  subscript(place: Int) -> Int { listed?[place] ?? place }
}
