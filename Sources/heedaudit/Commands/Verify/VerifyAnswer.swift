import Analysis
import Auditing
import Evidence
import Foundation
import Logging

/// What `verify` found, as it says it: in lines, or as one JSON object.
struct VerifyAnswer {
    var archives: [Archive]
    /// All that was looked at, and what is wrong with it.
    var outcome: Verifier.Outcome
    /// How many discrepancies say that a ledger does not hold what a bundle pins.
    var lost: Int
    /// How many bundles were.
    var bundles: Int
    /// Bundles that belong to no archive that was looked at.
    var unmatched: Int

    private var discrepancies: [Discrepancy] { outcome.discrepancies }

    /// What was compared, in a few words.
    var words: String {
        "\(Counted.text(outcome.filesChecked, "file")) and \(Counted.text(bundles, "bundle")) are as they were sealed"
    }

    /// What ends the command; nil where everything is as it was sealed.
    var problem: Problem? {
        guard let first = discrepancies.first else { return nil }
        let unread = discrepancies.filter { $0.kind == .unreadable }
        if unread.count == discrepancies.count {
            let files = Counted.text(unread.count, "file")
            _ = access(first.file, R_OK)
            return Problem(
                .unusableData,
                "\(files) can't be read, first \(first.file): whether they are as they were sealed is not known",
                hint: AccessHint.hint(for: first.file, errno)
            )
        }
        let count = discrepancies.count - unread.count
        let more = unread.isEmpty ? "" : ", and \(Counted.digits(unread.count)) can't be read"
        let worst = discrepancies.first { $0.kind != .unreadable } ?? first
        return Problem(
            .unusableData,
            "\(Counted.digits(count)) of what was sealed \(count == 1 ? "is" : "are") not as it was sealed\(more), first \(worst.file)",
            hint: lost > 0 && discrepancies.count == lost + discrepancies.count { $0.kind == .added }
                ? Restoration.remedy : "restore the named files from a backup, and find out who changed them"
        )
    }

    // MARK: For people

    /// A line a discrepancy, else what is sound.
    func print(_ configuration: ToolConfiguration) {
        for discrepancy in discrepancies {
            StandardStreams.output(
                TerminalText.clean("\(discrepancy.kind.rawValue): \(discrepancy.file): \(discrepancy.detail)")
            )
        }
        guard discrepancies.isEmpty, !configuration.quiet else { return }
        for archive in archives where archive.head.entry > 0 { say(archive) }
        StandardStreams.output(words)
        for notice in outcome.notices { configuration.logger.notice("\(notice)") }
        if unmatched > 0 {
            let bundles = Counted.text(unmatched, "bundle belongs", "bundles belong")
            let heads = unmatched == 1 ? "its head was" : "their heads were"
            configuration.logger.notice("\(bundles) to no archive looked at; \(heads) not compared")
        }
    }

    private func say(_ archive: Archive) {
        StandardStreams.output(
            "\(archive.path): sound, \(Counted.text(archive.entries.count, "entry", "entries")), "
                + "head \(archive.head.sha256) entry \(archive.head.entry)"
        )
        for given in archive.entriesGivenUp {
            let isOne = given.entries == 1
            let count = isOne ? "1 entry" : "up to \(Counted.digits(given.entries)) entries"
            StandardStreams.output(
                TerminalText.clean(
                    "\(archive.path): \(count) that bundles pin \(isOne ? "was" : "were") given up: acknowledged by \(given.by) at "
                        + "\(given.at): \(given.reason)"
                )
            )
        }
        if archive.filesGivenUp > 0 {
            let files = Counted.text(archive.filesGivenUp, "file")
            StandardStreams.output("\(archive.path): given up with that: \(files) that no entry names")
        }
    }

    // MARK: For machines

    /// The same as an object (docs/json.md).
    var json: JSONText {
        var object: [String: JSONText] = [
            "sound": .boolean(discrepancies.isEmpty), "files": .number(outcome.filesChecked),
            "bundles": .number(bundles),
            "bundles_without_archive": .number(unmatched),
            "archives": .array(archives.filter { $0.head.entry > 0 }.map(Self.archive)),
            "discrepancies": .array(
                discrepancies.map {
                    .object([
                        "kind": .string($0.kind.rawValue), "file": .string($0.file), "detail": .string($0.detail),
                    ])
                }
            ),
            "warnings": .array(outcome.warnings.map(JSONText.string)),
            "notices": .array(outcome.notices.map(JSONText.string)),
        ]
        if let problem { object["error"] = problem.object }
        return .object(object)
    }

    private static func archive(_ archive: Archive) -> JSONText {
        .object([
            "path": .string(archive.path), "organization": .string(archive.organization),
            "entries": .number(archive.entries.count), "head": .string(archive.head.sha256),
            "entry": .number(archive.head.entry), "files_given_up": .number(archive.filesGivenUp),
            "given_up": .array(
                archive.entriesGivenUp.map {
                    .object([
                        "by": .string($0.by), "at": .string($0.at), "reason": .string($0.reason),
                        "entries": .number($0.entries),
                    ])
                }
            ),
        ])
    }
}
