import Evidence

/// What findings say, each text made when it is asked for, by place.
protocol FindingTexts: Sendable {
    /// What a finding is about, as people call it.
    func subject(_ place: Int) -> String
    /// What tells the subject from all others that the control has findings of.
    func key(_ place: Int) -> String
    /// Ids of the events that it rests on.
    func eventIDs(_ place: Int) -> [String]
    /// Where the first of these stands among those of the period, from 1; nil where the log's `EventRows` tell.
    func row(_ place: Int) -> Int?
    /// How the verdict came about.
    func detail(_ place: Int) -> String
    /// The same in a few words.
    func short(_ place: Int) -> String
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
        sentences = Telling.Sentences(detail: texts.detail, short: texts.short)
        self.verdict = places.map { UInt8(verdict($0)) }
        let control = verdicts.first?.words.control ?? ""
        ids = places.map { FindingID(control: control, key: texts.key($0)) }
    }

    /// The places of texts by subject and key; nil where they are in order.
    private static func order(_ count: Int, _ texts: some FindingTexts) -> [UInt32]? {
        var above = ""
        for place in 0..<count {
            let subject = texts.subject(place)
            let isBehind =
                subject.isSameInBytes(as: above) && place > 0
                ? texts.key(place - 1).precedesInBytes(texts.key(place)) : above.precedesInBytes(subject)
            guard isBehind || place == 0 else {
                return KeyOrder(Array(0..<count)) { [texts.subject($0), texts.key($0)] }.numbers
            }
            above = subject
        }
        return nil
    }

    /// All of them.
    var findings: [Finding] { verdict.indices.map { Finding(self, $0) } }

    private func place(_ place: Int) -> Int { order.map { Int($0[place]) } ?? place }

    func words(_ place: Int) -> Finding.Words { verdicts[Int(verdict[place])].words }
    func status(_ place: Int) -> Status { verdicts[Int(verdict[place])].status }
    func id(_ place: Int) -> String { ids[place].text }
    func subject(_ place: Int) -> String { texts.subject(self.place(place)) }
    func key(_ place: Int) -> String { texts.key(self.place(place)) }
    func eventIDs(_ place: Int) -> [String] { texts.eventIDs(self.place(place)) }
    func row(_ place: Int) -> Int? { texts.row(self.place(place)) }
    func detail(_ place: Int) -> String { texts.detail(self.place(place)) }
    func short(_ place: Int) -> String { texts.short(self.place(place)) }
    func telling(_ place: Int) -> Telling { .made(sentences, Int32(clamping: self.place(place))) }
}
