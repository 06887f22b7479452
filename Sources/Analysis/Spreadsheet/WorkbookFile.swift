import Evidence

/// A workbook (.xlsx) that was given to people and comes back, from Excel, LibreOffice or anything else that writes them.
///
/// Only the sheet that is asked for is read, and of the texts that sheets share those that it names.
struct WorkbookFile {
    private let zip: ZipFile
    private let name: String
    private var sheets: [(name: String, part: String)] = []
    private var definitions: [String: String] = [:]
    private var sharedTexts: String?

    /// Where a sheet is looked for.
    struct Sought {
        /// The name that the report gave to the first cell of the sheet.
        var definition: String
        /// What the sheet is called, by the name of the words that say so: where that name is gone, in any language.
        var title: String
    }

    /// The most bytes of each part, unpacked: of a sheet that people fill in, of the texts that all sheets share, of the rest.
    private static let (mostOfSheet, mostOfTexts, mostOfParts) = (512 << 20, 4 << 30, 16 << 20)

    /// Whether a file begins as every ZIP file does.
    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Reads what a workbook holds.
    ///
    /// - Throws: `AnalysisError` with code `.configuration` for what is no workbook, or a damaged one.
    init(_ bytes: [UInt8], named name: String) throws {
        self.name = name
        do {
            zip = try ZipFile(bytes)
            try readBook()
        } catch {
            throw Self.problem(error, name)
        }
    }

    /// The rows of a sheet.
    ///
    /// - Throws: `AnalysisError` with code `.configuration` where no sheet is the one that is sought, and for a damaged one.
    func records(_ sought: Sought) throws -> [SpreadsheetRecords.Record] {
        guard let part = part(sought) else {
            let names = sheets.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
            throw AnalysisError(
                .configuration,
                "\(name): none of its sheets is called '\(Words.english(sought.title))': it has \(names)",
                hint: "give the workbook of a report back, with all of its sheets"
            )
        }
        do {
            let sheet = WorkbookRows()
            try read(part, atMost: Self.mostOfSheet, sheet)
            if let sharedTexts, !sheet.shared.isEmpty {
                let texts = WorkbookTexts(of: Set(sheet.shared.map(\.text)))
                try read(sharedTexts, atMost: Self.mostOfTexts, texts)
                sheet.put(texts.found)
            }
            return sheet.records
        } catch {
            throw Self.problem(error, name)
        }
    }

    private static func problem(_ error: any Error, _ name: String) -> AnalysisError {
        let reason =
            switch error {
            case let damage as ZipFile.Damage: damage.reason
            case let damage as XMLParts.Damage: "a part of it \(damage.reason)"
            case let error as AnalysisError: error.summary
            default: "\(error)"
            }
        return AnalysisError(
            .configuration,
            "\(name): can't be read as a workbook: \(reason)",
            hint: "save it as .xlsx once more, or save the sheet as CSV and give that file"
        )
    }

    // MARK: Which part is which

    private func part(_ sought: Sought) -> String? {
        func named(_ title: String) -> String? {
            sheets.first { $0.name.lowercased() == title.lowercased() }?.part
        }
        if let sheet = definitions[sought.definition], let part = named(sheet) { return part }
        for title in Words.everyLanguage(sought.title) { if let part = named(title) { return part } }
        return sheets.count == 1 ? sheets.first?.part : nil
    }

    private mutating func readBook() throws {
        let roots = WorkbookRelations()
        try read("_rels/.rels", atMost: Self.mostOfParts, roots)
        guard let book = roots.all.first(where: { $0.kind == "officeDocument" })?.path(from: ""), zip.holds(book) else {
            throw ZipFile.Damage("it is no .xlsx: an .ods, perhaps, or a document of another kind")
        }
        let folder = String(book[..<(book.lastIndex(of: "/") ?? book.startIndex)])
        let file = book.dropFirst(folder.isEmpty ? 0 : folder.count + 1)
        let relations = WorkbookRelations()
        try read("\(folder.isEmpty ? "" : folder + "/")_rels/\(file).rels", atMost: Self.mostOfParts, relations)
        let content = WorkbookContent()
        try read(book, atMost: Self.mostOfParts, content)
        guard !content.countsFrom1904 else {
            throw ZipFile.Damage("it counts days from 1904, so a number may be either of two days")
        }
        for sheet in content.sheets {
            guard let relation = relations.all.first(where: { $0.id == sheet.relation && $0.kind == "worksheet" })
            else { continue }
            sheets.append((sheet.name, relation.path(from: folder)))
        }
        definitions = content.definitions
        sharedTexts = relations.all.first { $0.kind == "sharedStrings" }?.path(from: folder)
    }

    private func read(_ part: String, atMost most: Int, _ handler: any XMLHandler) throws {
        let reader = try XMLParts(handler)
        try zip.unpack(part, atMost: most) { try reader.read($0) }
        try reader.finish()
    }
}
