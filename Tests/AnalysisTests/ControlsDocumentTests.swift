import Foundation
import Testing

@testable import Analysis

/// The catalogue against what judges it, and against the table of docs/controls.md.
@Suite struct ControlsDocumentTests {
    @Test("Every control is judged, by one logic")
    func logic() {
        // Waivers are judged when all other findings are there.
        let unjudged = ControlCatalogue.controls.filter { ControlLogic.judge($0) == nil }
        #expect(unjudged.map(\.id) == ["WAIVER-EXPIRED"])
        let ids = ControlLogic.lists.flatMap(\.keys)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { ControlCatalogue.control($0).map { $0.expects == nil } == true })
    }

    @Test("docs/controls.md has a row for each, with the catalogue's words, and no other")
    func rows() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/controls.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        try #require(rows.count == ControlCatalogue.controls.count)
        for (row, control) in zip(rows, ControlCatalogue.controls) {
            var test = control.test
            if let threshold = control.threshold {
                let bound = threshold.isLooserWhenLess ? "at least" : "at most"
                test += " Threshold: \(threshold.value) \(threshold.unit), \(bound) \(threshold.limit)."
            }
            #expect(row.count == 4 && row[0] == "`\(control.id)` \(control.title)", "\(control.id)")
            #expect(row[1] == control.severity.rawValue && row[2] == test && row[3] == control.limits, "\(control.id)")
        }
    }
}
