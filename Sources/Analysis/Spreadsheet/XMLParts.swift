import CLibXML2

/// Gets what stands in an XML text, in order.
package protocol XMLHandler: AnyObject {
    /// An element begins.
    func begin(_ element: XMLElement) throws
    /// An element ends.
    func end(_ name: UnsafePointer<UInt8>) throws
    /// Characters, of which one text may be several pieces.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws
}

/// The begin of an element; valid during the call it is handed to.
package struct XMLElement {
    /// Its name without a prefix, which ends with a NUL.
    let name: UnsafePointer<UInt8>
    fileprivate let attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    fileprivate let count: Int

    /// Whether its name is that one.
    package func isNamed(_ other: StaticString) -> Bool { XMLParts.is(name, other) }

    /// The value of an attribute by its name without a prefix; nil where there is none.
    subscript(attribute: StaticString) -> String? {
        for place in 0..<count {
            guard let name = attributes?[place * 5], XMLParts.is(name, attribute),
                let start = attributes?[place * 5 + 3],
                let end = attributes?[place * 5 + 4]
            else { continue }
            let text = String(
                decoding: UnsafeBufferPointer(start: start, count: start.distance(to: end)),
                as: UTF8.self
            )
            // libxml2 resolves every reference in an attribute but that to an ampersand.
            return text.replacing("&#38;", with: "&")
        }
        return nil
    }
}

/// Reads XML from somebody else by libxml2, piece by piece and without building a tree: no document type, so no entities, and
/// nothing is fetched.
package final class XMLParts {
    /// Why a text can't be read; a part of a sentence.
    package struct Damage: Error {
        /// What is wrong with it.
        package let reason: String
    }

    private var context: xmlParserCtxtPtr?
    fileprivate let handler: any XMLHandler
    fileprivate var failure: (any Error)?

    private static let initialization: Void = xmlInitParser()
    /// libxml2 takes more than 10 MB that it has not looked at for an attack.
    private static let piece = 1 << 18

    /// Prepares to read a text.
    ///
    /// - Throws: ``Damage`` where there is no memory for it.
    package init(_ handler: any XMLHandler) throws {
        _ = Self.initialization
        self.handler = handler
        var calls = xmlSAXHandler()
        calls.initialized = XML_SAX2_MAGIC
        calls.startElementNs = { reader, name, _, _, _, _, count, _, attributes in
            XMLParts.of(reader)?.pass { handler in
                guard let name else { return }
                try handler.begin(XMLElement(name: name, attributes: attributes, count: Int(count)))
            }
        }
        calls.endElementNs = { reader, name, _, _ in
            XMLParts.of(reader)?.pass { handler in if let name { try handler.end(name) } }
        }
        calls.characters = { reader, text, count in
            XMLParts.of(reader)?.pass { try $0.text(UnsafeBufferPointer(start: text, count: Int(count))) }
        }
        calls.cdataBlock = calls.characters
        calls.internalSubset = { reader, _, _, _ in
            XMLParts.of(reader)?.pass { _ in throw Damage(reason: "declares a document type, which no workbook needs") }
        }
        // Without a handler libxml2 would print errors; they are asked for after each piece.
        calls.serror = { _, _ in }
        context = xmlCreatePushParserCtxt(&calls, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        guard context != nil else { throw Damage(reason: "can't be read: there is no memory for it") }
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
    }

    deinit {
        if let context {
            xmlFreeDoc(context.pointee.myDoc)
            xmlFreeParserCtxt(context)
        }
    }

    /// Reads the next bytes.
    ///
    /// - Throws: ``Damage``, and what the handler throws.
    package func read(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        for start in stride(from: 0, to: bytes.count, by: Self.piece) {
            let piece = UnsafeRawBufferPointer(
                rebasing: UnsafeRawBufferPointer(bytes)[start..<min(bytes.count, start + Self.piece)]
            ).assumingMemoryBound(to: CChar.self)
            let code = xmlParseChunk(context, piece.baseAddress, Int32(piece.count), 0)
            try report(code)
        }
    }

    /// Ends the text.
    ///
    /// - Throws: ``Damage`` when the text breaks off or is not well-formed; also what the handler threw.
    package func finish() throws {
        let code = xmlParseChunk(context, nil, 0, 1)
        try report(code)
        guard context?.pointee.wellFormed == 1 else { throw Damage(reason: "is no well-formed XML") }
    }

    private func report(_ code: Int32) throws {
        if let failure { throw failure }
        if code != 0 { throw Damage(reason: "is no well-formed XML") }
    }

    private func pass(_ call: (any XMLHandler) throws -> Void) {
        guard failure == nil else { return }
        do {
            try call(handler)
        } catch {
            failure = error
            xmlStopParser(context)
        }
    }

    private static func of(_ reader: UnsafeMutableRawPointer?) -> XMLParts? {
        reader.map { Unmanaged<XMLParts>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether a name that ends with a NUL is that one.
    static func `is`(_ name: UnsafePointer<UInt8>, _ other: StaticString) -> Bool {
        let count = other.utf8CodeUnitCount
        for place in 0..<count where name[place] != other.utf8Start[place] { return false }
        return name[count] == 0
    }
}
