import Analysis
import Evidence

/// What people filled in and gave back: an action plan, a review.
struct GivenBackTables {
    private(set) var plan: [ActionPlan.Row] = []
    /// What the plan accepts.
    private(set) var waivers: [Waiver] = []
    private(set) var review: [Review.Row] = []
    /// What a report says of the tables, though they are read.
    private(set) var notes: [String] = []

    /// Which files there are, and how days in them are read.
    struct Files {
        var plan: String?
        var review: String?
        /// Which of day and month comes first between slashes; nil where the tables have to tell.
        var dateOrder: DateOrder?
    }

    /// Reads the tables, and tells everything that is wrong with them.
    init(_ files: Files, _ mistakes: inout ConfigurationMistakes) {
        take(.actionPlan, files.plan, &mistakes) { tables, name, bytes in
            let reading = try ActionPlan.read(bytes, named: name, dateOrder: files.dateOrder)
            tables.waivers = try ActionPlan.waivers(reading.rows, named: name)
            tables.plan = reading.rows
            return reading.notes
        }
        take(.review, files.review, &mistakes) { tables, name, bytes in
            // It is tomorrow already in some country.
            let today = Words.english.day(Clock.now().adding(seconds: 86_400))
            let reading = try Review.read(bytes, named: name, dateOrder: files.dateOrder, today: today)
            tables.review = reading.rows
            return reading.notes
        }
    }

    private mutating func take(
        _ key: ConfigurationKey,
        _ name: String?,
        _ mistakes: inout ConfigurationMistakes,
        _ read: (inout Self, String, [UInt8]) throws -> [String]
    ) {
        guard let name else { return }
        do {
            note(try read(&self, name, try Self.bytes(of: name)), &mistakes)
        } catch {
            var problem = Problem(from: error)
            problem.status = .configuration
            mistakes.add(problem, key)
        }
    }

    private mutating func note(_ notes: [String], _ mistakes: inout ConfigurationMistakes) {
        var told = Array(notes.prefix(Self.notesTold))
        if notes.count > told.count { told.append("and \(notes.count - told.count) more like these") }
        self.notes += told
        for note in told { mistakes.warn(Problem(.configuration, note)) }
    }

    private static let notesTold = 20

    /// The bytes of a file that a setting names; `origin` is where it does, empty where that goes without saying.
    ///
    /// - Throws: `Problem` with status 78.
    static func bytes(of file: String, atMost most: Int = largest, _ origin: String = "") throws -> [UInt8] {
        do {
            return try PlainFile.named(file, atMost: most)
        } catch let error as EvidenceError {
            throw Problem(
                .configuration,
                (origin.isEmpty ? "" : origin + ": ") + error.summary,
                hint: error.hint ?? "check its path, and that this user may read it"
            )
        }
    }

    /// The most bytes of a table: a few hundred thousand rows.
    private static let largest = 128 << 20
}
