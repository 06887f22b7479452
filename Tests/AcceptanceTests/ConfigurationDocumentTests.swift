import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// The table of settings against the tool's flags and defaults, and the files that are made of it against the table.
@Suite struct ConfigurationDocumentTests {
    @Test func everySettingHasOneRow() {
        #expect(SettingTable.all.map(\.key.rawValue).sorted() == ConfigurationKey.allCases.map(\.rawValue).sorted())
        for row in SettingTable.all {
            #expect(!row.meaning.isEmpty && !row.fallback.isEmpty && !row.example.isEmpty, "\(row.key.rawValue)")
            #expect(!row.brief.isEmpty, "\(row.key.rawValue)")
        }
    }

    @Test func flagsAreThoseOfTheTool() throws {
        let help = try withTemporaryFolder { folder in
            try ["run", "pull", "verify"].map { try Tool.run([$0, "--help"], in: folder).output }.joined()
        }
        for row in SettingTable.all {
            #expect(help.contains("  \(row.key.flag) ") == row.hasFlag, "\(row.key.rawValue)")
        }
    }

    /// All that the settings mean, but for where they come from.
    private func meaning(_ environment: [String: String]) -> (parts: [String: String], mistakes: ConfigurationMistakes)
    {
        let (configuration, mistakes) = ToolConfiguration.examine([], environment: environment)
        var parts: [String: String] = [:]
        for child in Mirror(reflecting: configuration).children {
            guard let label = child.label, !["logger", "origins"].contains(label) else { continue }
            parts[label] = String(reflecting: child.value)
        }
        return (parts, mistakes)
    }

    @Test func aDefaultThatIsGivenChangesNothing() throws {
        let plain = meaning([:]).parts
        for row in SettingTable.all where !row.isStructured {
            guard let value = row.literalDefault else { continue }
            let given = meaning([row.key.environmentVariable: value])
            #expect(given.mistakes.all.isEmpty, "\(row.key.rawValue)")
            var parts = given.parts
            // A period that is named is told apart from none, and means the same.
            if row.key == .period { parts["period"] = plain["period"] }
            #expect(parts == plain, "\(row.key.rawValue)")
        }
    }

    @Test func filesAreWhatTheTableMakes() throws {
        try withTemporaryFolder { folder in
            let made = try runCommand(Tool.repository + "/scripts/setting-files", [Tool.path, folder])
            #expect(made.status == 0, "\(made.error)")
            for path in ["docs/configuration.md", "packaging/etc/heedaudit.yaml"] {
                let name = URL(fileURLWithPath: path).lastPathComponent
                let file = try String(contentsOfFile: "\(Tool.repository)/\(path)", encoding: .utf8)
                let expected = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                #expect(file == expected, "\(path): run make docs")
            }
        }
    }

    @Test func theSampleIsUnderstoodAsItIsAndWithEveryCommentTakenOff() throws {
        let text = try String(contentsOfFile: Tool.repository + "/packaging/etc/heedaudit.yaml", encoding: .utf8)
        let whole = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.prefixMatch(of: /#(  |[a-z])/) != nil ? String(line.dropFirst()) : String(line)
        }
        let asItIs = try ConfigurationFile(path: "sample", text: text)
        #expect(asItIs.mistakes.isEmpty)
        let keys = ConfigurationKey.allCases
        #expect(keys.filter { asItIs[$0] != nil } == [.tokenFile, .archive, .output, .period, .failOn])
        let full = try ConfigurationFile(path: "sample", text: whole.joined(separator: "\n"))
        #expect(full.mistakes.isEmpty)
        #expect(keys.allSatisfy { full[$0] != nil })
        try withTemporaryFolder { folder in
            // Only what contradicts itself on purpose is left out: a period and its ends.
            let kept = whole.filter { !$0.hasPrefix("from: ") && !$0.hasPrefix("to: ") }
            try kept.joined(separator: "\n").write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
            let found = meaning(["HEEDAUDIT_CONFIG": folder + "/c.yaml"]).mistakes.all.map(\.summary)
            #expect(found.allSatisfy { $0.contains("plan.csv") || $0.contains("review.csv") }, "\(found)")
        }
    }
}

extension Setting {
    /// The default as a value that can be given; nil where it is none, or depends on what is met.
    fileprivate var literalDefault: String? {
        guard fallback.hasPrefix("`"), fallback.hasSuffix("`"), fallback.count > 2 else { return nil }
        let value = fallback.dropFirst().dropLast()
        return value.contains("`") ? nil : String(value)
    }
}
