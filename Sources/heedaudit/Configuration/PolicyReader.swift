import Analysis
import Evidence
import Foundation
import Yams

/// Reads what the operator decides about the controls: `approved_regions`, `working_hours`, `thresholds`, `waivers`, the
/// file `waivers.yaml`, and a filled-in action plan.
struct PolicyReader {
    private(set) var policy = ControlPolicy()
    private let path: String

    /// Where waivers are looked for when the configuration names no file.
    static let waiversFile = "./waivers.yaml"

    init(_ reader: SettingReader, _ structured: [ConfigurationKey: ConfigurationFile.Value]) throws {
        path = reader.file.path
        policy.approvedRegions = try reader.text(.approvedRegions).map { text in
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        do {
            policy.workingHours = try workingHours(structured[.workingHours])
            policy.thresholds = try thresholds(structured[.thresholds])
            policy.waivers = try waivers(structured[.waivers])
            if let plan = try reader.text(.actionPlan) {
                policy.plan = try ActionPlan.read(try Self.text(of: plan, atMost: Self.largestPlan), named: plan)
                policy.waivers += try ActionPlan.waivers(policy.plan, named: plan)
            }
        } catch let error as AnalysisError {
            throw Problem(.configuration, located(error.summary), hint: error.hint)
        }
    }

    private func located(_ summary: String) -> String {
        let keys: [ConfigurationKey] = [.workingHours, .thresholds]
        return keys.contains { summary.hasPrefix($0.rawValue) } ? "\(path): \(summary)" : summary
    }

    private func workingHours(_ value: ConfigurationFile.Value?) throws -> WorkingHours? {
        guard let value, value != .nothing else { return nil }
        let fields = try fields(of: value, key: .workingHours)
        let known: Set<String> = ["days", "from", "to", "time_zone"]
        if let other = fields.keys.sorted().first(where: { !known.contains($0) }) {
            throw AnalysisError(
                .configuration,
                "working_hours: unknown key '\(other)'",
                hint: "it has days, from, to and time_zone"
            )
        }
        return try WorkingHours(
            days: fields["days"] ?? "mon-fri",
            from: fields["from"] ?? "",
            to: fields["to"] ?? "",
            timeZone: fields["time_zone"] ?? "UTC"
        )
    }

    private func thresholds(_ value: ConfigurationFile.Value?) throws -> [String: Int] {
        guard let value, value != .nothing else { return [:] }
        return try ControlPolicy.thresholds(try fields(of: value, key: .thresholds))
    }

    private func waivers(_ value: ConfigurationFile.Value?) throws -> [Waiver] {
        switch value {
        case nil, .nothing:
            let isThere = FileManager.default.fileExists(atPath: Self.waiversFile)
            return isThere ? try waivers(inFile: Self.waiversFile) : []
        case .text(let file): return try waivers(inFile: file)
        case .list(let items):
            return try items.map { try Waiver(try fields(of: $0, key: .waivers), source: path) }
        case .mapping:
            throw AnalysisError(
                .configuration,
                "\(path): waivers is a list, or the path of a file that holds one",
                hint: "begin each waiver with '- control: '"
            )
        }
    }

    private func waivers(inFile file: String) throws -> [Waiver] {
        let node: Node?
        do {
            node = try BoundedYAML.compose(try Self.text(of: file, atMost: BoundedYAML.largest), named: file)
        } catch is YamlError {
            throw AnalysisError(.configuration, "\(file) is not YAML")
        }
        guard let node else { return [] }
        guard case .sequence(let items) = node else {
            throw AnalysisError(
                .configuration,
                "\(file):1: a list of waivers was expected",
                hint: "begin each with '- control: '"
            )
        }
        return try items.map { item in
            let line = item.mark?.line ?? 1
            guard case .mapping(let members) = item else {
                throw AnalysisError(
                    .configuration,
                    "\(file):\(line): a waiver is a mapping",
                    hint: "begin it with '- control: '"
                )
            }
            var fields: [String: String] = [:]
            for (key, value) in members { fields[key.string ?? ""] = value.string ?? "" }
            return try Waiver(fields, source: "\(file):\(line)")
        }
    }

    /// The members of a mapping, lists joined by commas.
    private func fields(of value: ConfigurationFile.Value, key: ConfigurationKey) throws -> [String: String] {
        guard case .mapping(let members) = value else {
            throw AnalysisError(.configuration, "\(path): \(key.rawValue) takes keys and values")
        }
        return try members.mapValues { member in
            switch member {
            case .text(let text): return text
            case .nothing: return ""
            case .list(let items):
                return items.map { item in if case .text(let text) = item { text } else { "" } }.joined(separator: ",")
            case .mapping: throw AnalysisError(.configuration, "\(path): \(key.rawValue) is nested too deep")
            }
        }
    }

    private static func text(of file: String, atMost most: Int) throws -> String {
        do {
            return String(decoding: try PlainFile.named(file, atMost: most), as: UTF8.self)
        } catch let error as EvidenceError {
            throw Problem(
                .configuration,
                error.summary,
                hint: error.hint ?? "check its path, and that this user may read it"
            )
        }
    }

    /// The most bytes of an action plan: a few hundred thousand rows.
    private static let largestPlan = 128 << 20
}
