import Foundation

/// What a reader sees of a page.
package struct PageText {
    /// The page as it was rendered.
    package let html: String

    /// Reads a page.
    package init(_ html: String) { self.html = html }

    /// The part of the page with an id, up to the next section.
    package func section(_ id: String) -> String {
        guard let start = html.range(of: "id=\"\(id)\"") else { return "" }
        let rest = html[start.upperBound...]
        let end = rest.range(of: "</section>")?.lowerBound ?? rest.endIndex
        return String(rest[..<end])
    }

    /// The text of a piece of HTML, one blank between its words.
    package static func text(_ html: String) -> String {
        var text = html.replacing(/<(style|script)(?s).*?<\/(style|script)>/, with: " ")
        text = text.replacing(/<[^>]*>/, with: "")
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replacingOccurrences(of: entity, with: character)
        }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// All that is read out or shown, labels for those who don't see the page included.
    package var everything: String {
        let labels = html.matches(of: /aria-label="([^"]*)"/).map { String($0.1) }
        let body = html.replacing(/<(style|script)(?s).*?<\/(style|script)>/, with: " ").replacing(/<[^>]*>/, with: " ")
        return Self.text(body) + " " + labels.joined(separator: " ")
    }

    /// The evidence banner: its state and what it says.
    package var banner: (state: String, text: String) {
        guard let found = html.firstMatch(of: /<div class="banner b-([a-z]+)"((?s).*?)<\/div>/) else { return ("", "") }
        return (String(found.1), Self.text(String(found.2).replacing("</p>", with: " ").replacing("</h2>", with: " ")))
    }

    /// The report in one sentence.
    package var conclusion: String {
        html.firstMatch(of: /<p class="conclusion">((?s).*?)<\/p>/).map { Self.text(String($0.1)) } ?? ""
    }

    /// The table of controls: verdict and id of each row.
    package var controls: [(status: String, id: String)] {
        section("controls").matches(of: /<tr class="v-([a-z_]+)">((?s).*?)<\/tr>/).compactMap { row in
            String(row.2).firstMatch(of: /<span class="id">([^<]+)</).map { (String(row.1), String($0.1)) }
        }
    }

    /// The counts of controls: by severity's place, then by verdict.
    package var grid: [[String: Int]] {
        guard let table = html.firstMatch(of: /<table class="grid">((?s).*?)<\/table>/).map({ String($0.1) }) else {
            return []
        }
        let columns = table.matches(of: /<th scope="col"(?s).*?#shape-([a-z_]+)"/).map { String($0.1) }
        return table.matches(of: /<tr><th scope="row">((?s).*?)<\/tr>/).map { row in
            let cells = String(row.1).matches(of: /<td class="n[^"]*">([0-9.,]+)<\/td>/).map { Int($0.1) ?? -1 }
            return Dictionary(uniqueKeysWithValues: zip(columns, cells))
        }
    }
}
