/// The path of a sealed file below the organization's folder: nearly all have a room's name and eight digits, and there may be
/// tens of thousands.
package enum SealedName: Hashable, Sendable {
    case numbered(room: UInt8, number: UInt32)
    case other(ExactText)

    /// The rooms of files with a line an element.
    static let rooms = ["events", "variants", "unreadable"]

    /// Takes a path apart.
    init(_ path: String) {
        var text = path
        self = text.withUTF8 { Self.numbered($0) } ?? .other(ExactText(path))
    }

    /// The path of a room's file with a number of eight digits; nil for any other.
    static func numbered(_ path: UnsafeBufferPointer<UInt8>) -> SealedName? {
        guard let slash = path.firstIndex(of: UInt8(ascii: "/")),
            let room = rooms.firstIndex(where: { $0.utf8.elementsEqual(path[..<slash]) }),
            let number = number(of: UnsafeBufferPointer(rebasing: path[(slash + 1)...]))
        else { return nil }
        return .numbered(room: UInt8(room), number: number)
    }

    /// The number of a file in its room; nil for a name that is not eight digits and `.ndjson`.
    static func number(of name: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard name.count == 15, name[8...].elementsEqual(ending) else { return nil }
        var number: UInt32 = 0
        for digit in name[..<8] {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + UInt32(digit - 0x30)
        }
        return number
    }

    /// The path.
    var text: String {
        switch self {
        case .other(let path): path.text
        case .numbered(let room, let number): Self.rooms[Int(room)] + "/" + Self.fileName(number)
        }
    }

    /// The name of a numbered file of a room; nil for any other.
    func fileName(inRoom room: UInt8) -> String? {
        guard case .numbered(room, let number) = self else { return nil }
        return Self.fileName(number)
    }

    private static func fileName(_ number: UInt32) -> String {
        String(unsafeUninitializedCapacity: 15) { name in
            var rest = number
            for place in stride(from: 7, through: 0, by: -1) {
                name[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return 8 + UnsafeMutableBufferPointer(rebasing: name[8...]).update(fromContentsOf: ending)
        }
    }

    private static let ending = Array(".ndjson".utf8)
}

/// A sealed file of events, as a ledger entry names it.
///
/// An archive may have tens of thousands: what is told in the form in which it is written takes no memory beside the reference.
package struct SegmentReference: Sendable {
    /// What an entry tells of a file.
    struct Told: Hashable, Sendable, Codable {
        var file: String
        var sha256: String
        var count: Int
        var firstAt: String?
        var lastAt: String?
        var bytes: Int?

        enum CodingKeys: String, CodingKey {
            case file, sha256, count
            case firstAt = "first_at"
            case lastAt = "last_at"
            case bytes
        }
    }

    private final class Odd: Sendable {
        let told: Told
        init(_ told: Told) { self.told = told }
    }

    /// Path below the organization's folder.
    package private(set) var name: SealedName
    /// SHA-256 of the whole file; nil where the entry tells none.
    private(set) var digest: Digest?
    /// How many events it holds, one a line.
    package private(set) var count: Int
    /// How many bytes it has; nil in an entry of format 1, whose spans are not judged either.
    private(set) var bytes: Int?
    /// The time of the first event as an instant.
    package private(set) var first: Instant?
    /// The time of the last event as an instant.
    package private(set) var last: Instant?
    /// All of it, where a text is in another form than the one in which it is written.
    private var odd: Odd?

    var told: Told {
        get {
            odd?.told
                ?? Told(
                    file: name.text,
                    sha256: digest?.hex ?? "",
                    count: count,
                    firstAt: first?.rfc3339,
                    lastAt: last?.rfc3339,
                    bytes: bytes
                )
        }
        set { self = SegmentReference(newValue) }
    }

    init(_ told: Told) {
        let (first, last) = (told.firstAt.map(LedgerTime.read), told.lastAt.map(LedgerTime.read))
        self.init(
            name: SealedName(told.file),
            digest: Digest(hex: told.sha256),
            count: told.count,
            bytes: told.bytes,
            first: first?.instant,
            last: last?.instant
        )
        if digest == nil || first?.isWritten == false || last?.isWritten == false { odd = Odd(told) }
    }

    /// Describes a file of which everything is told in the form in which it is written.
    init(name: SealedName, digest: Digest?, count: Int, bytes: Int?, first: Instant?, last: Instant?) {
        (self.name, self.digest, self.count, self.bytes) = (name, digest, count, bytes)
        (self.first, self.last) = (first, last)
    }

    /// Describes a segment.
    package init(file: String, sha256: String, count: Int, firstAt: String?, lastAt: String?, bytes: Int? = nil) {
        self.init(
            Told(file: file, sha256: sha256, count: count, firstAt: firstAt, lastAt: lastAt, bytes: bytes)
        )
    }
}

extension SegmentReference {
    /// Path below the organization's folder, such as `events/00000007.ndjson`.
    package var file: String {
        get { name.text }
        set { told.file = newValue }
    }
    /// SHA-256 of the whole file, in lower-case hex.
    package var sha256: String { odd?.told.sha256 ?? digest?.hex ?? "" }
    /// Time of its earliest event, RFC 3339 in UTC; nil in a file of undated events, and where an entry of format 1 does not
    /// tell.
    package var firstAt: String? { odd == nil ? first?.rfc3339 : odd?.told.firstAt }
    /// Time of its latest event; nil as `firstAt` is.
    package var lastAt: String? { odd == nil ? last?.rfc3339 : odd?.told.lastAt }

    /// What `sha256sum` says of the file, as one line.
    package var sum: String { "\(sha256)  \(file)\n" }

    /// A segment holds at most so many bytes, unless one event alone is larger.
    static let mostBytes = 64 << 20

    /// Whether the entry tells when its first event was, be it in no form of a time.
    package var tellsFirst: Bool { odd == nil ? first != nil : odd?.told.firstAt != nil }
    /// Whether everything is told in the form in which it is written.
    var isPlain: Bool { odd == nil }
    /// Whether the ledger tells when its events are: of format 1 only where it names a span.
    var tellsItsSpan: Bool { bytes != nil || (tellsFirst && (odd == nil ? last != nil : odd?.told.lastAt != nil)) }
}

extension SegmentReference: Hashable {
    /// Whether the same is told.
    package static func == (left: Self, right: Self) -> Bool {
        guard left.odd == nil, right.odd == nil else { return left.told == right.told }
        return left.name == right.name && left.digest == right.digest && left.count == right.count
            && left.bytes == right.bytes && left.first == right.first && left.last == right.last
    }

    /// Feeds what is told, texts aside where they are odd.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        hasher.combine(bytes)
        hasher.combine(first)
        hasher.combine(last)
    }
}

extension SegmentReference: Codable {
    /// Reads what an entry tells.
    package init(from decoder: any Decoder) throws { self.init(try Told(from: decoder)) }

    /// Writes what an entry tells.
    package func encode(to encoder: any Encoder) throws { try told.encode(to: encoder) }
}

extension SegmentReference {
    /// A reference as it is read.
    private struct Read {
        var name: SealedName?
        var digest: Digest?
        var count = -1
        var bytes: Int?
        var first: Instant?
        var last: Instant?
    }

    /// Reads a reference as it is written; nil for any other.
    init?(_ reader: inout PlainJSON) {
        var read = Read()
        guard reader.object(&read, Self.members), let name = read.name, let digest = read.digest, read.count >= 0 else {
            return nil
        }
        self.init(
            name: name,
            digest: digest,
            count: read.count,
            bytes: read.bytes,
            first: read.first,
            last: read.last
        )
    }

    private static let members: [PlainJSON.Member<Read>] = [
        .init("bytes") { $0.number(&$1.bytes) },
        .init("count") { $0.number(&$1.count) },
        .init("file") {
            $1.name = $0.text(of: SealedName.numbered)
            return $1.name != nil
        },
        .init("first_at") { $0.time(&$1.first) },
        .init("last_at") { $0.time(&$1.last) },
        .init("sha256") { $0.digest(&$1.digest) },
    ]
}

extension PlainJSON {
    /// Reads a time in the one form in which it is written into a place.
    mutating func time(_ target: inout Instant?) -> Bool {
        target = text(of: LedgerTime.written)
        return target != nil
    }

    /// Reads a digest into a place.
    mutating func digest(_ target: inout Digest?) -> Bool {
        target = text { Digest(hex: $0) }
        return target != nil
    }
}
