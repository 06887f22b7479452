import Analysis
import Evidence
import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// What is shown of what a hook printed.
@Suite struct HookOutputTests {
    @Test func theLastLinesAreShownWithoutWhatATerminalObeys() {
        let script = "echo first; head -c 999 /dev/zero | tr '\\0' x; echo; printf 'bad\\033[31m\\n'"
        let lines = ChildProcess(["sh", "-c", script]).run([], within: 20).lastLines(2)
        #expect(lines.count == 2 && lines[0].count == 201 && lines[1] == "bad [31m", "\(lines)")
    }
}

/// Who is told of runs, as the settings name them.
@Suite struct TellingSettingsTests {
    private func read(_ text: String, _ environment: [String: String] = [:]) throws -> (
        TellingSettings, ConfigurationMistakes
    ) {
        var mistakes = ConfigurationMistakes()
        let file = try ConfigurationFile(path: "c.yaml", text: text)
        let telling = TellingSettings(SettingReader(flags: [:], environment: environment, file: file), &mistakes)
        return (telling, mistakes)
    }

    @Test func commandsAreListsOfWordsOrOneText() throws {
        let text = """
            on_success: [tell, "two words", "a,b"]
            on_error: page  --loud me
            on_finding: [~/bin/tell]
            notify_from: low
            hook_timeout: 5s
            metrics_file: ~/m.prom
            """
        let (telling, mistakes) = try read(text, ["HOME": "/home/me"])
        #expect(mistakes.all.isEmpty)
        #expect(telling.hooks[.onSuccess] == ["tell", "two words", "a,b"])
        #expect(telling.hooks[.onError] == ["page", "--loud", "me"])
        #expect(telling.hooks[.onFinding] == ["/home/me/bin/tell"] && telling.metricsFile == "/home/me/m.prom")
        #expect(telling.notifyFrom == .low && telling.hookTimeout == .seconds(5))
        let (other, _) = try read(text, ["HEEDAUDIT_ON_SUCCESS": "other a,b"])
        #expect(other.hooks[.onSuccess] == ["other", "a,b"])
    }

    @Test func whatNamesNoProgramIsRefused() throws {
        for text in ["on_error: []", "on_error: ''", "on_error: [[a]]", "hook_timeout: 0s", "notify_from: loud"] {
            let (telling, mistakes) = try read(text)
            #expect(mistakes.all.count == 1, "\(text)")
            #expect(telling.hooks.isEmpty)
        }
    }
}
