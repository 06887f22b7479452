public import Evidence

/// The few events of a segment that later reports need of it when it lies before their period.
///
/// Reading the extract leaves the controls over the log where reading the segment would: it holds every event that is the
/// first of something (an actor, an address of an actor, an e-mail, a resource), the last of each API key, and all
/// removals of members and changes of settings.
public final class HistoryExtract {
    /// What is kept: resources only matter to reports that name what was seen for the first time.
    public enum Kind: String, Sendable, CaseIterable {
        case withoutResources = "log"
        case withResources = "seen"
    }

    private let kind: Kind
    private var numbering = EventNumbering()
    private var actors = MetNumbers()
    private var mails = MetNumbers()
    private var resources = MetNumbers()
    private var used = AddressUse()
    private var kinds = ActionKinds()
    private var keys = Interner()
    /// By the number of a key: the place of its last event among the lines, where it was kept for that alone.
    private var lastOfKey: [Int?] = []
    private var texts = ByteArena()
    /// Where the lines stand; an empty one was replaced by a later one.
    private var lines: [Range<Int>] = []

    /// Begins an extract.
    public init(_ kind: Kind) { self.kind = kind }

    /// Takes in events, in order.
    public func add(_ block: borrowing EventBlock) {
        numbering.number(block, kind == .withResources ? .now : .none)
        kinds.learn(numbering.actions)
        let numbers = numbering.block
        for index in 0..<block.count {
            let event = block[index]
            let isFirst = isFirst(event, numbers, index)
            switch kinds[numbers.action[index]].kind {
            case .keyCreated, .keyRevoked: keepKey(event, isFirst)
            case .memberRemoved, .settingsUpdated: keep(event)
            default: if isFirst { keep(event) }
            }
        }
    }

    /// The events, a line each.
    public func finish() -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(texts.count)
        for line in lines where !line.isEmpty { text.append(contentsOf: texts.view(line.lowerBound, line.count).bytes) }
        return text
    }

    /// Whether the event is the first of anything that a watch remembers (see ``LogWatch``).
    private func isFirst(_ event: EventView, _ numbers: EventNumbering.Numbers, _ index: Int) -> Bool {
        var isFirst = false
        if !event.isAnonymous {
            if actors.meet(numbers.actor[index]) { isFirst = true }
            if !event.ipAddress.isEmpty, used.add(numbers.actor[index], pair: numbers.use[index]) { isFirst = true }
            if numbers.email[index] != EventNumbering.missing, mails.meet(numbers.email[index]) { isFirst = true }
        }
        if kind == .withResources, resources.meet(numbers.resource[index]) { isFirst = true }
        return isFirst
    }

    private func keepKey(_ event: EventView, _ isFirst: Bool) {
        let number = Int(keys.intern(KeyRing.id(of: event)))
        if number == lastOfKey.count { lastOfKey.append(nil) }
        if let place = lastOfKey[number] { lines[place] = 0..<0 }
        lastOfKey[number] = isFirst ? nil : lines.count
        keep(event)
    }

    private func keep(_ event: EventView) {
        let start = texts.append(event.raw.bytes)
        _ = Self.newline.withUnsafeBufferPointer { texts.append($0) }
        lines.append(start..<texts.count)
    }

    private static let newline: [UInt8] = [10]
}
