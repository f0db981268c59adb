/// Text for an HTML page.
enum HTML {
  /// A text that a page shows as it is, inside an element or a quoted attribute.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Our own words, in which the metrics' symbols have their subscripts.
  static func prose(_ text: String) -> String {
    var result = escape(text)
    for (symbol, subscripted) in [
      ("V_R", "V<sub>R</sub>"), ("V_B", "V<sub>B</sub>"), ("E_p", "E<sub>p</sub>"), ("r_o", "r<sub>o</sub>"),
    ] {
      result = result.split(separator: symbol, omittingEmptySubsequences: false).joined(
        separator: subscripted)
    }
    return result
  }

  /// A name as the fragment of an address: letters, digits and dashes.
  static func fragment(_ name: String) -> String {
    var result = ""
    for byte in name.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(byte))
      // Two names never share a fragment: what is not plain is spelt out.
      result += isPlain || byte == UInt8(ascii: "_") ? String(scalar) : "-\(byte)"
    }
    return result
  }
}
