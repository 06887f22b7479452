import Foundation
import TestSupport
import Testing

/// docs/access.md: its line for cron, its configuration and its commands, word for word, below a folder that stands for the
/// root of the machine.
@Suite struct AccessDocumentTests {
    /// The document's blocks of a language, in order.
    private static func blocks(_ language: String) throws -> [String] {
        try String(contentsOfFile: Tool.repository + "/docs/access.md", encoding: .utf8)
            .components(separatedBy: "\n```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            .filter { $0.hasPrefix("\(language)\n") }.map { String($0.dropFirst(language.utf8.count + 1)) }
    }

    @Test func aReviewGoesAsTheDocumentSays() async throws {
        try await aside {
            try withTemporaryFolder { folder in
                let sandbox = try SandboxProcess(["--generate", "300", "--unlimited"], in: folder)
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                func run(_ commands: String, _ environment: [String: String?] = [:]) throws {
                    let here = commands.replacing("/etc/heedaudit", with: folder + "/etc/heedaudit")
                    let common: [String: String?] = [
                        "PATH": "\(folder)/bin:\(path)", "CLOUDHEED_TOKEN": SandboxProcess.token,
                    ]
                    let result = try runCommand(
                        "sh",
                        ["-euc", here],
                        environment: common.merging(environment) { _, new in new },
                        in: folder,
                        killAfter: 120
                    )
                    try #require(result.status == 0, "\(commands): \(result)")
                }
                try run("mkdir -p bin etc/heedaudit && ln -s '\(Tool.path)' bin/heedaudit")
                let places = "archive: \(folder)/archive\noutput: \(folder)/reports\nbase_url: \(sandbox.baseURL)\n"
                let decided = try Self.blocks("yaml").joined()
                try (places + decided.replacing("/etc/heedaudit", with: folder + "/etc/heedaudit"))
                    .write(toFile: folder + "/etc/heedaudit/heedaudit.yaml", atomically: true, encoding: .utf8)
                let commands = try Self.blocks("sh")
                try #require(commands.count == 4)
                try run(commands[0])

                // As cron does: five fields, then a command for sh.
                let line = try #require(try Self.blocks("").first)
                let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
                #expect(fields.count == 6 && fields[..<5].joined(separator: " ") == "15 2 * * *")
                try run(String(fields[5]).trimmingCharacters(in: .whitespacesAndNewlines))

                let settings: [String: String?] = ["HEEDAUDIT_CONFIG": folder + "/etc/heedaudit/heedaudit.yaml"]
                try run(commands[1], settings)
                try run("cp reports/acme-corp/latest/review.csv reports/acme-corp/latest/action-plan.csv .")
                try run(commands[2], settings)
                try run(commands[3], settings)
            }
        }
    }
}
