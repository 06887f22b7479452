import CLibXML2

/// The library that validates reports.
public enum LibXML2 {
    /// The version that runs, such as `2.9.14`.
    public static var version: String {
        let text = String(cString: heed_xml_version())
        guard let number = Int(text.prefix { $0.isASCII && $0.isNumber }) else { return text }
        return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }
}
