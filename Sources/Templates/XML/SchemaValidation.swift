import Evidence
import CLibXML2
import Synchronization

/// The library that validates reports.
package enum LibXML2 {
    /// The version that runs, such as `2.9.14`.
    package static var version: String {
        let text = String(cString: heed_xml_version())
        guard let number = Int(text.prefix { $0.isASCII && $0.isNumber }) else { return text }
        return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }
}

/// Checks an XML document while it is written: against a schema, or just that it is well-formed.
///
/// libxml2 parses the bytes on a thread of its own, at most four blocks behind the writer, so its memory does not
/// grow with the document. The schema sees the events of the parser and no tree is built.
final class SchemaValidation {
    private let backlog: Backlog
    private let parser: PushParser
    private let rows: [String: RowSchema]
    /// The end of what was handed on last.
    private var tail: [UInt8] = []

    /// Prepares to check a document.
    /// - Parameters:
    ///   - fileName: The document's name, for messages.
    ///   - schema: Its schema; nil for well-formedness alone.
    /// - Throws: ``ReportingError`` with code `invalidReport` for a schema that can't be used.
    init(fileName: String, schema: DocumentSchema?) throws {
        rows = schema?.rows ?? [:]
        backlog = Backlog(label: "validation of \(fileName)")
        parser = try PushParser(fileName: fileName, schema: schema?.text)
    }

    /// Hands on the next bytes of the document.
    /// - Throws: ``ReportingError`` with line and message, for something in the bytes handed on before.
    func append(_ bytes: OutputSlice) throws {
        if let error = parser.firstError { throw error }
        guard !bytes.isEmpty else { return }
        tail = Array(bytes.bytes.suffix(Self.tailSize))
        backlog.add { [parser] in parser.parse(bytes.bytes) }
    }

    private static let tailSize = 256

    /// Tells that what is handed on from here to ``endRows()`` are rows of a streamed list, none of them in two parts.
    ///
    /// libxml2 sees the first of them; of the others those that ``RowCheck`` does not know to be valid.
    func beginRows() {
        guard let check = Self.lastTag(of: tail).flatMap({ rows[$0] }).flatMap({ RowCheck($0) }) else { return }
        backlog.add { [parser] in parser.check = check }
    }

    /// Tells that the rows have ended.
    func endRows() { backlog.add { [parser] in parser.check = nil } }

    /// The name in a start tag that nothing but white space follows.
    private static func lastTag(of text: [UInt8]) -> String? {
        guard let begin = text.lastIndex(of: UInt8(ascii: "<")), let end = text.lastIndex(of: UInt8(ascii: ">")),
            begin < end, text[end - 1] != UInt8(ascii: "/"),
            text[(end + 1)...].allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
        else { return nil }
        let name = text[(begin + 1)..<end].prefix { $0 > 0x20 }
        return name.allSatisfy { $0 < 0x80 && !"/!?:".utf8.contains($0) } ? String(decoding: name, as: UTF8.self) : nil
    }

    /// Waits for the rest to be checked.
    /// - Throws: ``ReportingError`` with line and message.
    func finish() throws {
        backlog.finish { parser.end() }
        if let error = parser.firstError { throw error }
    }
}

/// libxml2's parser with the schema plugged in.
///
/// Sendable although it holds pointers: the only user calls `parse` and `end` and sets `check` in one backlog, one after
/// the other; what another thread reads is `firstError` alone, behind a lock; and the pointers are freed by `deinit`,
/// when no call is left.
private final class PushParser: @unchecked Sendable {
    private let fileName: String
    private var context: xmlParserCtxtPtr?
    private var validator: xmlSchemaValidCtxtPtr?
    private var schema: xmlSchemaPtr?
    private var plug: xmlSchemaSAXPlugPtr?
    private let problem = Mutex<ReportingError?>(nil)
    /// How rows are checked that libxml2 need not see; nil outside of streamed lists.
    var check: RowCheck? {
        didSet { hasSeenRow = false }
    }
    private var hasSeenRow = false
    /// Lines that libxml2 did not see.
    private var passedOver = 0

    private static let initialization: Void = xmlInitParser()

    var firstError: ReportingError? { problem.withLock { $0 } }

    init(fileName: String, schema text: [UInt8]?) throws {
        self.fileName = fileName
        _ = Self.initialization
        var handler = xmlSAXHandler()
        handler.initialized = XML_SAX2_MAGIC
        guard let context = xmlCreatePushParserCtxt(&handler, nil, nil, 0, fileName) else {
            throw ReportingError(.invalidReport, "\(fileName): libxml2 can't make a parser")
        }
        self.context = context
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
        if let text { try plugIn(text, context) }
        // Errors are asked for after each block; without a handler libxml2 would print them.
        context.pointee.sax.pointee.serror = { _, _ in }
    }

    deinit {
        if let plug { xmlSchemaSAXUnplug(plug) }
        if let validator { xmlSchemaFreeValidCtxt(validator) }
        if let schema { xmlSchemaFree(schema) }
        if let context {
            xmlFreeDoc(context.pointee.myDoc)
            xmlFreeParserCtxt(context)
        }
    }

    private func plugIn(_ text: [UInt8], _ context: xmlParserCtxtPtr) throws {
        let errors = Unmanaged.passUnretained(self).toOpaque()
        schema = text.withUnsafeBytes { bytes in
            let reader = xmlSchemaNewMemParserCtxt(bytes.baseAddress, Int32(bytes.count))
            defer { xmlSchemaFreeParserCtxt(reader) }
            xmlSchemaSetParserStructuredErrors(reader, notePushParserError, errors)
            return xmlSchemaParse(reader)
        }
        guard let schema, firstError == nil else {
            throw firstError ?? ReportingError(.invalidReport, "\(fileName): its schema can't be read")
        }
        validator = xmlSchemaNewValidCtxt(schema)
        xmlSchemaSetValidStructuredErrors(validator, notePushParserError, errors)
        xmlSchemaValidateSetLocator(validator, locatePushParser, context)
        plug = xmlSchemaSAXPlug(validator, &context.pointee.sax, &context.pointee.userData)
        guard plug != nil else { throw ReportingError(.invalidReport, "\(fileName): libxml2 can't use the schema") }
    }

    /// Parses bytes; of rows, those that the check does not vouch for.
    func parse(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard firstError == nil else { return }
        guard let check else { return push(bytes) }
        push(UnsafeBufferPointer(rebasing: bytes[passOver(bytes, check)...]))
    }

    /// Looks at rows, and pushes of them those that the check does not vouch for.
    /// - Returns: Behind the last byte that libxml2 has seen or need not see.
    private func passOver(_ bytes: UnsafeBufferPointer<UInt8>, _ check: RowCheck) -> Int {
        /// Behind the last row that was looked at.
        var place = 0
        var passed = 0
        while true {
            var lines = 0
            let begin = RowCheck.skipSpace(bytes, from: place, lines: &lines)
            guard begin < bytes.count else { return passed }
            switch check.verdict(bytes, from: begin) {
            case .valid(let end, let inside) where hasSeenRow:
                // A row before was seen by libxml2, and such rows may repeat.
                if passed < place { push(UnsafeBufferPointer(rebasing: bytes[passed..<place])) }
                (place, passed) = (end, end)
                passedOver += lines + inside
            case .valid(let end, _), .doubtful(let end):
                hasSeenRow = true
                place = end
            case .foreign:
                self.check = nil
                return passed
            }
        }
    }

    private func push(_ bytes: UnsafeBufferPointer<UInt8>) {
        // libxml2 takes more than 10 MB that it has not looked at for an attack.
        for start in stride(from: 0, to: bytes.count, by: Self.sliceSize) where firstError == nil {
            let slice = UnsafeRawBufferPointer(
                rebasing: UnsafeRawBufferPointer(bytes)[start..<min(bytes.count, start + Self.sliceSize)]
            )
            let text = slice.assumingMemoryBound(to: CChar.self)
            if xmlParseChunk(context, text.baseAddress, Int32(text.count), 0) != 0 { noteParserError() }
        }
    }

    private static let sliceSize = 1 << 18

    func end() {
        guard firstError == nil else { return }
        if xmlParseChunk(context, nil, 0, 1) != 0 || context?.pointee.wellFormed != 1 { noteParserError() }
    }

    private func noteParserError() {
        guard let error = xmlCtxtGetLastError(context) else {
            return note(line: 0, message: "not well-formed")
        }
        note(error.pointee)
    }

    func note(_ error: xmlError) {
        let message = error.message.map { String(cString: $0) } ?? "not valid"
        note(line: Int(error.line) + passedOver, message: message)
    }

    private func note(line: Int, message: String) {
        let text = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
        problem.withLock { problem in
            guard problem == nil else { return }
            problem = ReportingError(
                .invalidReport,
                "\(fileName):\(line): \(text)",
                hint: "the line is that of the rendered report; no bundle was published"
            )
        }
    }
}

/// Tells the validator which line the parser is at.
private func locatePushParser(
    _ context: UnsafeMutableRawPointer?,
    _ file: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ line: UnsafeMutablePointer<UInt>?
) -> Int32 {
    guard let context else { return -1 }
    file?.pointee = nil
    line?.pointee = UInt(max(0, xmlSAX2GetLineNumber(context)))
    return 0
}

/// Notes what the validator found.
private func notePushParserError(_ data: UnsafeMutableRawPointer?, _ error: xmlErrorPtr?) {
    guard let data, let error else { return }
    Unmanaged<PushParser>.fromOpaque(data).takeUnretainedValue().note(error.pointee)
}
