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

    /// On a desktop no address of mail or event id is broken, and nothing scrolls inside the page but sideways; on a telephone
    /// what is wider than the screen says so.
    func isCalm() throws {
        let lines = "Array.from(document.querySelectorAll('.e td:nth-child(3) a, .e th[scope=row]'))"
        let hints = "Array.from(document.querySelectorAll('.chart .hint')).map(h => h.offsetHeight > 0).join()"
        let desktop: [String: Any] = ["size": ["width": 1400, "height": 900]]
        let seen = try browse([
            desktop, ["evaluate": "\(lines).filter(c => c.offsetParent).length > 100"],
            [
                "evaluate":
                    "\(lines).filter(c => c.offsetParent).every(c => { let r = document.createRange(); r.selectNodeContents(c); return r.getClientRects().length === 1; })"
            ],
            [
                "evaluate":
                    "Array.from(document.querySelectorAll('.scroll')).every(b => b.scrollHeight <= b.clientHeight + 1)"
            ],
            ["evaluate": hints], ["size": ["width": 390, "height": 844]], ["evaluate": hints],
            [
                "evaluate":
                    "Array.from(document.querySelectorAll('.scroll, .pan')).filter(b => b.scrollWidth > b.clientWidth).every(b => getComputedStyle(b).backgroundImage.includes('gradient'))"
            ],
        ])
        #expect(seen.results.map { "\($0)" } == ["1", "1", "1", "false,false", "true,true", "1"], "\(seen.results)")
    }

    /// Tables sort, filter, page and save; links bring up rows of other pages; the keyboard is enough; paper says where the rest is.
    func works() throws {
        try isAccessible()
        try isCalm()
        let downloads = folder + "/downloads"
        try FileManager.default.createDirectory(atPath: downloads, withIntermediateDirectories: true)
        let table = "document.querySelector('table[data-name=\"recent-events\"]')"
        let shown = "Array.from(\(table).tBodies[0].rows).filter(r => !r.hidden)"
        let box = "document.querySelector('input[aria-label=\"Filter: Recent events\"]')"
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
            ["evaluate": "document.querySelector('button[aria-label=\"Save as CSV: Recent events\"]').click(); 1"],
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
        let saved = try String(contentsOfFile: downloads + "/shown-recent-events.csv", encoding: .utf8)
        let lines = saved.split(separator: "\r\n")
        #expect(lines.first?.hasSuffix("Time (UTC),Action,Actor,Resource,Address,Event") == true)
        #expect(lines.count > 5 && lines.dropFirst().allSatisfy { $0.contains(",api_key.revoked,") }, "\(saved)")
        try isReadableOnPaper()
    }

    /// On paper are the first rows of the page of events that was in sight, and where the rest is; every page has its number
    /// and, but for the first, says what it belongs to.
    private func isReadableOnPaper() throws {
        let page = try String(contentsOfFile: bundle + "/report.html", encoding: .utf8)
        let events = page.matches(of: /<tr id="event-\d+">.*?<th scope="row">(evt-\d+)<\/th>/).map { String($0.1) }
        #expect(events.count == 1000)
        let running = try #require(page.firstMatch(of: /data-running="([^"]+)"/)).1
        for paper in ["a4", "letter"] {
            let text = try runCommand("pdftotext", ["-layout", "\(folder)/\(paper).pdf", "-"]).output
            let table = text.split(separator: "Recent events\n").last ?? ""
            #expect(table.contains("at most 25 rows are printed; all are in events.csv"))
            let printed = events.filter { table.contains($0) }
            // The page of a hundred that the link of the steps before brought up.
            #expect(printed == Array(events[200..<225]), "\(paper): \(printed.count)")
            let pages = text.split(separator: "\u{C}").map(String.init)
            #expect(pages.count <= (paper == "a4" ? 14 : 15), "\(paper): \(pages.count)")
            for (number, page) in pages.enumerated() {
                #expect(page.contains("\(number + 1) / \(pages.count)"), "\(paper)")
                #expect(page.contains(running) == (number > 0), "\(paper), page \(number + 1)")
            }
        }
    }
}
