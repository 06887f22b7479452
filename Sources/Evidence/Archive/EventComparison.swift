import Foundation

/// How two contents of one event differ, compared as JSON values (DESIGN section 3, "What changed upstream").
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
    init(archived: UnsafeBufferPointer<UInt8>, later: UnsafeBufferPointer<UInt8>) {
        if isSame(archived, later) {
            self = .same
            return
        }
        guard let before = Self.object(archived), let after = Self.object(later) else {
            self = .altered
            return
        }
        var difference = Difference()
        difference.compare(before, after, path: "")
        if difference.isAltered {
            self = .altered
        } else if difference.isRelabelled {
            self = .relabelled
        } else {
            self = difference.isExtended ? .extended : .same
        }
    }

    private static func object(_ line: UnsafeBufferPointer<UInt8>) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
    }

    private struct Difference {
        var isAltered = false
        var isRelabelled = false
        var isExtended = false

        private static let labels: Set<String> = ["/actor/email", "/resource/name"]
        private static let core: Set<String> = [
            "/action", "/created_at", "/actor", "/actor/id", "/resource", "/resource/type", "/resource/id",
            "/ip_address",
        ]

        mutating func compare(_ before: [String: Any], _ after: [String: Any], path: String) {
            for (name, value) in before {
                let here = path + "/" + name
                guard let other = after[name] else {
                    note(changeAt: here)
                    continue
                }
                if let inner = value as? [String: Any], let otherInner = other as? [String: Any] {
                    compare(inner, otherInner, path: here)
                } else if here == "/created_at", let first = value as? String, let second = other as? String {
                    let sameInstant =
                        Instant(rfc3339: first).map { $0 == Instant(rfc3339: second) } ?? (first == second)
                    if !sameInstant { isAltered = true }
                } else if !Self.equal(value, other) {
                    note(changeAt: here)
                }
            }
            for (name, value) in after where before[name] == nil { note(added: value, at: path + "/" + name) }
        }

        /// An actor, a resource or another core value that was missing is no mere addition.
        private mutating func note(added value: Any, at path: String) {
            if Self.labels.contains(path) {
                isRelabelled = true
            } else if path == "/actor" || path == "/resource", let inner = value as? [String: Any] {
                isExtended = isExtended || inner.isEmpty
                for (name, value) in inner { note(added: value, at: path + "/" + name) }
            } else if Self.core.contains(path), !(value is NSNull), value as? String != "" {
                isAltered = true
            } else {
                isExtended = true
            }
        }

        private mutating func note(changeAt path: String) {
            if Self.labels.contains(path) { isRelabelled = true } else { isAltered = true }
        }

        private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

        private static func equal(_ left: Any, _ right: Any) -> Bool {
            switch (left, right) {
            case (let a as [Any], let b as [Any]):
                a.count == b.count && zip(a, b).allSatisfy { equal($0, $1) }
            case (let a as [String: Any], let b as [String: Any]):
                a.count == b.count && a.allSatisfy { key, value in b[key].map { equal(value, $0) } ?? false }
            case (let a as NSNumber, let b as NSNumber):
                // `true` and 1 are equal as numbers, and different as JSON.
                isBoolean(a) == isBoolean(b) && a.isEqual(b)
            case (let a as NSObject, let b as NSObject): a.isEqual(b)
            default: "\(left)" == "\(right)"
            }
        }
    }
}
