import Analysis
import Evidence
import Foundation
import Yams

/// Reads what the operator decides about the controls: `approved_regions`, `approved_domains`, `working_hours`, `thresholds`, `waivers`, the
/// file `waivers.yaml`, a filled-in action plan and a filled-in review.
struct PolicyReader {
    private(set) var policy = ControlPolicy.undecided
    /// What a report says of the tables that were given back, though they are read.
    private(set) var notes: [String] = []
    private let file: ConfigurationFile
    private var mistakes = ConfigurationMistakes()
    /// Where the days of waivers end.
    private let zone: CalendarZone

    /// Where waivers are looked for when the configuration names no file.
    static let waiversFile = "./waivers.yaml"

    /// Reads all of it, and tells everything that is wrong with it.
    init(
        _ reader: SettingReader,
        _ givenBack: GivenBackTables.Files,
        zone: CalendarZone = .utc,
        _ mistakes: inout ConfigurationMistakes
    ) {
        file = reader.file
        self.zone = zone
        self.mistakes = mistakes
        readRegions(reader)
        readDomains(reader)
        readWorkingHours()
        readThresholds()
        readSchedule(reader)
        readWaivers(reader)
        readTables(givenBack)
        mistakes = self.mistakes
    }

    // MARK: Regions

    private mutating func readRegions(_ reader: SettingReader) {
        let found = mistakes.take(.approvedRegions, or: nil) { try reader.find(.approvedRegions) }
        guard let found else { return }
        let regions = found.text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        policy.approvedRegions = regions
        if regions.allSatisfy(\.isEmpty) {
            mistakes.warn(
                "\(found.origin.description): approved_regions names no region, so none is approved",
                hint: "name some, or leave it out"
            )
        }
        for region in regions where region.contains(where: \.isWhitespace) {
            let parts = region.split(whereSeparator: \.isWhitespace).joined(separator: ", ")
            mistakes.warn(
                "\(found.origin.description): approved_regions: '\(region)' is taken for one region, blanks and all",
                hint: "put commas between regions: \(parts)"
            )
        }
    }

    // MARK: Domains

    private mutating func readDomains(_ reader: SettingReader) {
        let found = mistakes.take(.approvedDomains, or: nil) { try reader.find(.approvedDomains) }
        guard let found else { return }
        let domains = found.text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        for domain in domains where !Self.isDomain(domain) {
            mistakes.add(
                "\(found.origin.description): approved_domains: '\(domain)' is no domain, and no address would be of it",
                hint: "write what stands behind the @ of addresses, such as example.com, and each domain by itself",
                .approvedDomains
            )
        }
        guard domains.isEmpty else {
            policy.approvedDomains = domains
            return
        }
        mistakes.warn(
            "\(found.origin.description): approved_domains names no domain, and counts as left out",
            hint: "name some, or leave it out"
        )
    }

    /// Whether addresses can be of a domain, which may have an `@` in front.
    private static func isDomain(_ text: String) -> Bool {
        let name = text.hasPrefix("@") ? text.dropFirst() : text[...]
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty }
            && !name.contains { "@/:*?,;<>()[]\"'\\".contains($0) || $0.isWhitespace }
    }

    // MARK: Working hours

    private mutating func readWorkingHours() {
        guard let entry = file[.workingHours], entry.value != .nothing else { return }
        guard let fields = fields(of: entry, .workingHours) else { return }
        let before = mistakes.all.count
        for other in fields.keys.sorted() where !["days", "from", "to", "time_zone"].contains(other) {
            mistakes.add(
                "\(place(entry, other)): working_hours: unknown key '\(other)'",
                hint: "it has days, from, to and time_zone",
                .workingHours
            )
        }
        let (days, zone) = (fields["days"] ?? "mon-fri", fields["time_zone"] ?? "UTC")
        let (from, to) = (fields["from"] ?? "", fields["to"] ?? "")
        // Each beside others that are right, so that each tells its own mistake.
        let attempts = [
            ("days", days, "00:00", "24:00", "UTC"), ("from", "mon", from, "24:00", "UTC"),
            ("to", "mon", "00:00", to, "UTC"), ("time_zone", "mon", "00:00", "24:00", zone),
        ]
        for (name, days, from, to, zone) in attempts {
            take(.workingHours, at: place(entry, name)) { _ in
                _ = try WorkingHours(days: days, from: from, to: to, timeZone: zone)
            }
        }
        guard mistakes.all.count == before else { return }
        policy.workingHours = try? WorkingHours(days: days, from: from, to: to, timeZone: zone)
    }

    // MARK: Thresholds

    private mutating func readThresholds() {
        guard let entry = file[.thresholds], entry.value != .nothing else { return }
        guard let fields = fields(of: entry, .thresholds) else { return }
        for (id, text) in fields.sorted(by: { $0.key < $1.key }) {
            let place = place(entry, id)
            take(.thresholds, at: place) {
                $0.policy.thresholds.merge(try ControlPolicy.thresholds([id: text])) { _, last in last }
            }
            guard let threshold = ControlCatalogue.control(id)?.threshold, let value = policy.thresholds[id],
                threshold.isTooLoose(value)
            else { continue }
            mistakes.warn(
                "\(place): thresholds: \(id) of \(value) \(threshold.unit) is looser than is accepted",
                hint: "\(threshold.limit) \(threshold.unit) is the loosest value that proves anything"
            )
        }
    }

    private mutating func readSchedule(_ reader: SettingReader) {
        let every = mistakes.take(.expectEvery, or: nil) { () -> Duration? in
            guard try reader.find(.expectEvery) != nil else { return nil }
            return try reader.duration(.expectEvery, default: .zero, atLeast: .seconds(60))
        }
        policy.schedule = every.map { RunSchedule(every: $0.components.seconds) }
    }

    // MARK: Waivers

    private mutating func readWaivers(_ reader: SettingReader) {
        guard let entry = file[.waivers], entry.value != .nothing else {
            guard FileManager.default.fileExists(atPath: Self.waiversFile) else { return }
            do {
                try ConfigurationFile.checkOwner(of: Self.waiversFile, named: "by waivers: in the configuration file")
            } catch {
                return mistakes.add(Problem(from: error), .waivers)
            }
            return readWaivers(inFile: Self.waiversFile, "")
        }
        switch entry.value {
        case .nothing: return
        case .text(let name): readWaivers(inFile: reader.atHome(name), place(entry, ""))
        case .list(let items):
            for (index, item) in items.enumerated() {
                let place = place(entry, String(index))
                guard
                    let fields = fields(
                        of: .init(value: item, line: entry.lines[String(index)] ?? entry.line),
                        .waivers
                    )
                else { continue }
                readWaiver(fields, source: file.path, place)
            }
        case .mapping:
            mistakes.add(
                "\(place(entry, "")): waivers is a list, or the path of a file that holds one",
                hint: "begin each waiver with '- control: '",
                .waivers
            )
        }
    }

    private mutating func readWaivers(inFile name: String, _ origin: String) {
        do {
            let node: Node?
            do {
                node = try BoundedYAML.compose(
                    String(
                        decoding: try GivenBackTables.bytes(of: name, atMost: BoundedYAML.largest, origin),
                        as: UTF8.self
                    ),
                    named: name
                )
            } catch let error as YamlError {
                throw Problem(.configuration, "\(name) is not YAML: \(ConfigurationFile.describe(error))")
            }
            guard let node else { return }
            guard case .sequence(let items) = node else {
                throw Problem(
                    .configuration,
                    "\(name):1: a list of waivers was expected",
                    hint: "begin each with '- control: '"
                )
            }
            for item in items { readWaiver(item, inFile: name) }
        } catch {
            mistakes.add(Problem(from: error), .waivers)
        }
    }

    private mutating func readWaiver(_ item: Node, inFile name: String) {
        let place = "\(name):\(item.mark?.line ?? 1)"
        guard case .mapping(let members) = item else {
            return mistakes.add("\(place): a waiver is a mapping", hint: "begin it with '- control: '", .waivers)
        }
        var fields: [String: String] = [:]
        for (key, value) in members { fields[key.string ?? ""] = value.string ?? "" }
        readWaiver(fields, source: place, place)
    }

    private mutating func readWaiver(_ fields: [String: String], source: String, _ place: String) {
        let wrong = Waiver.mistakes(in: fields, source: place)
        for mistake in wrong { mistakes.add(Problem(from: mistake), .waivers) }
        guard wrong.isEmpty, let waiver = try? Waiver(fields, source: source) else { return }
        policy.waivers.append(waiver)
        warnIfOver(waiver, place)
    }

    private mutating func warnIfOver(_ waiver: Waiver, _ place: String) {
        guard !waiver.isValid(at: Clock.now(), in: zone) else { return }
        mistakes.warn(
            "\(place): the waiver of \(waiver.control) (\(waiver.subject)) ended on \(waiver.expiry) and does not count",
            hint: "renew it, or take it out"
        )
    }

    // MARK: What was given back

    private mutating func readTables(_ files: GivenBackTables.Files) {
        let tables = GivenBackTables(files, &mistakes)
        (policy.plan, policy.review, notes) = (tables.plan, tables.review, tables.notes)
        policy.waivers += tables.waivers
        for waiver in tables.waivers { warnIfOver(waiver, files.plan ?? "") }
    }

    // MARK: Pieces

    /// Tells what `body` throws as a mistake, with the place in front.
    private mutating func take(_ key: ConfigurationKey, at place: String?, _ body: (inout Self) throws -> Void) {
        do {
            try body(&self)
        } catch {
            var problem = Problem(from: error)
            problem.status = .configuration
            if let place { problem.summary = "\(place): \(problem.summary)" }
            mistakes.add(problem, key)
        }
    }

    private func place(_ entry: ConfigurationFile.Entry, _ member: String) -> String {
        "\(file.path):\(entry.lines[member] ?? entry.line)"
    }

    /// The members of a mapping, lists joined by commas; nil, and a mistake told, for anything else.
    private mutating func fields(of entry: ConfigurationFile.Entry, _ key: ConfigurationKey) -> [String: String]? {
        guard case .mapping(let members) = entry.value else {
            mistakes.add("\(file.path):\(entry.line): \(key.rawValue) takes keys and values", key)
            return nil
        }
        var fields: [String: String] = [:]
        for (name, member) in members {
            switch member {
            case .text(let text): fields[name] = text
            case .nothing: fields[name] = ""
            case .list(let items):
                fields[name] = items.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: ",")
            case .mapping:
                mistakes.add("\(place(entry, name)): \(key.rawValue) is nested too deep", key)
            }
        }
        return fields
    }
}
