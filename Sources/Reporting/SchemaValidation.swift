import CLibXML2
import Dispatch
import Synchronization

/// Checks an XML document while it is written: against a schema, or just that it is well-formed.
///
/// libxml2 parses the bytes on a thread of its own, at most four blocks behind the writer, so its memory does not
/// grow with the document. The schema sees the events of the parser and no tree is built.
final class SchemaValidation {
    private let queue: DispatchQueue
    private let parser: PushParser
    private let room = DispatchSemaphore(value: 4)

    /// Prepares to check a document.
    /// - Parameters:
    ///   - fileName: The document's name, for messages.
    ///   - schema: An XML schema; nil for well-formedness alone.
    /// - Throws: ``ReportingError`` with code `invalidReport` for a schema that can't be used.
    init(fileName: String, schema: [UInt8]?) throws {
        queue = DispatchQueue(label: "validation of \(fileName)")
        parser = try PushParser(fileName: fileName, schema: schema)
    }

    /// Hands on the next bytes of the document.
    /// - Throws: ``ReportingError`` with line and message, for something in the bytes handed on before.
    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        if let error = parser.firstError { throw error }
        let copy = Array(bytes)
        room.wait()
        queue.async { [parser, room] in
            parser.parse(copy)
            room.signal()
        }
    }

    /// Waits for the rest to be checked.
    /// - Throws: ``ReportingError`` with line and message.
    func finish() throws {
        queue.sync { parser.end() }
        if let error = parser.firstError { throw error }
    }
}

/// libxml2's parser with the schema plugged in.
///
/// Sendable although it holds pointers: the only user calls `parse` and `end` on one serial queue, one after the
/// other; what another thread reads is `firstError` alone, behind a lock; and the pointers are freed by `deinit`,
/// when no call is left.
private final class PushParser: @unchecked Sendable {
    private let fileName: String
    private var context: xmlParserCtxtPtr?
    private var validator: xmlSchemaValidCtxtPtr?
    private var schema: xmlSchemaPtr?
    private var plug: xmlSchemaSAXPlugPtr?
    private let problem = Mutex<ReportingError?>(nil)

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

    func parse(_ bytes: [UInt8]) {
        guard firstError == nil else { return }
        bytes.withUnsafeBytes { bytes in
            // libxml2 takes more than 10 MB that it has not looked at for an attack.
            for start in stride(from: 0, to: bytes.count, by: Self.sliceSize) where firstError == nil {
                let slice = bytes[start..<min(bytes.count, start + Self.sliceSize)]
                let text = UnsafeRawBufferPointer(rebasing: slice).assumingMemoryBound(to: CChar.self)
                if xmlParseChunk(context, text.baseAddress, Int32(text.count), 0) != 0 { noteParserError() }
            }
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
        note(line: Int(error.line), message: message)
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
