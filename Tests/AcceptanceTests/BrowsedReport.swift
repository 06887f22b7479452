import Foundation
import TestSupport
import Testing

/// A report in headless Chromium, as a person with a mouse, a keyboard or a screen reader meets it.
struct BrowsedReport {
    let bundle: String
    let folder: String

    private static let checkers = Tool.repository + "/.build/checkers"

    /// What the browser saw and what the steps gave.
    private struct Seen {
        var messages: [String]
        var requests: [String]
        var dialogs: [String]
        var results: [Any]
    }

    /// Opens the page and takes steps (scripts/browser.py).
    private func browse(_ steps: [[String: Any]], page: String = "report.html") throws -> Seen {
        let file = folder + "/steps.json"
        try JSONSerialization.data(withJSONObject: steps).write(to: URL(fileURLWithPath: file))
        let result = try runCommand(
            "python3",
            [Tool.repository + "/scripts/browser.py", "\(bundle)/\(page)", file]
        )
        try #require(result.status == 0, "\(result.error)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        return Seen(
            messages: try #require(object["messages"] as? [String]),
            requests: try #require(object["requests"] as? [String]),
            dialogs: try #require(object["dialogs"] as? [String]),
            results: try #require(object["results"] as? [Any])
        )
    }

    /// axe-core finds nothing, light, dark, narrow and at 200 %; the Nu HTML checker has nothing to say.
    func isAccessible(page: String = "report.html") throws {
        let axe: [String: Any] = ["axe": Self.checkers + "/axe.min.js"]
        let seen = try browse(
            [
                ["size": ["width": 1280, "height": 900]], axe, ["media": ["scheme": "dark"]], axe,
                ["size": ["width": 390, "height": 844]], axe,
                ["size": ["width": 640, "height": 450, "scale": 2], "media": ["scheme": "light"]], axe,
                ["evaluate": "document.documentElement.scrollWidth"],
            ],
            page: page
        )
        #expect(seen.messages.isEmpty && seen.dialogs.isEmpty && seen.requests.count == 1, "\(seen)")
        for violations in seen.results.prefix(4) { #expect((violations as? [String]) == [], "\(violations)") }
        #expect((seen.results.last as? Int) == 640, "the page is wider than the window")
        let nu = try runCommand(
            "java",
            [
                "-Xss1m", "-jar", Self.checkers + "/vnu.jar", "--Werror", "--format", "gnu", "--stdout",
                "\(bundle)/\(page)",
            ]
        )
        #expect(nu.status == 0 && nu.output.isEmpty, "\(nu.output)\(nu.error)")
    }

    /// Tables sort, filter, page and save; links bring up rows of other pages; the keyboard is enough; paper holds it all.
    func works() throws {
        try isAccessible()
        let downloads = folder + "/downloads"
        try FileManager.default.createDirectory(atPath: downloads, withIntermediateDirectories: true)
        let table = "document.querySelector('table[data-name=\"recent-events\"]')"
        let shown = "Array.from(\(table).tBodies[0].rows).filter(r => !r.hidden)"
        let box = "document.querySelector('input[aria-label=\"Filter recent events\"]')"
        let filter = "(b => { b.value = 'api_key.revoked'; b.dispatchEvent(new Event('input')); })(\(box))"
        let ids = "\(shown).map(r => r.querySelector('th').textContent)"
        let seen = try browse([
            ["downloads": downloads],
            ["evaluate": "\(shown).length"],
            [
                "evaluate":
                    "\(filter); \(shown).every(r => r.textContent.includes('api_key.revoked')) && \(shown).length > 5"
            ],
            ["evaluate": "\(table).querySelectorAll('th button')[5].focus(); 1"], ["key": "Enter"],
            ["evaluate": "(i => i.join() === i.slice().sort().join() && i.length > 5)(\(ids))"],
            ["evaluate": "\(table).querySelectorAll('[aria-sort]').length"],
            ["evaluate": "document.querySelector('button[aria-label=\"Save as CSV: recent events\"]').click(); 1"],
            ["evaluate": "new Promise(r => setTimeout(() => r(1), 1000))"],
            [
                "evaluate":
                    "new Promise(r => { location.hash = '#' + \(table).tBodies[0].rows[700].id; setTimeout(() => r(document.querySelector(location.hash).hidden), 300) })"
            ],
            ["reload": true],
            ["evaluate": "document.querySelector(location.hash).hidden"],
            [
                "evaluate":
                    "new Set(Array.from(document.querySelectorAll('[id]')).map(e => e.id)).size === document.querySelectorAll('[id]').length"
            ],
            [
                "evaluate":
                    "Array.from(document.querySelectorAll('a[href^=\"#\"]')).filter(a => !document.getElementById(a.hash.slice(1))).length"
            ],
            ["print": folder + "/a4.pdf"], ["print": folder + "/letter.pdf", "paper": [8.5, 11]],
        ])
        #expect(seen.messages.isEmpty && seen.dialogs.isEmpty, "\(seen)")
        let results = seen.results.map { "\($0)" }
        #expect(results == ["100", "1", "1", "1", "1", "1", "1", "0", "0", "1", "0"], "\(results)")
        let saved = try String(contentsOfFile: downloads + "/recent-events.csv", encoding: .utf8)
        let lines = saved.split(separator: "\r\n")
        #expect(lines.first?.hasSuffix("Time (UTC),Action,Actor,Resource,Address,Event") == true)
        #expect(lines.count > 5 && lines.dropFirst().allSatisfy { $0.contains(",api_key.revoked,") }, "\(saved)")
        try isWholeOnPaper()
    }

    /// Every event that the page has is on paper, and every page has its number.
    private func isWholeOnPaper() throws {
        let page = try String(contentsOfFile: bundle + "/report.html", encoding: .utf8)
        let events = page.matches(of: /<tr id="event-\d+">.*?<th scope="row">(evt-\d+)<\/th>/).map { String($0.1) }
        #expect(events.count == 1000)
        for paper in ["a4", "letter"] {
            let text = try runCommand("pdftotext", ["-layout", "\(folder)/\(paper).pdf", "-"]).output
            let missing = events.filter { !text.contains($0) }
            #expect(missing.isEmpty, "\(paper): \(missing.prefix(5))")
            let pages = text.split(separator: "\u{C}").count
            #expect(text.contains("\(pages) / \(pages)"), "\(paper)")
        }
    }
}
