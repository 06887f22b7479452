import Testing

@testable import Sandbox

/// The head of a request, read from its bytes.
@Suite struct HTTPRequestTests {
    private func read(_ text: String) -> HTTPRequest? { HTTPRequest(head: text.utf8) }

    @Test func readsTargetAndHeaders() throws {
        let request = try #require(
            read("GET /v1/a%20b?page=2&per%5Fpage=5&x=1&x=2&y&z=a=b HTTP/1.1\r\nHost: x\r\nAUTHORIZATION:  Bearer t ")
        )
        #expect(request.method == "GET" && request.path == "/v1/a%20b")
        #expect(request.query == ["page": "2", "per_page": "5", "x": "2", "y": "", "z": "a=b"])
        #expect(request.header("authorization") == "Bearer t")
        #expect(request.bodyLength == .counted(0) && !request.isLast && !request.expectsContinue)
    }

    @Test(arguments: [
        ("http://127.0.0.1:80/v1/organization?x=1", "/v1/organization"), ("//v1", "//v1"), ("*", "*"),
    ])
    func findsThePath(target: String, path: String) {
        #expect(read("GET \(target) HTTP/1.1")?.path == path)
    }

    @Test func knowsHowLongTheBodyIsAndWhoCloses() {
        #expect(read("POST / HTTP/1.1\r\nContent-Length: 12")?.bodyLength == .counted(12))
        #expect(read("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked")?.bodyLength == .chunked)
        #expect(read("POST / HTTP/1.1\r\nExpect: 100-continue")?.expectsContinue == true)
        #expect(read("GET / HTTP/1.1\r\nConnection: Close")?.isLast == true)
        #expect(read("GET / HTTP/1.0")?.isLast == true)
    }

    @Test(arguments: [
        "", "hello", "GET /", "GET  / HTTP/1.1", "GET / HTTP/2", "get / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost", "GET / HTTP/1.1\r\n: x", "GET / HTTP/1.1\r\nHost : x", "GET / HTTP/1.1\nHost: x",
        "GET / HTTP/1.1\r\nA: b\rC: d", "POST / HTTP/1.1\r\nContent-Length: -3",
        "POST / HTTP/1.1\r\nContent-Length: +3",
        "POST / HTTP/1.1\r\nContent-Length: ", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3",
        "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip",
    ])
    func refusesWhatIsNoRequest(text: String) {
        #expect(read(text) == nil)
    }
}
