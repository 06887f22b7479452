import Analysis
import CTemplates
import Evidence
import Foundation
import Synchronization

/// The templates of a report: the built-in set, and over it, file by file, those of a user's folder.
///
/// Each file at the top renders to the file of the same name in the bundle; a file that a user adds is one more
/// report. Files under `partials/` are what others include: `{{>head.html}}` is `partials/head.html`, and inside an `.html` file
/// `{{>head}}` means the same if there is no partial called just `head`.
package struct TemplateLibrary: Sendable {
    /// One file of the set.
    struct File: Sendable {
        /// The path inside the folder, `partials/head.html` for example.
        var name: String
        /// The content; templates must be UTF-8, other files are copied as they are.
        var bytes: [UInt8]
        /// Whether a user's folder holds it.
        var isUsers: Bool

        /// The content as text, with bytes that are not UTF-8 replaced (and refused by the checks).
        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// Whether the content is UTF-8.
        var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }
    }

    private let names: @Sendable () -> TemplateVocabulary
    /// Whether words of the user's own may be named as well.
    private var hasOverlay = false
    /// Every file by name.
    private(set) var files: [String: File]
    /// What the files say, as far as somebody asked; a file of the set never changes.
    private(set) var parsed = ParsedTemplates()
    /// What is wrong with names in the user's folder, found while reading it.
    private(set) var nameProblems: [TemplateProblem] = []

    private static let partialsFolder = "partials/"
    private static let fleetFolder = "fleet/"
    private static let largestTemplate = 16 << 20

    /// The set inside the binary.
    package static func builtIn(for vocabulary: @autoclosure @escaping @Sendable () -> TemplateVocabulary)
        -> TemplateLibrary
    {
        TemplateLibrary(files: builtInFiles(), for: vocabulary)
    }

    /// The names that its templates may use; made for whoever asks, as a report without templates of the user's needs none.
    var vocabulary: TemplateVocabulary {
        var all = names()
        if hasOverlay { all.add(ownWords, to: "words") }
        return all
    }

    private static func builtInFiles() -> [String: File] {
        var files: [String: File] = [:]
        for index in 0..<heed_template_count() {
            let template = heed_template_at(index)
            let name = String(cString: template.name)
            let bytes = [UInt8](UnsafeBufferPointer(start: template.bytes, count: template.count))
            files[name] = File(name: name, bytes: bytes, isUsers: false)
        }
        return files
    }

    /// Lays a user's folder over the built-in set.
    ///
    /// Problems with single files are kept for ``check()``, so that all of them are told at once.
    /// - Parameters:
    ///   - overlay: The folder; nil for the built-in set alone.
    ///   - vocabulary: The names that the templates may use.
    /// - Throws: ``ReportingError`` with code `template` when the folder or a file can't be read.
    package init(overlay: String?, for vocabulary: @autoclosure @escaping @Sendable () -> TemplateVocabulary) throws {
        self.init(files: Self.builtInFiles(), for: vocabulary)
        guard let overlay else { return }
        for name in try Self.names(in: overlay) {
            try add(name: name, folder: overlay)
        }
        hasOverlay = true
    }

    /// A set made of the given texts alone, by path inside the folder.
    package init(
        texts: [String: String],
        for vocabulary: @autoclosure @escaping @Sendable () -> TemplateVocabulary
    ) {
        self.init(files: [:], for: vocabulary)
        for (name, text) in texts {
            files[name] = File(name: name, bytes: Array(text.utf8), isUsers: true)
        }
    }

    /// The set that the overview of organizations is made of: the files of `fleet/`, over the same partials and words.
    package func fleet(for vocabulary: @autoclosure @escaping @Sendable () -> TemplateVocabulary) -> TemplateLibrary {
        var own: [String: File] = [:]
        for (name, file) in files where name.hasPrefix(Self.partialsFolder) || Self.isWords(name) { own[name] = file }
        for (name, file) in files where name.hasPrefix(Self.fleetFolder) {
            let short = String(name.dropFirst(Self.fleetFolder.count))
            own[short] = File(name: short, bytes: file.bytes, isUsers: file.isUsers)
        }
        return TemplateLibrary(files: own, for: vocabulary)
    }

    /// Whether a file takes the place of one that the overview of organizations is made of; it has no others.
    private func isOfFleet(_ name: String) -> Bool { name.hasPrefix(Self.fleetFolder) && files[name] != nil }

    private init(files: [String: File], for names: @escaping @Sendable () -> TemplateVocabulary) {
        self.files = files
        self.names = names
    }

    /// The names of the templates that render to a file of their own, sorted.
    var reportNames: [String] {
        files.keys.filter { !$0.contains("/") && OutputFormat(fileName: $0) != nil && !Self.isSchema($0) }.sorted()
    }

    /// SHA-256 over the names and contents of all files that reports are made of, in hex: part of a bundle's inputs.
    package var digest: String {
        var hash = SHA256()
        for name in files.keys.sorted() where !name.hasPrefix(Self.fleetFolder) {
            guard let file = files[name] else { continue }
            Array("\(name.utf8.count):\(name)\(file.bytes.count):".utf8).withUnsafeBytes { hash.update($0) }
            file.bytes.withUnsafeBytes { hash.update($0) }
        }
        return hash.hex
    }

    /// Writes the built-in templates and their partials into a folder, as a start for one's own.
    ///
    /// Schemas are left out: they go with the documents that they describe and can't be replaced.
    /// - Parameter directory: Created where missing; a file that exists there is never overwritten.
    /// - Returns: The paths written.
    /// - Throws: ``ReportingError`` with code `cannotCreate`.
    @discardableResult
    package static func export(to directory: String) throws -> [String] {
        var written: [String] = []
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw ReportingError(.cannotCreate, "cannot create folder \(directory): \(error.reason)")
        }
        for file in builtInFiles().values.sorted(by: { $0.name < $1.name }) where !isSchema(file.name) {
            let path = "\(directory)/\(file.name)"
            do {
                try FileManager.default.createDirectory(
                    atPath: PathNames.parent(of: path),
                    withIntermediateDirectories: true
                )
                try Data(file.bytes).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            } catch {
                let reason = (error as? CocoaError)?.code == .fileWriteFileExists ? "it exists" : "\(error.reason)"
                throw ReportingError(
                    .cannotCreate,
                    "cannot write template \(path): \(reason)",
                    hint: "export into an empty folder"
                )
            }
            written.append(path)
        }
        return written
    }

    /// Finds the partial that a tag names in a document of a format.
    func partial(named name: String, format: OutputFormat) -> File? {
        files[Self.partialsFolder + name] ?? files["\(Self.partialsFolder)\(name).\(format.rawValue)"]
    }

    private mutating func add(name: String, folder: String) throws {
        let path = "\(folder)/\(name)"
        let bytes: [UInt8]
        do {
            bytes = try PlainFile.named(path, atMost: Self.largestTemplate)
        } catch let error as EvidenceError {
            throw ReportingError(
                .template,
                "template: \(error.summary)",
                hint: error.hint ?? "a template is at most 16 MiB; check that you may read the file"
            )
        }
        let file = File(name: name, bytes: bytes, isUsers: true)
        if Self.isSchema(name) {
            if files[name]?.bytes != file.bytes {
                refuse(name, .schemaName, name, hint: "remove the file")
            }
        } else if ["manifest.json", "SHA256SUMS", "index.html"].contains(name) {
            refuse(name, .reservedName, hint: "choose another name")
        } else if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "\\" || $0.value == 0x7F }) {
            refuse(name, .strangeName)
        } else if name.contains("/"), !name.hasPrefix(Self.partialsFolder), !Self.isWords(name), !isOfFleet(name) {
            refuse(name, .strangeFolder, hint: "move the file to the top, or into partials/")
        } else if !name.contains("/"), OutputFormat(fileName: name) == nil {
            let known = OutputFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: " ")
            refuse(name, .strangeExtension, known)
        } else {
            files[name] = file
        }
    }

    private mutating func refuse(_ name: String, _ rule: TemplateRule, _ argument: String = "", hint: String? = nil) {
        nameProblems.append(TemplatePlace(file: name, line: 1, column: 1).problem(rule, argument, hint: hint))
    }

    /// Whether a file is a schema, which goes with the document it describes.
    package static func isSchema(_ name: String) -> Bool {
        name.hasSuffix(".xsd") || name == "report.schema.json"
    }

    /// The regular files under a folder, hidden ones aside, sorted.
    private static func names(in folder: String) throws -> [String] {
        let hint = "check --templates; `heedaudit templates export DIR` makes a set to start from"
        var status = stat()
        // A walk through what is no folder ends at once, without an error.
        if stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw ReportingError(.template, "cannot read templates in \(folder): it is no folder", hint: hint)
        }
        do {
            var names: [String] = []
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
                let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") || $0.hasSuffix("~") }
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
                if !isHidden, !isFolder.boolValue { names.append(name) }
            }
            return names
        } catch {
            throw ReportingError(
                .template,
                "cannot read templates in \(folder): \(error.reason)",
                hint: hint
            )
        }
    }
}

/// What the templates of a set say, each read once for all that ask.
final class ParsedTemplates: Sendable {
    private let syntaxes = Mutex<[String: TemplateSyntax]>([:])
    private let documents = Mutex<[String: (LinkedTemplate, [TemplateProblem])]>([:])

    /// A file of the set, read.
    func syntax(of file: TemplateLibrary.File) -> TemplateSyntax {
        Self.known(file.name, in: syntaxes) { TemplateSyntax(file: file.name, text: file.text) }
    }

    /// A document of the set, with its partials put in and checked.
    func linked(
        _ name: String,
        _ make: () -> (LinkedTemplate, [TemplateProblem])
    ) -> (LinkedTemplate, [TemplateProblem]) {
        Self.known(name, in: documents, make)
    }

    private static func known<Value: Sendable>(
        _ name: String,
        in values: borrowing Mutex<[String: Value]>,
        _ make: () -> Value
    ) -> Value {
        if let known = values.withLock({ $0[name] }) { return known }
        // Two threads may make the same; what they make is equal.
        let value = make()
        values.withLock { $0[name] = value }
        return value
    }
}

extension Error {
    /// The system's words for a failure.
    var reason: String {
        if let code = (self as NSError).userInfo[NSUnderlyingErrorKey] as? NSError, code.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(code.code)))
        }
        return (self as NSError).localizedDescription
    }
}
