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
