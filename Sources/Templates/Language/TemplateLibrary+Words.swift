import Evidence
import Analysis

extension TemplateLibrary {
    private static let wordsFolder = "words/"

    /// Whether a file of the set holds the words of a language.
    static func isWords(_ name: String) -> Bool {
        name.hasPrefix(wordsFolder) && name.hasSuffix(".yaml") && name.split(separator: "/").count == 2
    }

    /// What reports say in a language: the built-in words, and those of the user's folder over them.
    ///
    /// - Throws: ``ReportingError`` with code `template` for a language that nobody has, and for a mistake in its file.
    package func words(_ language: String) throws -> Words {
        let (words, problems) = readWords(language)
        if let first = problems.first {
            let more = problems.count - 1
            throw ReportingError(
                .template,
                first.description + (more > 0 ? " (and \(more) more problems)" : ""),
                hint: first.hint ?? "see docs/words.md"
            )
        }
        guard let words else {
            throw ReportingError(
                .template,
                "there are no words of the language '\(language)'",
                hint:
                    "known are \(languages.joined(separator: ", ")); another is a file words/\(language).yaml in --templates"
            )
        }
        return words
    }

    /// The languages that reports can be in, sorted.
    package var languages: [String] { files.keys.filter(Self.isWords).map(Self.language).sorted() }

    /// What is wrong with the words of the user's folder.
    var wordsProblems: [TemplateProblem] {
        files.values.filter { $0.isUsers && Self.isWords($0.name) }.map { Self.language(of: $0.name) }.sorted()
            .flatMap { readWords($0).problems }
    }

    /// Names of words that the user's own templates bring along.
    var ownWords: Set<String> {
        files.values.filter { $0.isUsers && Self.isWords($0.name) }.reduce(into: []) { names, file in
            let words = readWords(Self.language(of: file.name)).words
            names.formUnion(words?.names(in: "page").filter { $0.hasPrefix("own_") } ?? [])
        }
    }

    private static func language(of name: String) -> String { String(name.dropFirst(wordsFolder.count).dropLast(5)) }

    private func readWords(_ language: String) -> (words: Words?, problems: [TemplateProblem]) {
        let name = "\(Self.wordsFolder)\(language).yaml"
        let own = files[name].flatMap { $0.isUsers ? $0 : nil }
        if let own, !own.isUTF8 {
            return (nil, [TemplateProblem(file: name, line: 1, column: 1, message: "the file is not UTF-8")])
        }
        var problems: [TemplateProblem] = []
        let words = Words.of(language, own: own?.text) { line, message, hint in
            problems.append(TemplateProblem(file: name, line: line, column: 1, message: message, hint: hint))
        }
        return (words, problems)
    }
}

extension Words {
    /// The words of the page as templates name them.
    ///
    /// A text with code in backticks, in English, is a list of parts, each with `text` or `code`.
    package var templateValue: TemplateValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: names(in: Self.page).map { name in
                    let text = self("\(Self.page).\(name)")
                    return (name, Self.hasCode(name) ? .list(Self.parts(of: text)) : .text(text))
                }
            )
        )
    }

    /// The names of these, in the notation of a vocabulary.
    package static var templateNames: String {
        english.names(in: page).map { hasCode($0) ? "\($0)[text code]" : $0 }.joined(separator: " ")
    }

    private static let page = "page"

    private static func hasCode(_ name: String) -> Bool { english("\(page).\(name)").contains("`") }

    private static func parts(of text: String) -> [TemplateValue] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
            if part.isEmpty { return nil }
            let text = TemplateValue.text(String(part))
            return index % 2 == 1 ? ["code": text, "text": .missing] : ["text": text, "code": .missing]
        }
    }
}
