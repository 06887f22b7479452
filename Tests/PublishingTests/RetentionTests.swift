@testable import Analysis
import Evidence
import Foundation
import ReportSupport
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

/// Which bundles a rule keeps, and that their removal loses neither pins nor soundness, whenever it ends.
@Suite struct RetentionTests {
    // MARK: The rule

    /// The rule as one would say it: for each kind the newest; for each of the latest days, months, years the newest.
    private func plainlyKept(_ rule: RetentionRule, _ all: [RetentionRule.Bundle]) -> Set<String> {
        var kept: Set<String> = []
        for kind in Set(all.map(\.kind)) {
            let newest = all.filter { $0.kind == kind }.sorted {
                ($0.asOf, $0.entry, $0.periodEnd ?? Instant(seconds: .max), $0.name)
                    > ($1.asOf, $1.entry, $1.periodEnd ?? Instant(seconds: .max), $1.name)
            }
            for (place, bundle) in newest.enumerated() where place < rule.last { kept.insert(bundle.name) }
            for (count, length) in [(rule.daily, 10), (rule.monthly, 7), (rule.yearly, 4)] {
                var days: [String] = []
                for bundle in newest {
                    var zone = bundle.zone
                    let local = bundle.asOf.adding(seconds: zone.offset(at: bundle.asOf.seconds))
                    let day = String(local.rfc3339.prefix(length))
                    if days.contains(day) { continue }
                    days.append(day)
                    if days.count <= count { kept.insert(bundle.name) }
                }
            }
        }
        return kept
    }

    @Test(arguments: testSeeds(1...200)) func aRuleKeepsWhatItSays(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let zones = [CalendarZone.utc, try CalendarZone(name: "Pacific/Apia"), try CalendarZone(name: "Europe/Berlin")]
        let zone = zones.randomElement(using: &random) ?? .utc
        let span = [86_400, 40 * 86_400, 3 * 366 * 86_400].randomElement(using: &random) ?? 1
        let bundles = (0..<Int.random(in: 0...80, using: &random)).map { number in
            RetentionRule.Bundle(
                name: "b\(number)",
                kind: ["all", "month", "year"].randomElement(using: &random) ?? "",
                asOf: Instant(
                    seconds: 1_772_000_000 + Int64.random(in: 0...Int64(span), using: &random) / 7_200 * 7_200
                ),
                entry: Int.random(in: 1...3, using: &random),
                periodEnd: [nil, Instant(seconds: 5), Instant(seconds: 9)].randomElement(using: &random) ?? nil,
                zone: zone
            )
        }
        func number() -> Int { [0, 0, 1, 2, 5, 30].randomElement(using: &random) ?? 0 }
        let rule = RetentionRule(last: number(), daily: number(), monthly: number(), yearly: number())
        let kept = rule.kept(of: bundles.shuffled(using: &random))
        #expect(Set(kept.map(\.text)) == plainlyKept(rule, bundles), "\(rule), seed \(seed)")
    }

    // MARK: The removal

    private static let library = TemplateLibrary(texts: ["actors.csv": "id\n{{#actors}}\n{{id}}\n{{/actors}}\n"])

    private func facts(day: Int, kind: String = "all", organization: String = "org-1") -> BundleFacts {
        let asOf = Instant(seconds: 1_772_000_000 + Int64(day) * 86_400).rfc3339
        return BundleFacts(
            organization: .init(id: organization, name: "Acme"),
            folder: "acme",
            period: .init(name: kind, kind: kind),
            timeZone: "UTC",
            asOf: asOf,
            generatedAt: asOf,
            tool: "heedaudit test",
            evidence: .init(head: Digest.sha256("\(day)".utf8), entry: day + 1),
            inputs: ["kind": kind],
            findings: []
        )
    }

    @discardableResult
    private func publish(_ output: String, _ facts: BundleFacts) throws -> PublishedBundle {
        let table = SampleTable(columns: [.init(name: "id", kind: .text)], rows: [[SampleCell("x")]])
        return try BundlePublisher(output: output).publish(
            facts: facts,
            values: TemplateValues(scalars: [:], tables: ["actors": table]),
            library: Self.library
        )
    }

    private func pruner(_ output: String, _ rule: RetentionRule, keeping: [String] = []) -> BundlePruner {
        BundlePruner(
            BundlePublisher(output: output),
            folder: "acme",
            organization: "org-1",
            rule: rule,
            alwaysKept: keeping,
            library: Self.library,
            words: .english
        )
    }

    private func bundles(_ folder: String) throws -> [String] {
        try PlainFile.names(in: folder).filter { !$0.hasPrefix(".") && PlainFile.isFolder("\(folder)/\($0)") }
    }

    private func isClean(_ folder: String) throws -> Bool {
        try BundleVerifier.verify(organizationAt: folder).outcome.discrepancies.isEmpty
    }

    private struct Ended: Error {}

    @Test func pinsStayAndWhatIsLeftIsSound() throws {
        try withTemporaryFolder { output in
            let folder = output + "/acme"
            for day in 0..<12 { try publish(output, facts(day: day)) }
            let before = FolderPins(of: folder).pins
            let trial = try pruner(output, RetentionRule(last: 2)).prune(isTrial: true)
            #expect(try bundles(folder).count == 12 && trial.removed.count == 10 && trial.files > 0 && trial.bytes > 0)
            let outcome = try pruner(output, RetentionRule(last: 2)).prune()
            #expect(outcome.removed == trial.removed && outcome.bytes == trial.bytes)
            #expect(try bundles(folder) == outcome.kept.sorted() && outcome.kept.count == 2)
            #expect(try isClean(folder))
            let left = FolderPins(of: folder).pins
            #expect(Set(left.map(\.head)) == Set(before.map(\.head)))
            #expect(Set(left.map(\.entry)) == Set(1...12))
            let page = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
            #expect(!outcome.removed.contains { page.contains($0) })
            #expect(!(try PlainFile.names(in: folder)).contains { $0.hasPrefix(".") })
            // More bundles of entries that are pinned already add no line.
            try publish(output, facts(day: 11, kind: "month"))
            _ = try pruner(output, RetentionRule(last: 1)).prune()
            let kept = try Pins.kept(in: folder)
            #expect(kept.count == Set(kept.map(\.entry)).count)
            #expect(try pruner(output, RetentionRule()).prune().removed.isEmpty)
        }
    }

    @Test func theLatestAndTheOneJustMadeStay() throws {
        try withTemporaryFolder { output in
            let latest = try publish(output, facts(day: 5))
            let folder = output + "/acme"
            let old = try publish(output, facts(day: 1))
            let older = try publish(output, facts(day: 0))
            unlink(folder + "/latest")
            symlink(old.name, folder + "/latest")
            let outcome = try pruner(output, RetentionRule(last: 1), keeping: [older.name]).prune()
            #expect(outcome.removed.isEmpty && Set(outcome.kept) == [latest.name, old.name, older.name])
        }
    }

    @Test func whatIsNoSoundBundleOfOursIsLeftAndNamed() throws {
        try withTemporaryFolder { output in
            let folder = output + "/acme"
            let made = try (0..<6).map { try publish(output, facts(day: $0)) }
            // Another file in its place: what the bundles have in common stays as it is.
            try Data("changed".utf8).write(to: URL(fileURLWithPath: made[0].path + "/actors.csv"), options: .atomic)
            try FileManager.default.moveItem(atPath: made[1].path, toPath: folder + "/renamed")
            try FileManager.default.createDirectory(atPath: folder + "/notes", withIntermediateDirectories: true)
            try withTemporaryFolder { elsewhere in
                let other = try publish(elsewhere, facts(day: 2, kind: "other", organization: "org-2"))
                try FileManager.default.moveItem(atPath: other.path, toPath: folder + "/\(other.name)")
                symlink(made[2].name, folder + "/link")
                let outcome = try pruner(output, RetentionRule(last: 1)).prune()
                #expect(Set(outcome.left.map(\.name)) == [made[0].name, "renamed", "notes", other.name])
                #expect(Set(outcome.removed) == Set(made[2...4].map(\.name)) && outcome.kept == [made[5].name])
                for name in outcome.left.map(\.name) { #expect(PlainFile.isFolder("\(folder)/\(name)")) }
            }
        }
    }

    @Test func endedAtAnyStepWhatIsLeftVerifies() throws {
        for end in 0..<8 {
            try withTemporaryFolder { output in
                let folder = output + "/acme"
                for day in 0..<6 { try publish(output, facts(day: day)) }
                _ = try pruner(output, RetentionRule(last: 5)).prune()
                let heads = Set(FolderPins(of: folder).pins.map(\.head))
                var pruner = pruner(output, RetentionRule(last: 1))
                var steps = 0
                pruner.willChange = { _ in
                    if steps == end { throw Ended() }
                    steps += 1
                }
                if end < 7 { #expect(throws: Ended.self) { try pruner.prune() } } else { _ = try pruner.prune() }
                #expect(try isClean(folder), "ended before step \(end)")
                let left = Set(FolderPins(of: folder).pins.map(\.head))
                #expect(left == heads, "ended before step \(end)")
                _ = try self.pruner(output, RetentionRule(last: 1)).prune()
                try publish(output, facts(day: 7))
                #expect(try isClean(folder) && bundles(folder).count == 2)
                #expect(!(try PlainFile.names(in: folder)).contains { $0.hasPrefix(".") }, "ended before step \(end)")
            }
        }
    }

    /// Between the two lists of digests each file may be as either says, and as nothing else.
    @Test func betweenTwoSealsNothingSeemsForged() throws {
        try withTemporaryFolder { output in
            let folder = output + "/acme"
            for day in 0..<3 { try publish(output, facts(day: day)) }
            let seal = try PlainFile.bytes(folder + "/SHA256SUMS", atMost: 1 << 20) ?? []
            _ = try pruner(output, RetentionRule(last: 2)).prune()
            let next = try PlainFile.bytes(folder + "/SHA256SUMS", atMost: 1 << 20) ?? []
            try Data(seal).write(to: URL(fileURLWithPath: folder + "/SHA256SUMS"))
            #expect(try !isClean(folder))
            try Data(next).write(to: URL(fileURLWithPath: folder + "/.SHA256SUMS.next"))
            #expect(try isClean(folder))
            try Data("{}\n".utf8).write(to: URL(fileURLWithPath: folder + "/pins.ndjson"))
            #expect(try !isClean(folder))
        }
    }

    @Test(arguments: [true, false]) func pinsThatSomebodyChangedAreNeitherUsedNorSealedAnew(areRemoved: Bool) throws {
        try withTemporaryFolder { output in
            let folder = output + "/acme"
            for day in 0..<4 { try publish(output, facts(day: day)) }
            _ = try pruner(output, RetentionRule(last: 2)).prune()
            let path = folder + "/pins.ndjson"
            if areRemoved { unlink(path) } else { try Data().write(to: URL(fileURLWithPath: path)) }
            #expect(throws: ReportingError.self) { try pruner(output, RetentionRule(last: 1)).prune() }
            #expect(try bundles(folder).count == 2)
            try publish(output, facts(day: 9))
            #expect(try !isClean(folder))
        }
    }

    @Test func aLineOfAPinIsReadInAnyForm() throws {
        try withTemporaryFolder { folder in
            let lines = [
                #"{"bundle":"a","entry":1,"evidence_state":"sound","head":"aa","organization":"o"}"#,
                #"{"bundle":"b","entry":2,"head":"bb","organization":"o"}"#,
                #"{ "head" : "cc", "organization" : "o\"p", "entry" : 3, "bundle" : "c" }"#,
                #"{"bundle":"d","entry":4,"head":"dd","organization":"a\u0062"}"#,
                #"{"bundle":"e","entry":-1,"head":"ee","organization":"o"}"#, "[]", "{",
                #"{"bundle":"f","entry":99999999999999999999,"head":"ff","organization":"o"}"#,
            ]
            try lines.joined(separator: "\n").write(toFile: folder + "/pins.ndjson", atomically: true, encoding: .utf8)
            let pins = try Pins.kept(in: folder)
            #expect(pins.map(\.head) == ["aa", "bb", "cc", "dd"] && pins.map(\.entry) == [1, 2, 3, 4])
            #expect(pins.map(\.organization) == ["o", "o", "o\"p", "ab"] && pins[0].evidenceState == "sound")
        }
    }

    /// The part of a manifest that is read of every bundle is that of the whole, whatever stands in it.
    @Test(arguments: nastyValues + ["Europe/Berlin", "a\"b", "\\", "2026-03"]) func headsAreThoseOfWholeManifests(
        _ value: String
    ) throws {
        try withTemporaryFolder { folder in
            var facts = facts(day: 3, kind: value, organization: value)
            facts.timeZone = value
            facts.evidenceState = .restored
            for times in [(nil, nil), ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")] {
                (facts.period.from, facts.period.to) = times
                facts.openFindings = [.init(id: value, control: value, subject: value, status: value, severity: value)]
                let manifest = Manifest(
                    facts: facts,
                    name: "bundle",
                    inputs: .init(digest: "", parts: ["id": value, "bundle": value]),
                    files: [OutputFile(name: value, bytes: 1, sha256: value)],
                    counts: EscapingCounts()
                )
                var bytes: [UInt8] = []
                try manifest.write { bytes += $0 }
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/manifest.json"))
                #expect(ManifestHead.read(bundle: folder) == ManifestHead(manifest))
            }
        }
    }

    // MARK: What bundles have in common

    @Test func sameFilesTakeTheirRoomOnce() throws {
        try withTemporaryFolder { output in
            let made = try (0..<3).map { try publish(output, facts(day: $0)) }
            func status(_ bundle: PublishedBundle, _ name: String) -> stat {
                var status = stat()
                lstat("\(bundle.path)/\(name)", &status)
                return status
            }
            #expect(Set(made.map { status($0, "actors.csv").st_ino }).count == 1)
            #expect(Set(made.map { status($0, "manifest.json").st_ino }).count == 3)
            for bundle in made { #expect(try Checksums.verified(bundle: bundle.path) != nil) }
            let trial = try pruner(output, RetentionRule(last: 1)).prune(isTrial: true)
            let own = made[..<2].reduce(0) { sum, bundle in
                sum + bundle.files.filter { $0.name != "actors.csv" }.reduce(0) { $0 + $1.bytes }
            }
            #expect(trial.files == made[..<2].reduce(0) { $0 + $1.files.count } && trial.bytes == own)
            // One that was changed, or that others may write, is not taken over.
            try Data("changed".utf8).write(to: URL(fileURLWithPath: made[2].path + "/actors.csv"))
            let next = try publish(output, facts(day: 5))
            #expect(status(next, "actors.csv").st_nlink == 1)
            #expect(try Checksums.verified(bundle: next.path) != nil)
            chmod(next.path + "/actors.csv", 0o666)
            let last = try publish(output, facts(day: 6))
            #expect(status(last, "actors.csv").st_nlink == 1)
        }
    }

    // MARK: The pages

    @Test func olderBundlesAreOnPagesOfTheirOwn() throws {
        try withTemporaryFolder { output in
            let folder = output + "/acme"
            let made = try publish(output, facts(day: 0))
            let manifest = try #require(Manifest.read(bundle: made.path))
            let all = (0..<69).map { number in
                var copy = manifest
                copy.bundle = "b-\(number)-"
                return copy
            }
            let newestFirst = Array(all.reversed())
            func files(_ bundles: [Manifest]) -> [(name: String, html: String)] {
                var page = IndexPage(look: .init(), heads: bundles.map(ManifestHead.init), latest: nil) { bundles[$0] }
                page.perPage = 20
                let first = page.files()
                // What stands as it would be made is not made again.
                let again = page.files { name in first.first { $0.name == name }?.html.map { Array($0.utf8) } }
                #expect(again.map { $0.html == nil } == first.indices.map { $0 > 0 })
                return first.map { ($0.name, $0.html ?? "") }
            }
            let pages = files(newestFirst)
            #expect(pages.map(\.name) == ["index.html", "index-1.html", "index-2.html", "index-3.html"])
            for bundle in all { #expect(pages.filter { $0.html.contains("\"\(bundle.bundle)/") }.count == 1) }
            for page in pages.dropFirst() {
                #expect(pages[0].html.contains("href=\"\(page.name)\"") && page.html.contains("href=\"index.html\""))
            }
            // Another bundle changes the first and the last of them.
            var another = manifest
            another.bundle = "b-new-"
            let later = files([another] + newestFirst)
            #expect(later[1].html == pages[1].html && later[2].html == pages[2].html && later[3].html != pages[3].html)
            for name in [
                "index-0.html", "index-01.html", "index-x.html", "index-.html", "index-1.htm", "index-1.html.x",
            ] {
                #expect(!IndexPage.isPage(name))
            }
            let seal = FolderSeal(folder: folder, mode: .group)
            try seal.replace(pages.map { ($0.name, Array($0.html.utf8)) })
            // None of those that are listed is there: what lists them is as it was sealed.
            func odd() throws -> [String] {
                try BundleVerifier.verify(organizationAt: folder).outcome.discrepancies.filter { $0.kind != .missing }
                    .map(\.file)
            }
            #expect(try odd() == [])
            try Data("forged".utf8).write(to: URL(fileURLWithPath: folder + "/index-2.html"))
            #expect(try odd() == [folder + "/index-2.html"])
            // A page that is needed no longer goes, and the seal with it.
            try publish(output, facts(day: 1))
            #expect(try isClean(folder) && !PlainFile.names(in: folder).contains("index-2.html"))
        }
    }
}

extension ManifestHead {
    /// The head of a manifest.
    init(_ manifest: Manifest) {
        self.init(
            bundle: manifest.bundle,
            asOf: manifest.asOf,
            generatedAt: manifest.generatedAt,
            organization: manifest.organization,
            period: manifest.period,
            timeZone: manifest.timeZone,
            evidence: manifest.evidence,
            evidenceState: manifest.evidenceState
        )
    }
}
