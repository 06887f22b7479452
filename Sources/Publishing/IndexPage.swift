import Analysis
import Evidence
import Foundation
import Reporting
import Templates

/// The page that lists an organization's bundles: HTML in the look and the words of the reports, without a script.
///
/// It is made here and not by a template, because it links to files, whose names a template may not put into an address.
struct IndexPage {
    /// How pages look and what they say.
    struct Look {
        /// The language of the newest report.
        var words = Words.english
        /// The text of the page's `<style>`.
        var style = ""
        /// The drawings of verdicts and severities.
        var shapes = ""
        /// Another one for another look.
        var key = ""

        /// The look of the built-in set, in English.
        init() { self.init(.builtIn(), .english) }

        /// The look of a set of templates.
        init(_ library: TemplateLibrary, _ words: Words) {
            self.words = words
            let style = library.literalText(ofPieces: ["theme.css", "brand.css", "page.css", "index.css"])
            // What would end the element is left out with all that follows it.
            let end = style.range(of: "</", options: .caseInsensitive)?.lowerBound ?? style.endIndex
            // The Nu checker reckons the hash of a text without the white space at its ends.
            self.style = style[..<end].trimmingCharacters(in: .whitespacesAndNewlines)
            shapes = library.literalText(ofPieces: ["shapes.html"])
            key = "\(library.digest) \(words.language)"
        }
    }

    let look: Look
    /// The bundles, those of the newest evidence first.
    let heads: [ManifestHead]
    /// The name of the bundle that `latest` leads to.
    let latest: String?
    /// How many bundles a page lists.
    var perPage = 100
    /// The whole of a bundle's manifest by its place among the heads.
    let manifest: (Int) -> Manifest?

    private static let first = "index.html"

    private var words: Words { look.words }

    /// Whether a name is that of a page.
    static func isPage(_ name: String) -> Bool {
        if name == first { return true }
        guard name.utf8.starts(with: "index-".utf8), name.utf8.count < 20, name.hasSuffix(".html") else { return false }
        let number = name.utf8.dropFirst(6).dropLast(5)
        return !number.isEmpty && number.first != UInt8(ascii: "0") && number.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// All pages: `index.html` lists the newest bundles, `index-1.html` the oldest, and so on.
    ///
    /// The older ones are counted from the oldest, so that a new bundle changes no more than the last of them.
    ///
    /// - Parameter intact: The bytes of a page that stands already and can be relied on.
    /// - Returns: The pages; nil in the place of one that stands as it would be made.
    func files(besides intact: (String) -> [UInt8]? = { _ in nil }) -> [(name: String, html: String?)] {
        let back = "<p class=\"note\"><a href=\"\(Self.first)\">\(escaped(words("index.newest")))</a></p>\n"
        let older = olderPages.map { name, places -> (String, String?) in
            let key = key(of: places)
            if let known = intact(name), Self.isMade(known, of: key) { return (name, nil) }
            return (name, html(places, note: back, key: key))
        }
        return [(Self.first, html)] + older
    }

    /// What is not on the first page, the oldest page first.
    private var olderPages: [(name: String, places: Range<Int>)] {
        stride(from: heads.count, to: perPage, by: -perPage).enumerated().map { number, end in
            ("index-\(number + 1).html", max(perPage, end - perPage)..<end)
        }
    }

    /// Tells an older page from one that lists other bundles, or looks otherwise.
    private func key(of places: Range<Int>) -> String {
        let names = places.map { heads[$0].bundle + (heads[$0].bundle == latest ? " latest" : "") }
        return Digest.sha256(
            ([look.key, heads[places.lowerBound].organization.id, "pins"] + names).joined(separator: "\n").utf8
        )
    }

    private static func isMade(_ page: [UInt8], of key: String) -> Bool {
        page.split(separator: 10).contains { $0.elementsEqual("<body data-list=\"\(key)\">".utf8) }
    }

    /// The first page.
    var html: String {
        let older = heads.count - perPage
        guard older > 0 else { return html(0..<heads.count, note: "", key: nil) }
        let links = olderPages.reversed().map { page in
            let days = [page.places.upperBound - 1, page.places.lowerBound].map {
                escaped(String(heads[$0].asOf.prefix(10)))
            }
            return "<a href=\"\(page.name)\">\(days.joined(separator: " – "))</a>"
        }
        let text = escaped(words("index.older", ["count": .number(older)]))
        return html(0..<perPage, note: "<p class=\"note\">\(text) \(links.joined(separator: ", "))</p>\n", key: nil)
    }

    private func html(_ places: Range<Int>, note: String, key: String?) -> String {
        let shown = places.compactMap(manifest)
        let organization = shown.first?.organization
        let isFirst = places.lowerBound == 0
        let name = organization.map { $0.name.isEmpty ? $0.id : $0.name } ?? ""
        let title = escaped("\(words("index.title")): \(name)")
        let policy = ContentSecurityPolicy(styles: [look.style], scripts: []).text
        return """
            <!doctype html>
            <html lang="\(escaped(words.language))">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(escaped(policy))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>\(look.style)</style>
            </head>
            <body\(key.map { " data-list=\"\($0)\"" } ?? "")>
            \(look.shapes)\(Self.stateShapes)
            <div class="sheet index">
            <main>
            <header class="cover">
            <p class="kicker">\(escaped(words("index.title")))</p>
            <h1><bdi>\(escaped(name))</bdi></h1>
            <p class="span">\(escaped(words("index.count", ["count": .number(isFirst ? heads.count : places.count)])))</p>
            </header>
            \(isFirst ? IndexTrend(heads: heads, words: words, manifest: manifest).html : "")\(table(shown, note))</main>
            </div>
            </body>
            </html>

            """
    }

    // MARK: The table

    private func table(_ shown: [Manifest], _ note: String) -> String {
        let columns = ["period", "evidence", "events", "attention", "others", "as_of", "files"].map { column in
            "<th scope=\"col\"\(column == "events" ? " class=\"n\"" : "")>\(escaped(words("index.column_\(column)")))</th>"
        }
        return """
            <section>
            <h2 id="reports-title">\(escaped(words("index.reports")))</h2>
            <div class="scroll whole" role="region" aria-labelledby="reports-title" tabindex="0">
            <table>
            <thead><tr>\(columns.joined())</tr></thead>
            <tbody>
            \(shown.map(row).joined())</tbody>
            </table>
            </div>
            \(note)</section>

            """
    }

    private func row(_ bundle: Manifest) -> String {
        let events = bundle.summary.map { words.number($0.events) } ?? "–"
        let head = "<code>\(escaped(String(bundle.evidence.head.prefix(8))))</code>"
        let entry = escaped(words("index.entry", ["entry": .number(bundle.evidence.entry)]))
        return """
            <tr\(pinned(by: bundle))><th scope="row">\(link(to: bundle))</th>\(cell("evidence", state(of: bundle)))\
            \(cell("events", escaped(events), "n"))\
            \(cell("attention", "<span class=\"marks\">\(attention(of: bundle))</span>"))\
            \(cell("others", others(of: bundle), "others"))\
            \(cell("as_of", "\(escaped(words.moment(bundle.asOf)))<span class=\"second\">\(entry), \(head)</span>", "t"))\
            \(cell("files", files(of: bundle), "files"))</tr>

            """
    }

    /// A cell, which on a narrow screen has its column's name before it.
    private func cell(_ column: String, _ content: String, _ kind: String = "") -> String {
        let kind = kind.isEmpty ? "" : " class=\"\(kind)\""
        return "<td\(kind) data-label=\"\(escaped(words("index.column_\(column)")))\"><div>\(content)</div></td>"
    }

    private func link(to bundle: Manifest) -> String {
        let page = bundle.files.contains { $0.name == "report.html" } ? "report.html" : ""
        let name = bundle.period.inWords(words)
        let mark = bundle.bundle == latest ? "<span class=\"second\">\(escaped(words("index.latest")))</span>" : ""
        return "<a href=\"\(address(bundle.bundle))/\(page)\"><bdi>\(escaped(name))</bdi></a>\(mark)"
    }

    private func state(of bundle: Manifest) -> String {
        let state = bundle.state
        var text = mark("st-\(state)", "state-\(state)", words("index.state_\(state)"))
        if let to = bundle.summary?.completeTo, ["complete", "running"].contains(state) {
            text += "<span class=\"second\">\(escaped(words("index.up_to", ["time": .text(words.moment(to))])))</span>"
        }
        return text
    }

    /// How many findings of each severity failed or are not proven.
    private func attention(of bundle: Manifest) -> String {
        let marks = Severity.allCases.compactMap { severity -> String? in
            let count = bundle.open(severity)
            guard count > 0 else { return nil }
            let word = words("severity.\(severity.rawValue)")
            return mark(severity.rawValue, "shape-\(severity.rawValue)", "\(words.number(count)) \(word)")
        }
        return marks.isEmpty ? mark("s-pass", "shape-pass", words("index.nothing_open")) : marks.joined()
    }

    private func others(of bundle: Manifest) -> String {
        let open = [Status.fail.rawValue, Status.notProven.rawValue]
        var order: [String] = []
        var counts: [String: Int] = [:]
        for finding in bundle.findings where !open.contains(finding.status) {
            if counts[finding.status] == nil { order.append(finding.status) }
            counts[finding.status, default: 0] += finding.count
        }
        let parts = order.map { status in
            let word = words.has("verdict.\(status)") ? words("verdict.\(status)") : status
            return "\(escaped(word)): \(words.number(counts[status] ?? 0))"
        }
        return parts.isEmpty ? "–" : parts.joined(separator: "<br>")
    }

    /// Documents by name, and tables and proofs behind a word that opens.
    private func files(of bundle: Manifest) -> String {
        let names = bundle.files.map(\.name)
        let tables = names.filter { $0.hasSuffix(".csv") }
        let documents = names.filter { !$0.hasSuffix(".csv") && !TemplateLibrary.isSchema($0) }
        let others =
            tables + names.filter(TemplateLibrary.isSchema) + [Manifest.fileName, Checksums.fileName]
            + (bundle.inputs.parts["signer"] == nil ? [] : [SigningKey.signatureFile])
        func links(_ names: [String]) -> String {
            names.map { "<a href=\"\(address(bundle.bundle))/\(address($0))\"><bdi>\(escaped($0))</bdi></a>" }
                .joined(separator: " ")
        }
        let more = escaped(words("index.more_files", ["count": .number(others.count)]))
        return "\(links(documents))<details><summary>\(more)</summary>\(links(others))</details>"
    }

    private func mark(_ kind: String, _ shape: String, _ text: String) -> String {
        "<span class=\"mark \(kind)\"><svg aria-hidden=\"true\"><use href=\"#\(shape)\"/></svg>\(escaped(text))</span>"
    }

    private func escaped(_ text: String) -> String { Self.escaped(text) }

    /// A text from outside in HTML.
    static func escaped(_ text: String) -> String {
        var counts = EscapingCounts()
        return Escaping(.html).escaped(text, counts: &counts)
    }

    /// A file's name in an address below the page's own: it is never taken for another place, nor for a scheme.
    func address(_ name: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return name.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// A shape for each state of the evidence, so that none is told by its colour alone.
    private static let stateShapes = """
        <svg width="0" height="0" aria-hidden="true">
        <symbol id="state-complete" viewBox="0 0 12 12"><path fill="none" stroke-width="2.500" d="m1 6.500 3.500 3.500L11 2"/></symbol>
        <symbol id="state-running" viewBox="0 0 12 12"><path stroke="none" d="M2 1l9 5-9 5z"/></symbol>
        <symbol id="state-incomplete" viewBox="0 0 12 12"><path fill="none" stroke-width="2" d="M8 1.500A5 5 0 1 0 11 6"/></symbol>
        <symbol id="state-unknown" viewBox="0 0 12 12"><path fill="none" stroke-width="2" d="M3 4a3 3 0 1 1 4.200 2.700C6.300 7.100 6 7.500 6 8.500m0 1.500v2"/></symbol>
        <symbol id="state-damaged" viewBox="0 0 12 12"><path fill="none" stroke-width="2.500" d="m2 2 8 8m0-8-8 8"/></symbol>
        <symbol id="state-restored" viewBox="0 0 12 12"><path fill="none" stroke-width="2" d="M11 10V7a3 3 0 0 0-3-3H2m3-3L2 4l3 3"/></symbol>
        <symbol id="state-untold" viewBox="0 0 12 12"><path fill="none" stroke-width="2.500" d="M1 6h10"/></symbol>
        </svg>
        """
}

extension Manifest {
    /// The state of the evidence in one word: `damaged` and `restored` come before what was proven then.
    var state: String {
        if let evidenceState, evidenceState != EvidenceState.sound.rawValue,
            EvidenceState(rawValue: evidenceState) != nil
        {
            return evidenceState
        }
        return summary.flatMap { ReportCompleteness.State(rawValue: $0.completeness)?.rawValue } ?? "untold"
    }

    /// How many findings of a severity failed or are not proven.
    func open(_ severity: Severity) -> Int {
        findings.filter {
            $0.severity == severity.rawValue && [Status.fail.rawValue, Status.notProven.rawValue].contains($0.status)
        }
        .reduce(0) { $0 &+ max(0, $1.count) }
    }
}
