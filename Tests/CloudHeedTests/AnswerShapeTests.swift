import Foundation
import Testing

@testable import CloudHeed

/// Answers as the service is known to write them, and as others do.
@Suite struct AnswerShapeTests {
    private static let bare = #"{"id":"org-1","name":"Acme","member_count":5}"#

    @Test(arguments: [
        bare, #"{"data":\#(bare),"meta":{"request_id":"req-1"}}"#, #"{"organization":\#(bare),"role":"owner"}"#,
        #"{"data":{"organization":\#(bare)}}"#, #"{"meta":{"id":"x"},"data":\#(bare)}"#,
    ]) func anOrganizationIsFoundInEveryEnvelope(_ text: String) throws {
        let organization = Organization(try JSONObject(Array(text.utf8)).about(.organization))
        #expect(organization.id == "org-1" && organization.name == "Acme")
        #expect(organization.source.bytes == Array(Self.bare.utf8))
    }

    @Test(arguments: [
        #"{"require_2fa":true,"data":{"a":1}}"#, #"{"data":{"require_2fa":true}}"#,
        #"{"settings":{"sso_enabled":true}}"#,
        #"{"data":{"settings":{"require_2fa":true}},"meta":{}}"#,
        #"{"organization":{"id":"org-1","settings":{"require_2fa":true}},"role":"owner"}"#, #"{"new_setting":true}"#,
        "{\"require_2fa\":true,\"error\":{ },\"errors\":[\n]}",
    ]) func settingsAreFoundInEveryEnvelope(_ text: String) throws {
        let settings = try JSONObject(Array(text.utf8)).about(.settings)
        #expect(["require_2fa", "sso_enabled", "new_setting"].contains { settings.has($0) })
    }

    @Test(arguments: [
        #"{"error":{"code":"x"}}"#, #"{"require_2fa":true,"error":{"code":"partial"}}"#,
        #"{"data":{"require_2fa":true},"errors":["m"]}"#,
        #"{"data":null}"#, #"{"data":[]}"#, "[]", "null", "1", #"{"settings":"x"}"#,
    ]) func whatHoldsNoSettingsIsNotTakenForThem(_ text: String) {
        #expect(throws: UnreadableBody.self) { try JSONObject(Array(text.utf8)).about(.settings) }
    }

    /// What Foundation refuses is JSON all the same.
    @Test func whateverIsJSONIsTaken() throws {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        for poison in ["1e400", "-0.0e-999", deep, #""\ud800""#, "123456789012345678901234567890"] {
            let object = try JSONObject(Array(#"{"x":\#(poison),"id":"org-1","id":"org-2"}"#.utf8))
            #expect(object.text("id") == "org-1")
        }
        let broken = Array(#"{"id":"a"#.utf8) + [0xFF] + Array(#"b","name":"\u0041\n"}"#.utf8)
        let object = try JSONObject(broken)
        #expect(object.text("id") == "a\u{FFFD}b" && object.text("name") == "A\n" && object.bytes == broken)
        for cut in ["", "{", #"{"id":"org-1""#, #"{"id":"org-1"} x"#, "<html>", #"{"a":01}"#, "\u{1}"] {
            #expect(throws: UnreadableBody.self) { try JSONObject(Array(cut.utf8)) }
        }
    }

    private static func allowance(_ reset: String, date: String? = "Tue, 24 Nov 2026 00:00:00 GMT") throws
        -> RequestPacer.Allowance
    {
        var headers = ["x-ratelimit-reset": reset, "x-ratelimit-remaining": "0"]
        headers["date"] = date
        return AnswerHeaders(headers, hiding: try AccessToken("ch_live_test")).allowance
    }

    @Test(arguments: [
        "1795478460", "1795478460.0", "1795478460000", "1795478460000000", "60", "2026-11-24T00:01:00Z",
        "2026-11-24T00:01:00.000Z", "2026-11-24T02:01:00+02:00", "Tue, 24 Nov 2026 00:01:00 GMT", #""60""#,
    ]) func aResetIsUnderstoodHoweverItIsWritten(_ text: String) throws {
        #expect(try Self.allowance(text).resetsIn == 60)
    }

    @Test(arguments: [
        "99999999999", "-99999999999999", "1e300", "nan", "inf", "soon", "", "0x10", "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z", "99999999", "17954784600000000000000000",
    ]) func aResetThatCannotBeIsNotLookedAt(_ text: String) throws {
        let allowance = try Self.allowance(text)
        #expect(allowance.resetsIn == nil && allowance.reset == nil && allowance.remaining == 0)
        var pacer = RequestPacer(share: 1, maxWait: 900)
        #expect(pacer.ask(now: 0) == .send)
        pacer.answered(allowance, now: 0)
        #expect(pacer.ask(now: 0) == .send)
    }

    /// A pause that no service means is none, and is named.
    @Test(arguments: [
        ("60", 60.0), ("31536000", 31_536_000), ("40000000", nil), ("99999999999999999999", nil),
        ("Thu, 01 Jan 2099 00:00:00 GMT", nil), ("9999-12-31T23:59:59Z", nil), ("-5", -5),
    ]) func aPauseOutOfAllProportionIsNotKept(_ text: String, _ seconds: Double?) throws {
        let headers = AnswerHeaders(
            ["retry-after": text, "date": "Tue, 24 Nov 2026 00:00:00 GMT"],
            hiding: try AccessToken("ch_live_test")
        )
        #expect(headers.retryAfter == seconds && headers.isPauseRefused == (seconds == nil))
        #expect(headers.pauseRefused.isEmpty == (seconds != nil))
    }

    /// Every refusal says what to do.
    @Test func everyRefusalSaysWhatToDo() throws {
        let token = try AccessToken("ch_live_test")
        for status in 400..<500 {
            for method in ["GET", "PATCH"] {
                let answer = Transport.Answer(status: status, headers: [:], body: [])
                let error = ErrorEnvelope(answer, token).error(
                    request: "\(method) /v1/organization",
                    headers: AnswerHeaders([:], hiding: token)
                )
                #expect(error.hint?.isEmpty == false && error.status == status, "\(status)")
            }
        }
    }

    @Test(arguments: [
        ("/v1/organization/", "to https://api.example.com/v1/organization/, and no redirect", "something in between"),
        ("?page=2", "to https://api.example.com/v1/organization, and no redirect", "something in between"),
        ("/api/v1/organization?x=1", "no redirect is followed", "give --base-url https://api.example.com/api ("),
        ("HTTPS://API.example.com:443/b/v1/organization", "no redirect", "/b ("),
        (
            "https://new.example.com/v1/organization", "elsewhere (308), to https://new.example.com/v1/organization;",
            "if you trust that address, give --base-url https://new.example.com ("
        ),
        (
            "//new.example.com/login?token=ch_live_test", "elsewhere (308), to https://new.example.com/login;",
            "login page"
        ),
        ("https://u:secret@new.example.com/x#y", "to https://new.example.com/x;", "login page"),
        ("http://api.example.com/v1/organization", "elsewhere (308)", "login page"),
        (
            "https://api.example.com:8443/v1/organization", "elsewhere (308)",
            "give --base-url https://api.example.com:8443 ("
        ),
        ("https://new.example.com/ch_live_test", "elsewhere", "login page"),
        ("", "does not say where", "between"),
        ("http://[", "does not say where", "something in between"), ("mailto:a@b", "does not say where", "between"),
        (nil, "redirects (308) and does not say where", "something in between"),
    ]) func aRedirectIsNamed(_ location: String?, _ summary: String, _ hint: String) throws {
        let configuration = try ServiceConfiguration(
            baseURL: "https://api.example.com",
            token: try AccessToken("ch_live_test"),
            userAgent: "test"
        )
        var answer = Transport.Answer(status: 308, headers: [:], body: [])
        answer.headers["location"] = location
        let error = Redirect(answer, to: "/v1/organization?page=1", configuration)
            .error(request: "GET /v1/organization?page=1", configuration)
        #expect(error.code == .notUnderstood && error.summary.contains(summary), "\(error)")
        #expect(error.hint?.contains(hint) == true, "\(error)")
        #expect(!error.description.contains("secret") && !error.description.contains("ch_live"), "\(error)")
    }
}
