/// Where a document's bytes go while it is rendered: files of a bundle, or a sheet of a workbook.
protocol DocumentTarget: AnyObject {
    /// The document's name.
    var name: String { get }

    /// Appends bytes; a part that was split off begins with the first of them, behind the header.
    func write(_ bytes: OutputSlice, header: [UInt8]) throws

    /// Ends a part; what is written next goes to another.
    func split(rows: Int) throws

    /// Ends the document; `rows` is how many it or its last part holds, nil where it holds no streamed section.
    func finish(rows: Int?) throws -> [OutputFile]
}
