@testable import Analysis
import Evidence
import Testing

/// Texts of millions of findings, which are told piece after piece, beside the same as strings.
@Suite struct ToldTextsTests {
    @Test(arguments: [
        "", "user-1", "a@b.example (user-1)", "(user-1)", "a (user-1)", "a@b (c) (d)", "a@b\r\n(x)", "é@b (x)",
        "a@b (\u{301}x)", "a@b(x)", "a@b (x) ", "@(",
    ])
    func anActorIsToldAsItIsCalled(label: String) {
        let words = Words.english
        let told = textTold { tell in withTextView(of: label) { words.tellActor($0, tell) } }
        #expect(told.isSameInBytes(as: words.actor(label)))
    }

    @Test func aFillingIsToldAsItIsSaid() {
        let filling = Words.Filling(Phrase("é {one}{two} {three} {one}."), ["one", "two"])
        let texts = ["ü", ""]
        let told = textTold { tell in filling.tell(tell) { withTextView(of: texts[$0], tell) } }
        #expect(told == "é ü {three} ü.")
        #expect(filling("ü", "") == told)
    }

    @Test func aMomentIsToldToTheMinuteOrAsADay() throws {
        for (time, told) in [
            ("2026-03-17T10:00:59Z", "2026-03-17 10:00 UTC"), ("2026-03-17T00:00:00Z", "2026-03-17"),
            ("2026-03-17T00:00:00.5Z", "2026-03-17 00:00 UTC"),
        ] {
            #expect(Words.english.moment(try #require(Instant(rfc3339: time))) == told)
        }
    }

    @Test(arguments: [
        ("AUD", "user", "f-"), ("AUD", "", "f-"),
    ])
    func anIDIsTwelveDigits(control: String, key: String, begin: String) {
        let id = FindingID(control: control, key: key).text
        let digest = Digest.sha256(Array(control.utf8) + [0] + Array(key.utf8))
        #expect(id == begin + digest.prefix(12))
    }

    /// Places behind which some program sees a new cell, at every distance from the begin of sixteen bytes.
    @Test func everyCellThatBeginsAFormulaIsGuarded() {
        for separator in [",", ";", "|", "\t", "\r", "\n"] {
            for length in 0...40 {
                let text = String(repeating: "x", count: length) + separator + "=1" + separator + "y" + separator
                let guarded = Array(text.utf8).withUnsafeBufferPointer { SpreadsheetText.guarded($0) }
                let lines = separator == "\t" || separator == "\r" || separator == "\n"
                // A line end or tab at the begin of a cell is one of a formula, too.
                let begin = lines && length == 0 ? "'" : ""
                let expected =
                    begin + String(repeating: "x", count: length) + separator + "'=1" + separator + "y" + separator
                #expect(guarded.map { String(decoding: $0, as: UTF8.self) } == expected, "\(length)")
            }
        }
        #expect(
            "plain, text; of | cells".utf8.withContiguousStorageIfAvailable { SpreadsheetText.guarded($0) }
                == .some(nil)
        )
    }
}
