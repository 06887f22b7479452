/// How findings say how their verdicts came about.
enum Telling: Sendable, Hashable {
    case text(String)
    /// Made when it is asked for, by place: a report shows a few of many findings.
    case made(Sentences, Int32)

    /// What many findings say, or one that has a short form.
    final class Sentences: Sendable, Hashable {
        fileprivate let detail: @Sendable (_ place: Int) -> String
        fileprivate let short: @Sendable (_ place: Int) -> String?

        /// Makes what the finding of a place says.
        convenience init(_ make: @escaping @Sendable (_ place: Int) -> (detail: String, short: String?)) {
            self.init(detail: { make($0).detail }, short: { make($0).short })
        }

        /// The same where there can be millions, of which nobody makes more than is asked for.
        init(
            detail: @escaping @Sendable (_ place: Int) -> String,
            short: @escaping @Sendable (_ place: Int) -> String?
        ) {
            (self.detail, self.short) = (detail, short)
        }

        static func == (left: Sentences, right: Sentences) -> Bool { left === right }

        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    var detail: String {
        switch self {
        case .text(let text): text
        case .made(let sentences, let place): sentences.detail(Int(place))
        }
    }

    var short: String? {
        switch self {
        case .text: nil
        case .made(let sentences, let place): sentences.short(Int(place))
        }
    }

    /// Whether both say the same.
    static func == (left: Telling, right: Telling) -> Bool {
        if case .made(let one, let place) = left, case .made(let other, let otherPlace) = right, one === other,
            place == otherPlace
        {
            return true
        }
        return left.detail == right.detail && left.short == right.short
    }

    func hash(into hasher: inout Hasher) { hasher.combine(detail) }
}
