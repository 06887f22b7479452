/// A file that was written into a bundle.
package struct OutputFile: Sendable, Hashable, Codable {
    /// The name inside the bundle.
    package var name: String
    /// The size in bytes.
    package var bytes: Int
    /// SHA-256 of the content, in hex.
    package var sha256: String
    /// Rows of the streamed sections that the file holds; nil where it holds none.
    var rows: Int?
    /// The file whose rows this one goes on with, where a spreadsheet can't hold all of them in one.
    var partOf: String?

    private enum CodingKeys: String, CodingKey {
        case name, bytes, sha256, rows
        case partOf = "part_of"
    }

    /// Describes a file of the bundle.
    package init(name: String, bytes: Int, sha256: String, rows: Int? = nil) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
        self.rows = rows
    }
}
