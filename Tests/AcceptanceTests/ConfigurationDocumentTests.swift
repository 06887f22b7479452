import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// docs/configuration.md against the settings that the tool has, in both directions.
@Suite struct ConfigurationDocumentTests {
    /// The cells of the tables whose first column is a key.
    private func rows() throws -> [[String]] {
        let text = try String(contentsOfFile: Tool.repository + "/docs/configuration.md", encoding: .utf8)
        var (rows, isTable): ([[String]], Bool) = ([], false)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            isTable = cells.first == "key" || isTable && line.hasPrefix("|")
            if isTable, cells.first?.hasPrefix("`") == true { rows.append(cells) }
        }
        return rows
    }

    @Test func everySettingIsListedAndNoOther() throws {
        let listed = try rows().map { $0[0].replacing("`", with: "") }
        #expect(listed.sorted() == ConfigurationKey.allCases.map(\.rawValue).sorted())
    }

    @Test func namesAreThoseOfTheTool() throws {
        let help = try withTemporaryFolder { folder in
            try ["run", "pull", "verify"].map { try Tool.run([$0, "--help"], in: folder).output }.joined()
        }
        for row in try rows() {
            let key = try #require(ConfigurationKey(rawValue: row[0].replacing("`", with: "")))
            try #require(row.count == 6, "\(key.rawValue) has \(row.count) cells")
            #expect(row.allSatisfy { !$0.isEmpty }, "\(key.rawValue)")
            let hasFlag = help.contains("  \(key.flag) ")
            #expect(row[1] == (hasFlag ? "`\(key.flag)`" : "–"), "\(key.rawValue)")
            #expect(row[2] == (key.isStructured ? "–" : "`\(key.environmentVariable)`"), "\(key.rawValue)")
        }
    }
}
