import Evidence
import Foundation

/// What findings say, by place: each text is told piece after piece to who asks for it, as nearly all are printed and forgotten.
protocol FindingTexts: Sendable {
    /// What a finding is about, as people call it.
    func subject(_ place: Int, _ tell: (TextView) -> Void)
    /// What tells the subject from all others that the control has findings of.
    func key(_ place: Int, _ tell: (TextView) -> Void)
    /// The id of the event that it rests on.
    func event(_ place: Int) -> TextView
    /// Where that stands among those of the period, from 1; nil where the log's `EventRows` tell.
    func row(_ place: Int) -> Int?
    /// How the verdict came about.
    func detail(_ place: Int, _ tell: (TextView) -> Void)
    /// The same in a few words.
    func short(_ place: Int) -> String
}

/// The text that is told piece after piece.
func textTold(_ telling: ((TextView) -> Void) -> Void) -> String {
    var bytes: [UInt8] = []
    telling { bytes += $0.bytes }
    return String(decoding: bytes, as: UTF8.self)
}

/// Findings of one control of which there can be millions, in the order of reports.
///
/// One takes some ten bytes, beside what its texts are made of.
final class FindingList: Sendable {
    /// What many of them have in common.
    struct Verdict: Sendable {
        let words: Finding.Words
        let status: Status

        init(_ control: Control, _ status: Status) { (words, self.status) = (control.words(for: status), status) }
    }

    private let texts: any FindingTexts
    private let sentences: Telling.Sentences
    private let verdicts: [Verdict]
    /// By place, that of its verdict.
    private let verdict: [UInt8]
    private let ids: [FindingID]
    /// By place, where its texts are; nil where they are in the order of reports already.
    private let order: [UInt32]?

    /// Makes a list of so many findings of a control.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - texts: What they say, best in the order of reports, as sorting them takes memory and time.
    ///   - verdicts: All that there are.
    ///   - verdict: The place among these of a finding's verdict.
    init(_ count: Int, _ texts: some FindingTexts, _ verdicts: [Verdict], verdict: (Int) -> Int) {
        let order = Self.order(count, texts)
        let places = (0..<count).lazy.map { place in order.map { Int($0[place]) } ?? place }
        (self.texts, self.verdicts, self.order) = (texts, verdicts, order)
        sentences = Telling.Sentences(detail: { place in textTold { texts.detail(place, $0) } }, short: texts.short)
        self.verdict = places.map { UInt8(verdict($0)) }
        var maker = FindingID.Maker(control: verdicts.first?.words.control ?? "")
        ids = places.map { place in maker.id { texts.key(place, $0) } }
    }

    /// The places of texts by subject and key; nil where they are in order.
    private static func order(_ count: Int, _ texts: some FindingTexts) -> [UInt32]? {
        var (above, subject): ([UInt8], [UInt8]) = ([], [])
        func key(_ place: Int) -> String { textTold { texts.key(place, $0) } }
        for place in 0..<count {
            subject.removeAll(keepingCapacity: true)
            texts.subject(place) { subject += $0.bytes }
            let isBehind =
                subject == above && place > 0 ? key(place - 1).precedesInBytes(key(place)) : precedes(above, subject)
            guard isBehind || place == 0 else {
                return KeyOrder(Array(0..<count)) { place in [textTold { texts.subject(place, $0) }, key(place)] }
                    .numbers
            }
            swap(&above, &subject)
        }
        return nil
    }

    private static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let order = memcmp(left, right, min(left.count, right.count))
        return order != 0 ? order < 0 : left.count < right.count
    }

    /// All of them.
    var findings: [Finding] { verdict.indices.map { Finding(self, $0) } }

    private func place(_ place: Int) -> Int { order.map { Int($0[place]) } ?? place }

    func haveOneVerdict(_ one: Int, _ other: Int) -> Bool { verdict[one] == verdict[other] }
    func words(_ place: Int) -> Finding.Words { verdicts[Int(verdict[place])].words }
    func status(_ place: Int) -> Status { verdicts[Int(verdict[place])].status }
    func id(_ place: Int) -> String { ids[place].text }
    func subject(_ place: Int, _ tell: (TextView) -> Void) { texts.subject(self.place(place), tell) }
    func subject(_ place: Int) -> String { textTold { subject(place, $0) } }
    func key(_ place: Int) -> String { textTold { texts.key(self.place(place), $0) } }
    func event(_ place: Int) -> TextView { texts.event(self.place(place)) }
    func row(_ place: Int) -> Int? { texts.row(self.place(place)) }
    func detail(_ place: Int, _ tell: (TextView) -> Void) { texts.detail(self.place(place), tell) }
    func detail(_ place: Int) -> String { textTold { detail(place, $0) } }
    func short(_ place: Int) -> String { texts.short(self.place(place)) }
    func telling(_ place: Int) -> Telling { .made(sentences, Int32(clamping: self.place(place))) }
}
