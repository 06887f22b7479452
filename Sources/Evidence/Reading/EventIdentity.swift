/// What tells an event from all others: its id as received, compared by bytes.
///
/// For most events that is the text of the id. The id of an odd one is shown like others that are not the same value (`1` like
/// `"1"`; two unpaired surrogates, two bytes that are no UTF-8 as U+FFFD), so what was received stands behind the text
/// (`heed_text.suffix`).
package struct EventIdentity: Hashable, Sendable {
    /// The text of the id, and the suffix of an odd one.
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The identity of an event.
    init(of event: EventView) { bytes = Array(event.identity.bytes) }

    /// The event that an entry of the ledger names.
    ///
    /// - Parameters:
    ///   - event: The id as it is shown.
    ///   - suffix: The key `identity`, where the entry has one.
    init(event: String, suffix: String?) {
        let received = suffix.flatMap(Self.bytes(ofHex:)) ?? []
        bytes = Array(event.utf8) + (received.first == Self.separator ? received : [])
    }

    /// The id as it is shown.
    var shown: String { String(decoding: bytes[..<shownCount], as: UTF8.self) }

    /// The suffix as the ledger's key `identity` has it: lower-case hex; nil for an ordinary id.
    var suffix: String? { shownCount < bytes.count ? bytes[shownCount...].hex : nil }

    /// The identity of an event whose id is received as this one is shown.
    var asShown: EventIdentity { EventIdentity(bytes[..<shownCount]) }

    private var shownCount: Int { bytes.firstIndex(of: Self.separator) ?? bytes.count }

    /// What an odd text's suffix begins with: no byte of UTF-8.
    static let separator: UInt8 = 0xFF

    /// The order of identities: by the bytes of the texts shown, then by those of the suffixes.
    static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            // Where a suffix begins the text ends: it comes before all that go on.
            if left[index] == separator { return true }
            return right[index] != separator && left[index] < right[index]
        }
        return left.count < right.count
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }
}

extension EventIdentity: Comparable {
    /// See ``precedes(_:_:)``.
    package static func < (left: EventIdentity, right: EventIdentity) -> Bool {
        left.bytes.withUnsafeBufferPointer { a in right.bytes.withUnsafeBufferPointer { b in precedes(a, b) } }
    }
}

/// Events that entries of the ledger name.
package struct EventSet: Sendable {
    private var exact: Set<EventIdentity> = []
    /// Named by entries of format 1, which tell ids as they are shown: an odd one that is shown so is meant.
    private var shown: Set<EventIdentity> = []

    /// No identities.
    init() {}

    /// Whether it holds none.
    var isEmpty: Bool { exact.isEmpty }

    /// Adds an event that an entry of a format names.
    mutating func insert(_ event: EventIdentity, format: Int) {
        exact.insert(event)
        if format < 2 { shown.insert(event) }
    }

    /// Whether an event is named.
    func contains(_ event: EventIdentity) -> Bool {
        exact.contains(event) || (!shown.isEmpty && shown.contains(event.asShown))
    }
}
