import FileFormats

extension ReportTable {
  /// The table as comma-separated values (RFC 4180).
  ///
  /// A column with intervals becomes three: the number and the two ends. What is not defined is empty.
  public var csv: String {
    var header: [String] = []
    for column in columns {
      header.append(column.wholeTitle)
      if column.hasInterval { header += ["\(column.wholeTitle) low", "\(column.wholeTitle) high"] }
    }
    var text = CSVRow.text(header)
    for row in rows {
      var fields: [String] = []
      for (column, cell) in zip(columns, row.cells) {
        fields.append(cell.text == NumberText.missing ? "" : cell.text)
        if column.hasInterval { fields += [cell.low ?? "", cell.high ?? ""] }
      }
      text += CSVRow.text(fields)
    }
    return text
  }
}
