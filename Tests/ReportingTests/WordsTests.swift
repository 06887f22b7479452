import Analysis
import Foundation
import Reporting
import Templates
import TestSupport
import Testing

/// The words of reports: complete in every language, each of them used, each used one there.
@Suite struct WordsTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Groups whose names are made in code, of a status for example.
    private static let made = ["format.", "verdict.", "severity.", "control.", "framework."]

    @Test func everyLanguageSaysEverything() throws {
        for language in Words.languages {
            let words = try TemplateLibrary.builtIn().words(language)
            #expect(words.missing.isEmpty, "\(language): \(words.missing)")
            #expect(words.language == language)
        }
        #expect(Words.languages.contains("de"))
    }

    /// What a place is called is the program's business: a translation can't invent one.
    @Test(arguments: ["en", "de"]) func everyLanguageHasTheSamePlaces(_ language: String) throws {
        let folder = Self.sources.appendingPathComponent("templates/words")
        let own = try String(contentsOf: folder.appendingPathComponent("\(language).yaml"), encoding: .utf8)
        var mistakes: [String] = []
        _ = Words.of(language, own: own) { line, message, _ in mistakes.append("\(line): \(message)") }
        #expect(mistakes.isEmpty)
    }

    @Test func everyWordIsUsedAndEveryUsedOneExists() throws {
        let code = try Self.texts(under: "Sources", ending: ".swift")
        let templates =
            try Self.texts(under: "templates", ending: "html") + Self.texts(under: "templates", ending: "csv")
        let asked =
            Set(code.matches(of: /(?:words|self)\(\s*"([a-z_]+\.[A-Za-z0-9_.-]+)"/).map { String($0.1) })
            .union(code.matches(of: /words\.count\([^"\n]*, "([a-z_]+)"\)/).map { "count.\($0.1)" })
            .union(templates.matches(of: /\{\{[#^]?words\.([a-z0-9_]+)\}\}/).map { "page.\($0.1)" })
        for name in asked.sorted() {
            let isThere = Words.english.has(name)
            #expect(isThere, "\(name) is asked for and not there")
        }
        for group in ["count", "remedy", "subject", "finding", "change", "page"] {
            for name in Words.english.names(in: group) where !Self.made.contains(where: "\(group).\(name)".hasPrefix) {
                // Names that code chooses among stand in quotes somewhere.
                let isNamed =
                    asked.contains("\(group).\(name)") || code.contains("\"\(name)\"")
                    || code.contains("\"\(group).\(name)\"")
                #expect(isNamed, "\(group).\(name) is used nowhere")
            }
        }
    }

    /// A word of the page that names files is a list of pieces, of which a plain tag prints the number.
    @Test func wordsOfPiecesAreRenderedPieceByPiece() throws {
        let templates = try Self.texts(under: "templates", ending: "html")
        let plain = Set(templates.matches(of: /\{\{words\.([a-z0-9_]+)\}\}/).map { String($0.1) })
        try #require(plain.count > 100)
        for name in plain.sorted() {
            let isText = !Words.english("page.\(name)").contains("`")
            #expect(isText, "page.\(name) wants {{#words.\(name)}}{{>prose}}{{/words.\(name)}}")
        }
    }

    /// Names of controls are made of their ids: each has what it needs, and nothing else stands there.
    @Test func controlsSayWhatTheyHaveTo() {
        let needed: Set = ["title", "failure", "rationale", "test", "limits", "fail", "not_proven"]
        var names = Set(Words.english.names(in: "control"))
        for control in ControlCatalogue.controls {
            for name in needed {
                let isThere = names.remove("\(control.id).\(name)") != nil
                #expect(isThere, "control.\(control.id).\(name)")
            }
            for name in ["review", "manual"] { names.remove("\(control.id).\(name)") }
        }
        #expect(names.isEmpty)
    }

    @Test func everyDocumentedActionIsSaid() {
        let names = KnownActions.all.map { $0.name.replacing(".", with: "_") }
        #expect(Words.english.names(in: "action") == names.sorted())
        for (name, action) in zip(names, KnownActions.all) {
            #expect(Words.english("action.\(name)") == action.description)
        }
    }

    @Test func wordsOfThePageHaveNoPlaces() {
        for name in Words.english.names(in: "page") {
            #expect(!Words.english("page.\(name)").contains("{"), "page.\(name)")
        }
    }

    @Test func aCountChoosesTheForm() throws {
        let german = try TemplateLibrary.builtIn().words("de")
        #expect(Words.english.count(1, "event") == "1 event")
        #expect(Words.english.count(1284, "event") == "1,284 events")
        #expect(german.count(1284, "event") == "1.284 Ereignisse")
        #expect(Words.english.list(["a", "b", "c"]) == "a, b and c")
        #expect(Words.english.moment("2026-10-25T02:11:09Z") == "2026-10-25 02:11 UTC")
        #expect(Words.english.moment("2026-10-25T00:00:00Z") == "2026-10-25")
    }

    /// Two times that differ never look alike in one sentence, and a time that somebody chose is not rounded.
    @Test func timesOfOneSentenceAreToldApart() {
        func shown(_ from: String, _ to: String) -> [String] {
            let places = Words.english.between(from, to)
            return ["from", "to"].map { if case .text(let text)? = places[$0] { text } else { "" } }
        }
        #expect(
            shown("2026-10-25T02:11:09Z", "2026-10-25T03:11:09Z") == ["2026-10-25 02:11 UTC", "2026-10-25 03:11 UTC"]
        )
        #expect(
            shown("2026-10-25T02:11:09Z", "2026-10-25T02:11:41.5Z")
                == ["2026-10-25 02:11:09 UTC", "2026-10-25 02:11:41.5 UTC"]
        )
        #expect(
            shown("2026-10-25T02:11:09Z", "2026-10-25T02:11:09Z") == ["2026-10-25 02:11 UTC", "2026-10-25 02:11 UTC"]
        )
        #expect(
            Words.english.span(from: "2026-10-25T02:11:00Z", to: "2026-10-25T02:11:09Z")
                == "2026-10-25 02:11 UTC to 2026-10-25 02:11:09 UTC"
        )
        #expect(Words.english.exactly("2026-10-25T00:00:00Z") == "2026-10-25")
        #expect(Words.english.exactly("2026-10-25T02:11:00Z") == "2026-10-25 02:11 UTC")
        #expect(Words.english.exactly("2026-10-25T02:11:00.25Z") == "2026-10-25 02:11:00.25 UTC")
    }

    @Test func aFolderOfTemplatesReplacesWords() throws {
        try withTemporaryFolder { folder in
            let file = URL(fileURLWithPath: folder).appendingPathComponent("words")
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
            try Data("verdict:\n  fail: Missed\npage:\n  own_greeting: Hello\n".utf8)
                .write(to: file.appendingPathComponent("en.yaml"))
            try Data("verdict:\n  pass: Réussi\n".utf8).write(to: file.appendingPathComponent("fr.yaml"))
            let library = try TemplateLibrary(overlay: folder)
            #expect(library.check().isEmpty)
            #expect(library.languages == ["de", "en", "fr"])
            #expect(try library.words("en").status(.fail) == "Missed")
            #expect(try library.words("en").status(.pass) == "Passed")
            #expect(try library.words("en")("page.own_greeting") == "Hello")
            let french = try library.words("fr")
            #expect(french.status(.pass) == "Réussi")
            #expect(french.missing.contains("verdict.fail"))
            #expect(throws: ReportingError.self) { try library.words("nl") }
        }
    }

    @Test(arguments: [
        ("verdict:\n  fial: Missed\n", 2, "verdict.fial", "verdict.fail"),
        ("verdict:\n  fail: [a]\n", 2, "is a list", ""),
        ("count:\n  event: \"{number} events\"\n", 2, "no place {number}", "{count}"),
        ("verdict:\n  fail: a\n  fail: b\n", 2, "stands twice", ""),
        ("verdict: [\n", 2, "did not find", ""),
    ]) func mistakesAreNamedWithTheirLine(_ text: String, _ line: Int, _ message: String, _ hint: String) throws {
        try withTemporaryFolder { folder in
            let file = URL(fileURLWithPath: folder).appendingPathComponent("words")
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file.appendingPathComponent("de.yaml"))
            let problems = try TemplateLibrary(overlay: folder).check()
            #expect(problems.count == 1)
            #expect(problems.first?.file == "words/de.yaml")
            #expect(problems.first?.line == line)
            #expect(problems.first?.message.contains(message) == true)
            #expect(hint.isEmpty || problems.first?.hint?.contains(hint) == true)
        }
    }

    private static func texts(under folder: String, ending: String) throws -> String {
        let root = sources.appendingPathComponent(folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(ending) }
        return try names.sorted().map { try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8) }
            .joined(separator: "\n")
    }
}
