/// What a cell of a workbook is, by what a template puts there: it stands behind the NUL that ends the cell's content.
enum WorkbookCell: UInt8 {
    case text = 0x74
    /// A number of ours.
    case number = 0x6E
    /// A time of ours, RFC 3339 for most.
    case time = 0x64

    /// Ends a cell, whose content may hold anything but a NUL.
    func end(_ output: inout OutputBuffer) {
        output.append(0)
        output.append(rawValue)
    }
}
