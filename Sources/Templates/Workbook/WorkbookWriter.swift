import Analysis
import CXLSXWriter
import Evidence
import Foundation

/// The library that writes workbooks.
package enum LibXLSXWriter {
    /// The version that runs, such as `1.1.4`.
    package static var version: String { String(cString: lxw_version()) }
}

/// A workbook being written by libxlsxwriter: rows go to unnamed files in the bundle's own folder, so memory does not grow with
/// them.
///
/// Used by one thread.
final class WorkbookWriter {
    /// Its name in the bundle.
    static let name = "report.xlsx"

    /// What a workbook says of itself.
    struct Description {
        var title: String
        /// The program.
        var author: String
        /// When it says it was made: never what the clock says.
        var created: Instant
    }

    let formats: WorkbookFormats
    let book: UnsafeMutablePointer<lxw_workbook>
    private let path: String
    private let mode: OutputMode
    private var isOpen = true
    /// The names that sheets have, in small letters: they are told apart without regard to these.
    private var names: Set<String> = []
    /// How many cells each sheet has, in order.
    var cells: [Int] = []

    /// Begins a workbook in a folder, which holds its temporary files too.
    ///
    /// - Throws: ``ReportingError``.
    init(folder: String, mode: OutputMode, _ description: Description, _ words: Words) throws {
        path = "\(folder)/\(Self.name)"
        self.mode = mode
        guard let book = heed_xlsx_begin(path, folder) else { throw ReportingError.create(path) }
        self.book = book
        formats = WorkbookFormats(book, words)
        // 0 would stand for the time of the clock.
        let created = max(1, description.created.seconds)
        try require(heed_xlsx_describe(book, description.title, description.author, time_t(created)))
    }

    deinit {
        if isOpen { lxw_workbook_free(book) }
    }

    /// Adds a sheet; `number` tells it from others of its title.
    ///
    /// - Returns: The sheet, and the name that it got.
    func addSheet(_ title: String, number: Int) throws -> (sheet: UnsafeMutablePointer<lxw_worksheet>, name: String) {
        var name = Self.sheetName(title, suffix: number > 1 ? " \(number)" : "")
        var other = 2
        while !names.insert(name.lowercased()).inserted {
            name = Self.sheetName(title, suffix: " (\(other))")
            other += 1
        }
        guard let sheet = workbook_add_worksheet(book, name) else {
            throw ReportingError(.cannotWrite, "cannot add the sheet '\(name)' to \(path)")
        }
        return (sheet, name)
    }

    /// A title as a sheet may be called: at most 31 units of UTF-16, none of them `[]:*?/\`, no apostrophe at its ends.
    static func sheetName(_ title: String, suffix: String) -> String {
        var name = ""
        for character in title where !"[]:*?/\\".contains(character) && !character.isNewline {
            guard name.utf16.count + character.utf16.count + suffix.utf16.count <= 31 else { break }
            name.append(character)
        }
        name = name.trimmingCharacters(in: CharacterSet(charactersIn: "' "))
        return (name.isEmpty ? "-" : name) + suffix
    }

    /// What to do where a workbook could not be written.
    static let hint = "is there room on its disk? While it is written, a workbook takes up to fifteen times its size"

    /// Gives a name to the first cell of a sheet, by which the sheet is found whatever it is called.
    func define(_ definition: String, _ sheet: String) throws {
        let quoted = sheet.replacing("'", with: "''")
        try require(workbook_define_name(book, definition, "='\(quoted)'!$A$1"))
    }

    /// Ends what libxlsxwriter reports as failed.
    func require(_ code: lxw_error) throws {
        guard code != LXW_NO_ERROR else { return }
        let reason = lxw_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        throw ReportingError(
            .cannotWrite,
            "cannot write \(path): \(reason)",
            hint: Self.hint
        )
    }

    /// Writes the file, and reads it again: libxlsxwriter does not tell of rows that found no room on the disk.
    ///
    /// - Returns: What the manifest tells of it.
    /// - Throws: ``ReportingError``.
    func finish() throws -> OutputFile {
        isOpen = false
        try require(workbook_close(book))
        try WorkbookCheck(path).check(cells)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ReportingError.write(path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode_t(mode.fileMode)) == 0 || FileSystemGap.rights.isReason(errno, on: path),
            fsync(descriptor) == 0
        else { throw ReportingError.write(path) }
        let (digest, bytes) = try PlainFile.digest(path)
        return OutputFile(name: Self.name, bytes: bytes, sha256: digest)
    }
}
