import CTemplates
import Evidence
import Yams

/// Reads files of words: YAML, a text for each name; `one` and `other` where a text counts.
enum WordsFile {
    /// What is wrong with a file of words.
    struct Mistake: Error, Sendable {
        /// The line, from 1.
        var line: Int
        /// What is wrong, and what to do.
        var message: String
    }

    /// The phrases of a file by name.
    ///
    /// - Throws: ``Mistake`` for what is no such file.
    static func phrases(of text: String) throws -> [(name: String, phrase: Phrase, line: Int)] {
        let root: Node?
        do {
            // Every value is a text: what else it might be is not looked for.
            root = try Yams.compose(yaml: text, .basic)
        } catch {
            throw mistake(of: error)
        }
        var phrases: [(name: String, phrase: Phrase, line: Int)] = []
        guard let root, root.scalar?.string.isEmpty != true else { return [] }
        try read(root, name: "", into: &phrases)
        return phrases
    }

    private static func read(
        _ node: Node,
        name: String,
        into phrases: inout [(name: String, phrase: Phrase, line: Int)]
    ) throws {
        let line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar): phrases.append((name, Phrase(scalar.string), line))
        case .mapping(let mapping):
            func text(_ name: String) -> String? {
                mapping.first { $0.key.scalar?.string == name }?.value.scalar?.string
            }
            if let other = text("other"),
                mapping.allSatisfy({ ["other", "one"].contains($0.key.scalar?.string) })
            {
                phrases.append((name, Phrase(other, one: text("one")), line))
                return
            }
            for (key, value) in mapping {
                guard let part = key.scalar?.string else { continue }
                try read(value, name: name.isEmpty ? part : "\(name).\(part)", into: &phrases)
            }
        case .sequence, .alias:
            throw Mistake(line: line, message: "'\(name)' is a list; a text, or 'one' and 'other', is expected")
        }
    }

    private static func mistake(of error: any Error) -> Mistake {
        guard let error = error as? YamlError else { return Mistake(line: 1, message: "\(error)") }
        return switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Mistake(line: mark.line, message: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            Mistake(
                line: context.mark.line,
                message: "the name \(keys.map { "\($0)" }.joined(separator: ", ")) stands twice"
            )
        default: Mistake(line: 1, message: "\(error)")
        }
    }

    /// The text of a file of words that is part of the binary; nil for a language that is not.
    static func builtIn(_ language: String) -> String? {
        let name = "words/\(language).yaml"
        for index in 0..<heed_template_count() {
            let template = heed_template_at(index)
            guard String(cString: template.name) == name else { continue }
            return String(decoding: UnsafeBufferPointer(start: template.bytes, count: template.count), as: UTF8.self)
        }
        return nil
    }
}

extension Words {
    /// What a name says in every language that is part of the binary.
    static func everyLanguage(_ name: String) -> [String] { languages.map { builtIn($0)(name) } }

    /// The words of a language that is part of the binary, laid over English.
    static func builtIn(_ language: String) -> Words {
        let own = phrases(of: WordsFile.builtIn(language) ?? "", language)
        guard language != "en" else { return Words("en", own, over: own) }
        return Words(language, own, over: english.all)
    }

    private static func phrases(of text: String, _ language: String) -> [String: Phrase] {
        do {
            return Dictionary(try WordsFile.phrases(of: text).map { ($0.name, $0.phrase) }) { first, _ in first }
        } catch {
            // These files are part of the program: one that can't be read is a mistake of whoever built it, and the tests
            // read them.
            fatalError("words/\(language).yaml: \(error)")
        }
    }

    /// The words of a language, with a user's own laid over them.
    ///
    /// - Parameters:
    ///   - language: Such as `de`.
    ///   - own: The text of the user's file of that language; nil for none.
    ///   - mistakes: Receives a line and a message for each mistake in that file; what they are about is left out.
    /// - Returns: The words; nil for a language that neither the binary nor the user has.
    package static func of(
        _ language: String,
        own: String?,
        mistakes: (_ line: Int, _ message: String, _ hint: String?) -> Void = { _, _, _ in }
    ) -> Words? {
        guard own != nil || language == "en" || WordsFile.builtIn(language) != nil else { return nil }
        let base = language == "en" ? english : builtIn(language)
        guard let own else { return base }
        var phrases: [String: Phrase] = [:]
        do {
            let names = Array(english.all.keys)
            for (name, phrase, line) in try WordsFile.phrases(of: own) {
                guard let original = english.all[name] else {
                    // Words of the user's own templates.
                    if name.hasPrefix("page.own_") {
                        phrases[name] = phrase
                    } else {
                        let nearest = name.nearest(among: names)
                        mistakes(line, "no report says '\(name)'", nearest.map { "did you mean '\($0.name)'?" })
                    }
                    continue
                }
                let strangers = phrase.places.subtracting(original.places).sorted()
                guard strangers.isEmpty else {
                    let known = original.places.sorted().map { "{\($0)}" }.joined(separator: " ")
                    mistakes(
                        line,
                        "'\(name)' has no place {\(strangers[0])}",
                        known.isEmpty ? "it has none" : "it has \(known)"
                    )
                    continue
                }
                phrases[name] = phrase
            }
        } catch let mistake as WordsFile.Mistake {
            mistakes(mistake.line, mistake.message, nil)
        } catch {
            mistakes(1, "\(error)", nil)
        }
        // A language of the user's alone is English where its file says nothing.
        guard WordsFile.builtIn(language) != nil else { return Words(language, phrases, over: english.all) }
        return Words(language, base.all.merging(phrases) { $1 }, over: base.all)
    }

    /// The languages that are part of the binary.
    package static let languages: [String] = (0..<heed_template_count()).compactMap { index in
        let name = String(cString: heed_template_at(index).name)
        guard name.hasPrefix("words/"), name.hasSuffix(".yaml") else { return nil }
        return String(name.dropFirst(6).dropLast(5))
    }
}
