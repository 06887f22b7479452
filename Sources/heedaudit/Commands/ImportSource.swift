import Evidence
import Foundation

/// Where imported lines come from: a file or standard input, packed by gzip or not, and what else it may be.
enum ImportSource {
    /// Opens a source and hands out where its lines are read, and what messages call it.
    ///
    /// - Throws: `EvidenceError` with code `.unusableInput` for what holds no lines of events, with what to do about it;
    ///   what `body` throws.
    static func read(_ file: String, _ body: (Int32, String) throws -> Void) throws {
        if file == "-" { return try read(STDIN_FILENO, "standard input", body) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Problem(.unusableData, "can't read \(file): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        try read(descriptor, file, body)
    }

    private static func read(_ descriptor: Int32, _ name: String, _ body: (Int32, String) throws -> Void) throws {
        let head = try head(of: descriptor, name)
        if let kind = InputKind(head) { throw kind.refusal(of: name) }
        let isPacked = head.starts(with: [0x1F, 0x8B])
        let relay = try ImportRelay(of: descriptor, behind: head, isPacked: isPacked)
        var read: Result<Void, any Error> = .success(())
        do { try body(relay.output, name) } catch { read = .failure(error) }
        let failure = relay.finish()
        if let failure, case .success = read {
            throw EvidenceError(.unusableInput, "\(name): \(failure)", hint: "nothing was imported")
        }
        if let failure, case .failure(let error as EvidenceError) = read, error.code == .unusableInput {
            // The last line is cut because the file is.
            throw EvidenceError(.unusableInput, "\(name): \(failure)", hint: "nothing was imported; get the whole file")
        }
        do {
            try read.get()
        } catch let error as EvidenceError where error.code == .unusableInput {
            guard let hint = isPacked ? nil : InputKind.savedAnswer(head, named: name) else { throw error }
            throw EvidenceError(.unusableInput, error.summary, hint: hint)
        }
    }

    /// The first bytes, as many as there are at once.
    private static func head(of descriptor: Int32, _ name: String) throws -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 1 << 12)
        var filled = 0
        // Enough to tell what it is, whatever pieces a pipe hands out.
        while filled < 16 {
            let count = head.withUnsafeMutableBytes { bytes in
                Foundation.read(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Problem(.unusableData, "can't read \(name): \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            filled += count
        }
        return Array(head[..<filled])
    }
}

/// What a file is that holds no lines of JSON, told by its first bytes.
enum InputKind {
    case utf16
    case packed(by: String)

    /// nil for what may be lines of JSON, or such lines packed by gzip.
    init?(_ head: [UInt8]) {
        let kinds: [(begin: [UInt8], program: String)] = [
            ([0x28, 0xB5, 0x2F, 0xFD], "zstd -dc"), ([0x42, 0x5A, 0x68], "bzip2 -dc"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz -dc"), ([0x50, 0x4B, 0x03, 0x04], "unzip -p"),
        ]
        if let kind = kinds.first(where: { head.starts(with: $0.begin) }) {
            self = .packed(by: kind.program)
        } else if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
            || (head.count >= 4 && (head[1] == 0 || head[0] == 0) && head[..<4].contains(UInt8(ascii: "{")))
        {
            self = .utf16
        } else {
            return nil
        }
    }

    func refusal(of name: String) -> EvidenceError {
        switch self {
        case .utf16:
            EvidenceError(
                .unusableInput,
                "\(name) is UTF-16 text; events are UTF-8",
                hint: "iconv -f UTF-16 -t UTF-8 FILE | heedaudit import -"
            )
        case .packed(let program):
            EvidenceError(
                .unusableInput,
                "\(name) is packed, and not by gzip",
                hint: "\(program) FILE | heedaudit import -"
            )
        }
    }

    /// What to do with an answer of the service that somebody saved; nil for what doesn't look like one.
    static func savedAnswer(_ head: [UInt8], named name: String) -> String? {
        let text = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.first == "[" { return "it is a JSON list; take it apart: jq -c '.[]' FILE | heedaudit import -" }
        guard text.first == "{" else { return nil }
        for (key, path) in [("events", ".events[]"), ("data", "(.data.events? // .data)[]")] {
            guard text.holds(key) else { continue }
            return "it is an answer of the service; take it apart: jq -c '\(path)' FILE | heedaudit import -"
        }
        return nil
    }
}

extension Substring {
    /// Whether a member of this name that is a list or an object stands somewhere in the text.
    fileprivate func holds(_ name: String) -> Bool {
        ranges(of: "\"\(name)\"").contains { range in
            let behind = self[range.upperBound...].drop(while: \.isWhitespace)
            guard behind.first == ":" else { return false }
            return ["[", "{"].contains(behind.dropFirst().drop(while: \.isWhitespace).first)
        }
    }
}
