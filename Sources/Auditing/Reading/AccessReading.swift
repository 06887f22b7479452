import Analysis
import CloudHeed
import Evidence

/// The lists of members, invitations and API keys that an archive holds, as plain values.
struct AccessReading {
    /// What each pull that asked for lists was answered, in the order of the ledger.
    private(set) var lists: [AccessLists] = []
    /// Pages that are missing, or not what the ledger says, in words.
    private(set) var damage: [String] = []
    private var damaged: Set<String> = []

    private let archive: Archive
    /// The same answer comes pull after pull: each is taken apart once, as long as it does not change.
    private var members: (pages: [LedgerEntry.ArchivedList.Page], list: AccessLists.List<AccessMember>)?
    private var invitations: (pages: [LedgerEntry.ArchivedList.Page], list: AccessLists.List<AccessInvitation>)?
    private var keys: (pages: [LedgerEntry.ArchivedList.Page], list: AccessLists.List<AccessKey>)?

    /// Reads the lists of an archive whose snapshots were served at these times.
    init(_ archive: Archive, _ snapshots: [ArchivedSnapshot]) {
        self.archive = archive
        for snapshot in snapshots where snapshot.tellsOfLists {
            lists.append(read(snapshot))
        }
    }

    /// Of all snapshots those whose lists tell of a period: of the period itself, and of each list the last that was read, and
    /// the last that was refused, before it, and the first that was read behind it.
    static func telling(of range: InstantRange, _ snapshots: [ArchivedSnapshot]) -> [ArchivedSnapshot] {
        var places: Set<Int> = []
        var isBehind: Set<ListResource> = []
        var before: [ListResource: (read: Int?, refused: Int?)] = [:]
        for (place, snapshot) in snapshots.enumerated() where snapshot.tellsOfLists {
            let at = snapshot.listsAt
            if snapshot.isTimeKnown, let from = range.from, at < from {
                for resource in snapshot.digests.lists.keys where snapshot.digests.unavailable[resource] == nil {
                    before[resource, default: (nil, nil)].read = place
                }
                for resource in snapshot.digests.unavailable.keys {
                    before[resource, default: (nil, nil)].refused = place
                }
            } else if snapshot.isTimeKnown, let to = range.to, !(at < to) {
                // A list that was cut off says nothing of what came behind.
                let read = Set(snapshot.digests.lists.keys).subtracting(snapshot.digests.unavailable.keys)
                if !read.isSubset(of: isBehind) { places.insert(place) }
                isBehind.formUnion(read)
            } else {
                places.insert(place)
            }
        }
        for found in before.values { places.formUnion([found.read, found.refused].compactMap { $0 }) }
        return places.sorted().map { snapshots[$0] }
    }

    /// Elements of a list, or why there are none.
    private enum ReadList {
        case elements([[UInt8]])
        case unavailable(String)
    }

    private mutating func read(_ snapshot: ArchivedSnapshot) -> AccessLists {
        let first = snapshot.digests.lists.values.compactMap { $0.servedAt.flatMap(Instant.init(rfc3339:)) }.min()
        let (at, isKnown) = (snapshot.listsAt, snapshot.isTimeKnown)
        return AccessLists(
            servedAt: at,
            earliest: isKnown ? min(at, max(snapshot.at, first ?? snapshot.at)) : snapshot.earliest,
            isTimeKnown: isKnown,
            members: list(.members, snapshot.digests, \.members) { AccessMember($0) },
            invitations: list(.invitations, snapshot.digests, \.invitations) { AccessInvitation($0) },
            keys: list(.apiKeys, snapshot.digests, \.keys) { AccessKey($0) }
        )
    }

    private mutating func list<Element>(
        _ resource: ListResource,
        _ snapshots: LedgerEntry.Snapshots,
        _ known: WritableKeyPath<Self, (pages: [LedgerEntry.ArchivedList.Page], list: AccessLists.List<Element>)?>,
        _ element: (SnapshotFields) -> Element
    ) -> AccessLists.List<Element> {
        let reason = snapshots.unavailable[resource]
        guard let list = snapshots.lists[resource] else { return reason.map { .unavailable($0) } ?? .notAsked }
        if let known = self[keyPath: known], known.pages == list.pages { return known.list.missing(reason) }
        let read: AccessLists.List<Element>
        switch elements(of: list.pages, as: ServiceList.all.first { $0.name == resource.rawValue }) {
        case .unavailable(let reason): read = .unavailable(reason)
        case .elements(let texts):
            let elements = texts.compactMap { SnapshotFields($0).map(element) }
            read = .read(elements, unreadable: texts.count - elements.count)
        }
        self[keyPath: known] = (list.pages, read)
        return read.missing(reason)
    }

    /// The elements of pages; one that a page has and an earlier page had counts once, for pages shift while they are read.
    private mutating func elements(of pages: [LedgerEntry.ArchivedList.Page], as list: ServiceList?) -> ReadList {
        var elements: [[UInt8]] = []
        var seen: Set<[UInt8]> = []
        for page in pages {
            let file = "snapshots/\(page.sha256).json"
            guard let bytes = try? archive.snapshot(page.sha256) else {
                let words = "\(file) is missing, or not what the ledger says"
                if damaged.insert(file).inserted { damage.append(words) }
                return .unavailable(words)
            }
            guard let list, let read = try? ListPage(bytes, list) else {
                return .unavailable("\(file) is no list that this version understands")
            }
            elements += read.elements.filter { !seen.contains($0) }
            seen.formUnion(read.elements)
        }
        return .elements(elements)
    }
}

extension ArchivedSnapshot {
    /// Whether the pull asked for lists.
    fileprivate var tellsOfLists: Bool { !digests.lists.isEmpty || !digests.unavailable.isEmpty }

    /// When the last page of its lists was served; where the clocks do not agree, the bounds of the pull's snapshots are those
    /// of its lists.
    fileprivate var listsAt: Instant {
        let last = digests.lists.values.compactMap { ($0.lastServedAt ?? $0.servedAt).flatMap(Instant.init(rfc3339:)) }
            .max()
        return isTimeKnown ? max(at, last ?? at) : latest
    }
}
