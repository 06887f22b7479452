import Foundation
import Testing

@testable import Analysis

/// Sentences that the ledger may hold, and what its examination finds, against the texts that they are recognised by.
@Suite("Sentences of the ledger")
struct LedgerWordsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Files that write such sentences, and what stands before each of them.
    private static let writers: [(file: String, before: [String])] = [
        (
            "CloudHeed/Log/AuditLogPager+Ending.swift",
            ["because: ", "return ", "? ", ": ", "nil ? "]
        ),
        ("CloudHeed/Log/AuditLogPager+Full.swift", ["because: "]),
        ("Evidence/Intake/LedgerEntry+Pull.swift", ["append(\n                "]),
        ("Auditing/Pull/PullJob+Ends.swift", ["stallReason ?? ", "incompleteBecause: ["]),
        ("Auditing/Pull/LastingFailure.swift", ["words : "]),
        ("Evidence/Archive/Ledger.swift", ["note(", "return ", "? nil : ", "faults.append("]),
        ("Evidence/Archive/LedgerEntry+Sense.swift", ["problems.append("]),
        ("Evidence/Archive/Archive+Examination.swift", ["faults.append(", "found.append("]),
        ("Evidence/Archive/Archive+Unnamed.swift", ["? ", ": "]),
        ("Evidence/Reading/EventSource.swift", ["return "]),
        ("Auditing/Reading/UndatedReading.swift", ["damage.append("]),
        ("Auditing/Reading/ArchivedSnapshot.swift", ["let words = "]),
    ]

    /// Texts of those files that are no sentences of the ledger.
    private static let others: Set = ["", "no reason given"]

    @Test("Every sentence that the program writes is recognised, and every text that recognises is written")
    func everySentence() throws {
        let german = Words.builtIn("de")
        var unused = Set(Words.english.names(in: "ledger"))
        for (file, before) in Self.writers {
            let text = try String(contentsOf: Self.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
            let sentences = Set(before.flatMap { Self.literals(in: text, behind: $0) }).subtracting(Self.others)
            #expect(!sentences.isEmpty, "\(file)")
            for sentence in sentences {
                // Some are said of a line of the ledger.
                let forms = [sentence, "ledger.ndjson:7 \(sentence)"]
                let said = forms.lazy.compactMap { german.ledgerPart($0, depth: 0) }.first
                #expect(said != nil && !forms.contains(said ?? ""), "\(file): \(sentence)")
                for pattern in LedgerPattern.all where forms.contains(where: { pattern.match(Array($0.utf8)) != nil }) {
                    unused.remove(pattern.name)
                }
            }
        }
        // Which of two words stands in that sentence is told by neither.
        #expect(unused == ["link_room"])
    }

    @Test("What stands in places is put into the other language's sentence, sentences within sentences, too")
    func places() {
        let german = Words.builtIn("de")
        #expect(
            german.ledger(
                "after 12 pages the sums do not close; the service says 150 events, 148 different ones were served"
            )
                == "nach 12 Seiten geht die Zählung nicht auf; "
                + "der Dienst nennt 150 Ereignisse, geliefert hat er 148 verschiedene"
        )
        #expect(
            german.ledger("ledger.ndjson:7 entry 7 names events/00000001.ndjson, which is named already")
                == "ledger.ndjson:7 Eintrag 7 nennt events/00000001.ndjson, das schon genannt ist"
        )
        #expect(
            german.ledger("ledger.ndjson:7 is entry 8, expected 7") == "ledger.ndjson:7 ist Eintrag 8, erwartet war 7"
        )
        #expect(
            german.ledger("ledger.ndjson:3 does not follow the line before: the chain is broken")
                == "ledger.ndjson:3 folgt nicht auf die Zeile davor: Die Kette ist gebrochen"
        )
        #expect(
            german.ledger("events is no folder, not the archive's own folder")
                == "events ist kein Ordner, nicht der Ordner des Archivs"
        )
        #expect(
            german.ledger("snapshots is a symbolic link, not the archive's own folder")
                == "snapshots ist eine symbolische Verknüpfung, nicht der Ordner des Archivs"
        )
        // What the service said is quoted as it said it.
        #expect(
            german.ledger(
                "the reading of the whole log was given up at page 3 after 1 attempt: GET /audit: 503 busy, in 3 runs"
            )
                == "das Lesen des ganzen Protokolls wurde bei Seite 3 nach 1 Versuch aufgegeben: GET /audit: 503 busy, in 3 Läufen"
        )
    }

    @Test("What is not recognised is quoted; English stays as it is")
    func strangers() {
        #expect(Words.builtIn("de").ledger("the dog ate it") == "das Journal sagt: „the dog ate it“")
        #expect(Words.english.ledger("the dog ate it") == "the dog ate it")
        let long = "ledger.ndjson:" + String(repeating: "7", count: 1_000_000)
        #expect(Words.builtIn("de").ledger(long).contains(long))
        // Places hold something.
        #expect(Words.builtIn("de").ledger(" is missing").hasPrefix("das Journal sagt"))
    }

    /// The texts behind some words of a program, with a number in every place; pieces that `+` joins are one.
    private static func literals(in text: String, behind words: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let range = rest.range(of: words) {
            rest = rest[range.upperBound...]
            var begin = rest.drop { $0 == " " || $0 == "\n" }
            guard begin.first == "\"" else { continue }
            var literal = ""
            repeat {
                let (piece, end) = self.literal(begin.dropFirst())
                literal += piece
                let next = end.drop { $0 == " " || $0 == "\n" }
                guard next.first == "+" else { break }
                begin = next.dropFirst().drop { $0 == " " || $0 == "\n" }
            } while begin.first == "\""
            // A sentence has several words; conditions and names have one.
            if literal.contains(" ") { found.append(literal) }
        }
        return found
    }

    private static func literal(_ text: Substring) -> (String, Substring) {
        var literal = ""
        var rest = text
        while let character = rest.first, character != "\"" {
            guard character == "\\" else {
                literal.append(character)
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst()
            guard rest.first == "(" else {
                literal += rest.prefix(1)
                rest = rest.dropFirst()
                continue
            }
            var (depth, expression) = (0, "")
            repeat {
                if rest.first == "(" { depth += 1 }
                if rest.first == ")" { depth -= 1 }
                expression += rest.prefix(1)
                rest = rest.dropFirst()
            } while depth > 0 && !rest.isEmpty
            literal += value(of: expression)
        }
        return (literal, rest.dropFirst())
    }

    /// What may stand for an expression.
    private static func value(of expression: String) -> String {
        switch expression {
        case "(sums)", "(sumsInWords)": "7 different events were served"
        case "(Self.fileName)", "(Ledger.fileName)": "ledger.ndjson"
        case "(fault)", "(problem)": "is no ledger entry"
        case let other where other.contains("attempts == 1"): "attempts"
        case let other where other.contains("kind == .link"): "no folder"
        default: "7"
        }
    }
}
