import Analysis
import Evidence
import Yams

/// YAML that a person wrote: read only where it is of a person's size.
enum BoundedYAML {
    /// The most bytes of a file: a hundred thousand lines.
    static let largest = 4 << 20
    /// Aliases of aliases multiply what a few lines hold; so few can't multiply much.
    private static let mostAliases = 8

    /// The text of a file; nil for one that is no UTF-8.
    ///
    /// - Throws: `EvidenceError` with code `.cannotRead`.
    static func text(of file: String, atMost most: Int = largest) throws -> String? {
        String(validating: try PlainFile.named(file, atMost: most), as: UTF8.self)
    }

    /// The document's root; nil for an empty one.
    ///
    /// - Throws: `YamlError`; `Problem` with status 78 for aliases that multiply.
    static func compose(_ text: String, named path: String) throws -> Node? {
        guard aliases(in: text.utf8) <= mostAliases else {
            throw Problem(
                .configuration,
                "\(path) holds more than \(mostAliases) aliases (*name)",
                hint: "write the values out where they belong"
            )
        }
        let root = try Yams.compose(yaml: text)
        return root == .scalar(.init("")) ? nil : root
    }

    /// How many aliases there may be: stars where a value can begin.
    private static func aliases(in text: String.UTF8View) -> Int {
        var count = 0
        var before = UInt8(ascii: "\n")
        var isStar = false
        for byte in text {
            if isStar, byte > 0x20 { count += 1 }
            isStar = byte == UInt8(ascii: "*") && (before <= 0x20 || ",[{:?-".utf8.contains(before))
            before = byte
        }
        return count
    }
}
