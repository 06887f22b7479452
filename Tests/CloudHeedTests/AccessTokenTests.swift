import CloudHeed
import Foundation
import TestSupport
import Testing

@Suite struct AccessTokenTests {
    @Test func neverPrintsItself() throws {
        let token = try AccessToken("ch_live_secret")
        #expect(!"\(token)".contains("secret"))
        #expect(!String(reflecting: token).contains("secret"))
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!dumped.contains("secret"))
    }

    @Test(arguments: ["", "  ", "two words", "line\nbreak", "ümlaut"])
    func refusesWhatCannotStandInAHeader(text: String) {
        #expect(throws: ServiceError.self) { try AccessToken(text) }
    }

    @Test(arguments: [0o644, 0o640, 0o604])
    func refusesAFileThatOthersCanRead(mode: Int) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/token"
            try "ch_live_x".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let error = #expect(throws: ServiceError.self) { try AccessToken(file: path) }
            #expect(error?.code == .tokenFileTooOpen)
            #expect(error?.hint?.contains("chmod 600") == true)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            _ = try AccessToken(file: path)
        }
    }

    @Test func takesWhatMachinesHandOutAndNothingElse() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/token"
            try "ch_live_x\n".write(toFile: path, atomically: true, encoding: .utf8)
            // Kubernetes: read-only, by a group of the reader.
            try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: path)
            _ = try AccessToken(file: path)
            // systemd: an access control list that names the reader alone; one that names somebody else, too.
            let own = try runCommand("sh", ["-c", "chmod 400 '\(path)'; setfacl -m u:$(id -u):r '\(path)'"])
            try #require(own.status == 0, "\(own.error)")
            _ = try AccessToken(file: path)
            let other = try runCommand("sh", ["-c", "setfacl -m u:4711:r '\(path)'"])
            try #require(other.status == 0, "\(other.error)")
            #expect(throws: ServiceError.self) { try AccessToken(file: path) }
        }
    }

    @Test func refusesWhatIsNoToken() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/token"
            try String(repeating: "x", count: 5_000).write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(throws: ServiceError.self) { try AccessToken(file: path) }
            #expect(throws: ServiceError.self) { try AccessToken(file: folder) }
            #expect(mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(throws: ServiceError.self) { try AccessToken(file: folder + "/pipe") }
        }
    }

    @Test(arguments: [
        "http://example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "api.cloudheed.com",
        "https://user@host",
        "http://1270.0.0.1", "",
    ])
    func refusesBaseURLsThatWouldSendTheTokenInTheClear(url: String) throws {
        let token = try AccessToken("ch_live_x")
        let error = #expect(throws: ServiceError.self) {
            try ServiceConfiguration(baseURL: url, token: token, userAgent: "test")
        }
        #expect(error?.code == .configuration)
    }

    @Test(arguments: ["https://api.cloudheed.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80"])
    func acceptsHTTPSAndLoopback(url: String) throws {
        _ = try ServiceConfiguration(baseURL: url, token: AccessToken("ch_live_x"), userAgent: "test")
    }
}
