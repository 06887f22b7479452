import Evidence
import Foundation
import TestSupport
import Testing

/// What says which version and which commit this is.
@Suite struct ReleaseTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Tool.repository)/\(path)", encoding: .utf8)
    }

    /// Scripts take the first word.
    @Test func versionAndCommitArePrinted() throws {
        try withTemporaryFolder { folder in
            let said = try Tool.run(["--version"], in: folder)
            #expect(said.status == 0 && said.lines.count == 1, "\(said)")
            #expect(said.output.split(separator: " ").first.map(String.init) == Release.version)
            let pattern = /[0-9]+\.[0-9]+\.[0-9]+ \((unknown commit|commit [0-9A-Za-z._-]+)\)/
            #expect(said.lines.first?.wholeMatch(of: pattern) != nil, "\(said.output)")
        }
    }

    @Test func documentsTellOfThisVersion() throws {
        let newest = try text("CHANGELOG.md").split(separator: "\n").first {
            $0.hasPrefix("## [") && $0 != "## [Unreleased]"
        }
        #expect(newest?.hasPrefix("## [\(Release.version)] - ") == true, "CHANGELOG.md: \(newest ?? "no version")")
        #expect(try text("packaging/debian/changelog").hasPrefix("heedaudit (\(Release.version)-"))
        for path in ["docs/archive-format.md", "docs/templates.md", "Benchmarks/archive.py"] {
            #expect(try text(path).contains("heedaudit \(Release.version)"), "\(path)")
        }
    }

    /// The commit of a clone, and nothing of a folder that is none, though it lies in another's.
    @Test func theCommitIsThatOfTheCloneItself() throws {
        try withTemporaryFolder { folder in
            let script = """
                set -e
                export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1
                mkdir scripts inner inner/scripts
                cp "$1" scripts/commit; cp "$1" inner/scripts/commit
                scripts/commit
                git init -q; git add scripts
                git -c user.name=a -c user.email=a@b commit -q -m one
                scripts/commit
                inner/scripts/commit
                echo >> scripts/commit
                scripts/commit
                """
            let commit = Tool.repository + "/scripts/commit"
            let said = try runCommand("sh", ["-c", script, "sh", commit], in: folder)
            #expect(said.status == 0, "\(said.error)")
            #expect(said.lines.count == 2, "\(said.output)")
            #expect(said.output.wholeMatch(of: /([0-9a-f]{12})\n\1-dirty\n/) != nil, "\(said.output)")
        }
    }
}
