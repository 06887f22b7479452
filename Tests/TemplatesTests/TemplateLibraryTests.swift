import Evidence
import ReportSupport
import Foundation
import TestSupport
import Testing

@testable import Publishing
@testable import Reporting
@testable import Templates

@Suite struct TemplateLibraryTests {
    private func folder(_ files: [String: String]) throws -> String {
        let path = temporaryPath()
        for (name, text) in files {
            let file = URL(fileURLWithPath: path + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        return path
    }

    /// CTemplates.c is written by `make templates`; this holds it to the folder.
    @Test func embedsEveryTemplateOfTheFolder() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("templates").resolvingSymlinksInPath()
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: root.path + "/" + name, isDirectory: &isFolder)
            return !isFolder.boolValue && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        let library = TemplateLibrary.builtIn()
        #expect(library.files.keys.sorted() == names.sorted())
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: root.appendingPathComponent(name)))
            #expect(library.files[name]?.bytes == bytes, "\(name) is not what was embedded")
        }
    }

    @Test(arguments: ["/dev/zero", #filePath])
    func whatIsNoFolderHoldsNoTemplates(path: String) throws {
        let error = #expect(throws: ReportingError.self) { _ = try TemplateLibrary(overlay: path) }
        #expect(error?.code == .template && error?.summary.contains("it is no folder") == true)
    }

    @Test func tellsWhichValuesAReportNeedsToMake() throws {
        let document = try SampleReport(events: []).document
        let library = TemplateLibrary.builtIn()
        let names = library.names(in: [.csv])
        #expect(names.isSuperset(of: ["events", "actor_id", "findings", "frameworks_text", "action_plan", "settings"]))
        let (all, some) = (document.templateValues(), document.templateValues(named: names))
        #expect(Set(all.scalars.keys).subtracting(some.scalars.keys) == ActivityValues.names.union(["oscal"]))
        #expect(library.names(in: [.xml]).isDisjoint(with: ActivityValues.names))
        #expect(!library.names(in: [.html]).isDisjoint(with: ActivityValues.names))
        #expect(library.names(in: [.csv, .xml]).isDisjoint(with: ReportDocument.namesOfShownEvents))
        #expect(library.names(in: [.html]).isSuperset(of: ["recent_events", "attention_blocks"]))
    }

    @Test func builtInSetHasNoProblems() {
        #expect(TemplateLibrary.builtIn().check() == [])
    }

    @Test func overlaysFileByFile() throws {
        let library = try TemplateLibrary(
            overlay: folder(["mine.txt": "{{>p}}", "partials/p.txt": "x", ".hidden": "", "old.txt~": ""])
        )
        #expect(library.reportNames.contains("mine.txt"))
        #expect(library.files.count == TemplateLibrary.builtIn().files.count + 2)
        #expect(library.digest != TemplateLibrary.builtIn().digest)
        #expect(library.check() == TemplateLibrary.builtIn().check())
    }

    @Test(arguments: [
        "manifest.json", "SHA256SUMS", "mine.xsd", "report.schema.json", "report.pdf", "noextension", "sub/x.txt",
        "index.html", "a\\b.txt",
        "a\nb.txt",
    ])
    func refusesNames(_ name: String) throws {
        let library = try TemplateLibrary(overlay: folder([name: "x"]))
        let problem = try #require(library.check().first { $0.file == name })
        #expect(problem.line == 1)
    }

    /// A document of a built-in one's name waits for its format, and whoever made it is told.
    @Test func tellsWhatNobodyAsksFor() throws {
        let own = [
            "report.json": "[]", "ocsf-events.ndjson": "", "mine.json": "[]", "report.xml": "<a/>",
            "oscal-assessment-results.xml": "<a/>",
        ]
        let library = try TemplateLibrary(overlay: folder(own))
        #expect(
            library.unasked(in: [.csv]).map(\.name) == [
                "ocsf-events.ndjson", "oscal-assessment-results.xml", "report.json",
            ]
        )
        #expect(library.unasked(in: [.json]).map(\.format) == [.ocsf, .oscal])
        let exported = temporaryPath()
        try TemplateLibrary.export(to: exported)
        #expect(try TemplateLibrary(overlay: exported).unasked(in: [.html]).isEmpty)
    }

    @Test func refusesWhatIsNotUTF8() throws {
        let path = try folder(["x.txt": "a\n"])
        try Data([0x61, 0x0A, 0xFF]).write(to: URL(fileURLWithPath: path + "/x.txt"))
        let problem = try #require(TemplateLibrary(overlay: path).check().first { $0.file == "x.txt" })
        #expect(problem.line == 2)
    }

    @Test func saysThatAFolderIsMissing() {
        do {
            _ = try TemplateLibrary(overlay: "/nonexistent/templates")
            Issue.record("read")
        } catch let error as ReportingError {
            #expect(error.code == .template && error.summary.contains("/nonexistent/templates"))
        } catch {
            Issue.record(error)
        }
    }

    @Test func exportsOnceAndNeverOverwrites() throws {
        let path = temporaryPath()
        let written = try TemplateLibrary.export(to: path)
        #expect(try TemplateLibrary(overlay: path).digest == TemplateLibrary.builtIn().digest)
        #expect(
            written.count
                == TemplateLibrary.builtIn().files.keys.count { !TemplateLibrary.isSchema($0) }
        )
        #expect(throws: ReportingError.self) { try TemplateLibrary.export(to: path) }
    }
}
