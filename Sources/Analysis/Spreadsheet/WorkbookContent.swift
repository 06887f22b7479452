/// What `xl/workbook.xml` says: the sheets in their order, and names that were given to cells.
final class WorkbookContent: XMLHandler {
    private(set) var sheets: [(name: String, relation: String)] = []
    /// The names of sheets by the names that their cells were given.
    private(set) var definitions: [String: String] = [:]
    private(set) var countsFrom1904 = false
    private var definition: (name: String, text: [UInt8])?

    private static let most = 10_000

    func begin(_ element: XMLElement) throws {
        if element.isNamed("sheet") {
            guard sheets.count < Self.most else { throw XMLParts.Damage(reason: "names too many sheets") }
            if let name = element["name"], let relation = element["id"] { sheets.append((name, relation)) }
        } else if element.isNamed("workbookPr") {
            countsFrom1904 = ["1", "true"].contains(element["date1904"] ?? "")
        } else if element.isNamed("definedName"), definitions.count < Self.most {
            definition = element["name"].map { ($0, []) }
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let count = definition?.text.count, count < 1000 else { return }
        definition?.text += bytes
    }

    func end(_ name: UnsafePointer<UInt8>) {
        guard XMLParts.is(name, "definedName"), let ended = definition else { return }
        definition = nil
        definitions[ended.name] = Self.sheet(of: String(decoding: ended.text, as: UTF8.self))
    }

    /// The sheet of `'Action plan'!$A$1`; nil for what names none.
    private static func sheet(of reference: String) -> String? {
        guard let end = reference.lastIndex(of: "!") else { return nil }
        let sheet = reference[..<end].drop { $0 == "$" || $0 == "=" }
        guard sheet.first == "'", sheet.last == "'", sheet.count > 2 else { return String(sheet) }
        return String(sheet.dropFirst().dropLast()).replacing("''", with: "'")
    }
}

/// What a `.rels` says: where the parts of a workbook stand.
final class WorkbookRelations: XMLHandler {
    /// One part.
    struct Relation {
        var id: String
        /// The end of its type: `worksheet`.
        var kind: String
        fileprivate var target: String

        /// Its path in the file, named by a part in a folder.
        func path(from folder: String) -> String {
            if target.hasPrefix("/") { return String(target.dropFirst()) }
            return folder.isEmpty ? target : "\(folder)/\(target)"
        }
    }

    private(set) var all: [Relation] = []

    func begin(_ element: XMLElement) throws {
        guard element.isNamed("Relationship"), element["TargetMode"] != "External", let id = element["Id"],
            let type = element["Type"], let target = element["Target"]
        else { return }
        guard all.count < 10_000 else { throw XMLParts.Damage(reason: "names too many parts") }
        all.append(Relation(id: id, kind: String(type.split(separator: "/").last ?? ""), target: target))
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func end(_ name: UnsafePointer<UInt8>) {}
}

/// The texts that the sheets of a workbook share: those that are asked for.
final class WorkbookTexts: XMLHandler {
    private let wanted: Set<Int>
    private var number = -1
    private var text: [UInt8] = []
    private var isText = false
    /// Inside of how one reads a text aloud, which is no part of it.
    private var isPhonetic = false
    private(set) var found: [Int: String] = [:]

    /// Begins to look for texts by their numbers.
    init(of wanted: Set<Int>) { self.wanted = wanted }

    func begin(_ element: XMLElement) {
        if element.isNamed("si") {
            number += 1
            text.removeAll(keepingCapacity: true)
        } else if element.isNamed("t") {
            isText = !isPhonetic && wanted.contains(number)
        } else if element.isNamed("rPh") {
            isPhonetic = true
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard isText else { return }
        guard text.count + bytes.count <= WorkbookRows.mostOfCell else {
            throw XMLParts.Damage(reason: "holds a text that is too long for a cell")
        }
        text += bytes
    }

    func end(_ name: UnsafePointer<UInt8>) {
        if XMLParts.is(name, "t") {
            isText = false
        } else if XMLParts.is(name, "rPh") {
            isPhonetic = false
        } else if XMLParts.is(name, "si"), wanted.contains(number) {
            found[number] = WorkbookRows.unescaped(text)
        }
    }
}
