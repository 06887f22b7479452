import Foundation

/// How two contents of one event differ, compared as JSON values (docs/archive-format.md).
enum EventComparison: String {
    /// No difference but white space, the order of members or how a number is written.
    case same
    /// Only the actor's e-mail or the resource's name differs.
    case relabelled
    /// Members were added, nothing else.
    case extended
    /// Anything else: action, time, actor, resource or address differ, or a member changed or went.
    case altered

    /// Compares an archived line with a later one.
    ///
    /// Texts are compared by their bytes; where the archived one holds U+FFFD, and the later one in its place bytes that are no
    /// UTF-8, they are the same: so archives of format 1 kept them.
    init(archived: UnsafeBufferPointer<UInt8>, later: UnsafeBufferPointer<UInt8>) {
        if isSame(archived, later) {
            self = .same
            return
        }
        self = Self.compare(archived, later, .exact)
        if self != .same, Self.mayBeMended(archived), String(validating: later, as: UTF8.self) == nil {
            self = Self.compare(archived, later, .mended)
        }
    }

    private static func mayBeMended(_ archived: UnsafeBufferPointer<UInt8>) -> Bool {
        Data(archived).range(of: Data("\u{FFFD}".utf8)) != nil && String(validating: archived, as: UTF8.self) != nil
    }

    private static func compare(
        _ archived: UnsafeBufferPointer<UInt8>,
        _ later: UnsafeBufferPointer<UInt8>,
        _ writing: JSONOutline.Writing
    ) -> EventComparison {
        guard let before = JSONOutline(archived, writing), let after = JSONOutline(later, writing) else {
            return .altered
        }
        var difference = Difference(before: before, after: after) { one, other in
            guard let one = time(archived, one) else { return false }
            return one == time(later, other)
        }
        difference.compare()
        if difference.isAltered { return .altered }
        if difference.isRelabelled { return .relabelled }
        return difference.isExtended ? .extended : .same
    }

    /// The time that a value is, read as an event's.
    private static func time(_ line: UnsafeBufferPointer<UInt8>, _ value: Range<Int>) -> Instant? {
        let isText = line[value.lowerBound] == UInt8(ascii: "\"")
        guard isText else { return EventScanner.readTime(UnsafeBufferPointer(rebasing: line[value]), isNumber: true) }
        let content = UnsafeBufferPointer(rebasing: line[value.lowerBound + 1..<value.upperBound - 1])
        return JSONOutline.text(content).withUnsafeBufferPointer { EventScanner.readTime($0) }
    }
}

extension EventComparison {
    /// What differs between two outlines.
    private struct Difference {
        let before: JSONOutline
        let after: JSONOutline
        /// Whether two values are times of the same instant.
        let isSameInstant: (Range<Int>, Range<Int>) -> Bool
        private(set) var isAltered = false
        private(set) var isRelabelled = false
        private(set) var isExtended = false

        /// What a member is to the event.
        private enum Part: Equatable {
            case label, core, createdAt, other
            /// An object of the event, by its name.
            case object(String)
        }

        /// What the members of the event's objects are, by the object's name; "" is the event itself.
        private static let parts: [String: [JSONOutline.Hash: Part]] = {
            var parts: [String: [JSONOutline.Hash: Part]] = [:]
            for field in EventField.all {
                let part: Part =
                    switch field.meaning {
                    // Contents with different ids are not compared.
                    case .identity: .other
                    case .time: .createdAt
                    case .core: .core
                    case .label: .label
                    }
                parts[field.object, default: [:]][JSONOutline.hash(ofKey: field.key)] = part
                guard !field.object.isEmpty else { continue }
                parts["", default: [:]][JSONOutline.hash(ofKey: field.object)] = .object(field.object)
            }
            return parts
        }()

        mutating func compare() {
            var rest: [(Range<Int>, Range<Int>, String?)] = [(before.outermost, after.outermost, "")]
            while let (left, right, place) = rest.popLast() {
                var (one, other) = (left.lowerBound, right.lowerBound)
                while one < left.upperBound || other < right.upperBound {
                    let old = one < left.upperBound ? before.members[one] : nil
                    let new = other < right.upperBound ? after.members[other] : nil
                    if let old, let new, old.key == new.key {
                        (one, other) = (one + 1, other + 1)
                        let part = part(old, place)
                        if old.value == new.value { continue }
                        if old.kind == .object, new.kind == .object {
                            rest.append((old.inner, new.inner, inside(part)))
                        } else if part != .createdAt || !isSameInstant(old.text, new.text) {
                            note(changeOf: part)
                        }
                    } else if let old, new.map({ old.key < $0.key }) ?? true {
                        one += 1
                        note(changeOf: part(old, place))
                    } else if let new {
                        other += 1
                        note(added: new, place)
                    }
                }
            }
        }

        /// `object`: where the member stands; nil for objects that no field stands in.
        private func part(_ member: JSONOutline.Member, _ object: String?) -> Part {
            object.flatMap { Self.parts[$0]?[member.key] } ?? .other
        }

        private func inside(_ part: Part) -> String? {
            if case .object(let name) = part { name } else { nil }
        }

        private mutating func note(changeOf part: Part) {
            if part == .label { isRelabelled = true } else { isAltered = true }
        }

        /// An actor, a resource or another core value that was missing is no mere addition.
        private mutating func note(added member: JSONOutline.Member, _ object: String?) {
            let part = part(member, object)
            switch part {
            case .label: isRelabelled = true
            case .other: isExtended = true
            case .object:
                guard member.kind == .object else { return note(addedCore: member) }
                if member.inner.isEmpty { isExtended = true }
                // These two stand in the event itself, so this ends with the members of theirs.
                for index in member.inner { note(added: after.members[index], inside(part)) }
            case .core, .createdAt: note(addedCore: member)
            }
        }

        private mutating func note(addedCore member: JSONOutline.Member) {
            if member.kind == .null || member.kind == .emptyText { isExtended = true } else { isAltered = true }
        }
    }
}
