import Foundation
import TestSupport
import Testing

/// A server of `Servers/network.py`, which serves until it is let go.
final class NetworkServer {
    private let process: RunningCommand
    let port: String

    init(_ arguments: [String], in folder: String) throws {
        let script = Tool.repository + "/Tests/AcceptanceTests/Servers/network.py"
        process = try RunningCommand("python3", ["-W", "ignore", script] + arguments, in: folder)
        port = try process.firstLine()
    }

    deinit { process.send(SIGKILL) }

    /// Makes `NAME.crt` and `NAME.pem`, which holds the key as well; `extensions`: further lines of them.
    static func certificate(
        _ name: String,
        in folder: String,
        days: Int = 30,
        host: String = "localhost",
        bits: Int = 2048,
        extensions: String = ""
    ) throws {
        let commands = """
            openssl req -new -newkey rsa:\(bits) -nodes -keyout \(name).key -out \(name).req -subj /CN=\(host) &&
            printf 'subjectAltName=DNS:\(host)\\n\(extensions)' > \(name).ext &&
            openssl x509 -req -in \(name).req -signkey \(name).key -days \(days) -extfile \(name).ext -out \(name).crt &&
            cat \(name).key \(name).crt > \(name).pem
            """
        let made = try runCommand("sh", ["-c", commands], in: folder)
        try #require(made.status == 0, "\(made.error)")
    }

    /// What `organization show` says of a place, and how long it took.
    static func show(
        _ url: String,
        in folder: String,
        _ arguments: [String] = [],
        environment: [String: String?] = [:]
    ) throws -> (result: CommandResult, seconds: Double) {
        let started = Date()
        let result = try Tool.run(
            ["organization", "show", "--base-url", url] + arguments,
            in: folder,
            environment: ["CLOUDHEED_TOKEN": "ch_live_test", "https_proxy": nil, "no_proxy": nil].merging(environment) {
                $1
            }
        )
        return (result, Date().timeIntervalSince(started))
    }

    static func freePort() throws -> String {
        let program = "import socket; s=socket.socket(); s.bind(('127.0.0.1',0)); print(s.getsockname()[1])"
        return try #require(try runCommand("python3", ["-c", program]).lines.first)
    }
}
