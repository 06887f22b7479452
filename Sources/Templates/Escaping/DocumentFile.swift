/// The file of a document, or its parts: `events.csv`, `events-2.csv`, … when a profile's program takes no longer ones.
final class DocumentFile: DocumentTarget {
    private let folder: String
    /// The document's name.
    let name: String
    private let mode: OutputMode
    private let profile: CSVProfile?
    private var sink: FileSink
    private var finished: [OutputFile] = []
    /// Whether a part ended and the next one has no content yet.
    private var isAtSplit = false

    /// Creates the file; `profile` says how CSV is written and is nil for other formats.
    init(folder: String, name: String, mode: OutputMode, profile: CSVProfile?) throws {
        self.folder = folder
        self.name = name
        self.mode = mode
        self.profile = profile
        sink = try FileSink(folder: folder, name: name, mode: mode)
        try writeByteOrderMark()
    }

    /// Appends bytes; a part that was split off begins with the first of them, behind the header.
    func write(_ bytes: OutputSlice, header: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        if isAtSplit {
            isAtSplit = false
            sink = try FileSink(folder: folder, name: partName(finished.count + 1), mode: mode)
            try writeByteOrderMark()
            try sink.write(header)
        }
        try sink.write(bytes)
    }

    /// Ends a part; what is written next goes to another.
    func split(rows: Int) throws {
        var file = try sink.finish(rows: rows)
        if !finished.isEmpty { file.partOf = name }
        finished.append(file)
        isAtSplit = true
    }

    /// Ends the file; `rows` is how many it or its last part holds, nil where it holds no streamed section.
    func finish(rows: Int?) throws -> [OutputFile] {
        guard !isAtSplit else { return finished }
        var file = try sink.finish(rows: rows)
        if !finished.isEmpty { file.partOf = name }
        return finished + [file]
    }

    private func writeByteOrderMark() throws {
        if profile?.hasByteOrderMark == true { try sink.write("\u{FEFF}") }
    }

    private func partName(_ number: Int) -> String {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<dot])-\(number)\(name[dot...])"
    }
}
