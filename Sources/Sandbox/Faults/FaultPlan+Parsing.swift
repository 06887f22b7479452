extension FaultPlan {
    /// A text that names no fault.
    package struct Unknown: Error, Sendable, CustomStringConvertible {
        /// The text.
        let text: String
        /// What is wrong and what is accepted.
        package var description: String {
            let names = Kind.allCases.map(\.rawValue) + settings.map(\.form)
            return "'\(text)' is no fault; accepted are NAME@N, NAME@NxK, NAME:SHARE with one of "
                + names.joined(separator: ", ") + "; drift, expire and vanish take NxK, too: for the first K pages"
        }
    }

    /// Reads fault texts such as `429@3`, `500:0.1`, `drift=2`.
    ///
    /// - Throws: `Unknown` for a text that names none.
    package init(parsing texts: [String]) throws {
        for text in texts {
            do {
                try add(text)
            } catch {
                throw Unknown(text: text)
            }
        }
    }

    private mutating func add(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let value = FaultValue(text: parts.count == 2 ? parts[1] : nil)
        if let setting = Self.settings.first(where: { $0.name == parts[0] }) { return try setting.take(&self, value) }
        let name = parts[0].prefix { $0 != "@" && $0 != ":" }
        guard let kind = Kind(rawValue: String(name)) else { throw FaultValue.Malformed() }
        let moment = FaultValue(text: parts[0][name.endIndex...])
        rules.append(Rule(kind: kind, moment: try moment.moment(), value: value.text == nil ? nil : try value.number()))
    }

    /// A fault that is no single answer's: how it is written, and how its value is taken over.
    private struct Setting: Sendable {
        let form: String
        let take: @Sendable (inout FaultPlan, FaultValue) throws -> Void

        init(_ form: String, _ take: @escaping @Sendable (inout FaultPlan, FaultValue) throws -> Void) {
            self.form = form
            self.take = take
        }

        var name: Substring { form.prefix { $0 != "=" } }
    }

    private static let settings = [
        Setting("drift=N") { $0.drift = try $1.movement() },
        Setting("expire=N") { $0.expire = try $1.movement() },
        Setting("vanish=N") { $0.vanish = try $1.movement() },
        Setting("total=N") { $0.totalError = try $1.number() },
        Setting("repeat-last") { $0.repeatsLastPage = try $1.nothing() },
        Setting("withdraw=N@K") { $0.withdrawal = Withdrawal(try $1.numbers("@")) },
        Setting("other-organization=K") { $0.otherOrganizationFrom = try $1.number() },
        Setting("date=SECONDS|none|garbled") { $0.date = try $1.date() },
        Setting("swing=N") { $0.totalSwing = try $1.number() },
        Setting("dice=N") { $0.totalDice = try $1.number(from: 1) },
        Setting("endless") { $0.isEndless = try $1.nothing() },
        Setting("odd=N") { $0.oddElements = try $1.number(from: 0) },
        Setting("odd-times=N") { $0.oddTimes = try $1.number(from: 0) },
        Setting("disorder=N") { $0.disorder = try $1.number(from: 0) },
        Setting("refuse=STATUS@PAGE") { $0.refusal = Refusal(try $1.numbers("@")) },
        Setting("end=404|204|null") { $0.end = try $1.end() },
        Setting("members=\(listFaults)") { $0.lists[.members] = try $1.listFault() },
        Setting("invitations=\(listFaults)") { $0.lists[.invitations] = try $1.listFault() },
        Setting("api_keys=\(listFaults)") { $0.lists[.apiKeys] = try $1.listFault() },
    ]

    private static let listFaults = ListFault.allCases.map(\.rawValue).joined(separator: "|")
}

extension FaultPlan.Withdrawal {
    fileprivate init(_ pair: (Int, Int)) { self.init(events: pair.0, afterPage: pair.1) }
}

extension FaultPlan.Refusal {
    fileprivate init(_ pair: (Int, Int)) { self.init(status: pair.0, fromPage: pair.1) }
}

/// A part of a fault's text behind its name, read as what the fault takes.
private struct FaultValue {
    struct Malformed: Error {}

    /// nil where the fault has no such part.
    let text: Substring?

    /// A number, of seconds perhaps with an `s` behind it.
    func number(from least: Int = .min) throws -> Int {
        guard let text, let number = Int(text.hasSuffix("s") ? text.dropLast() : text), number >= least else {
            throw Malformed()
        }
        return number
    }

    /// Two numbers with a sign between them.
    func numbers(_ sign: Character) throws -> (Int, Int) {
        let parts = (text ?? "").split(separator: sign, omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1] else { throw Malformed() }
        return (first, second)
    }

    /// No part at all.
    func nothing() throws -> Bool {
        guard text == nil else { throw Malformed() }
        return true
    }

    /// `3` or `3x10`.
    func movement() throws -> FaultPlan.Movement {
        let movement =
            if let (events, times) = try? numbers("x") { FaultPlan.Movement(events: events, times: times) } else {
                FaultPlan.Movement(events: try number())
            }
        guard movement.events >= 0 else { throw Malformed() }
        return movement
    }

    func date() throws -> FaultPlan.DateHeader {
        switch text {
        case "none": .none
        case "garbled": .garbled
        default: .off(try number())
        }
    }

    func end() throws -> FaultPlan.End {
        guard let end = text.flatMap({ FaultPlan.End(rawValue: String($0)) }) else { throw Malformed() }
        return end
    }

    func listFault() throws -> FaultPlan.ListFault {
        guard let fault = text.flatMap({ FaultPlan.ListFault(rawValue: String($0)) }) else { throw Malformed() }
        return fault
    }

    /// `@3`, `@3x10`, `:0.5`, or nothing: always.
    func moment() throws -> FaultPlan.Rule.Moment {
        let rest = FaultValue(text: text?.dropFirst())
        switch text?.first {
        case nil: return .share(1)
        case ":":
            guard let share = rest.text.flatMap({ Double($0) }), (0...1).contains(share) else { throw Malformed() }
            return .share(share)
        default:
            if let (from, count) = try? rest.numbers("x") { return .requests(from: from, count: count) }
            return .requests(from: try rest.number(), count: 1)
        }
    }
}
