import Foundation
import Testing

@testable import CloudHeed

/// Lists of members, invitations and keys, however the service describes them and cuts them.
@Suite struct ServiceListTests {
    private func page(_ text: String, _ list: ServiceList = .members) throws -> ListPage {
        try ListPage(Array(text.utf8), list)
    }

    private func texts(_ page: ListPage) -> [String] { page.elements.map { String(decoding: $0, as: UTF8.self) } }

    @Test(arguments: [
        #"{"members":[{"id":"a"},7]}"#, #"{"data":[{"id":"a"},7],"meta":{"total":2}}"#, #" [{"id":"a"}, 7 ] "#,
        #"{"data":{"members":[{"id":"a"},7]},"meta":{"request_id":"req-1"}}"#,
        #"{"data":{"data":{"members":[{"id":"a"},7]}}}"#, #"{"members":{"data":[{"id":"a"},7]}}"#,
        #"{"members":[{"id":"a"},7],"members":[]}"#, #"{"data":null,"members":[{"id":"a"},7]}"#,
    ]) func aListIsFoundInEveryEnvelope(_ text: String) throws {
        #expect(texts(try page(text)) == [#"{"id":"a"}"#, "7"])
    }

    @Test func invitationsAndKeysHaveNamesOfTheirOwn() throws {
        for name in ["invitations", "invites", "data"] {
            #expect(try page(#"{"\#(name)":[1]}"#, .invitations).elements.count == 1)
        }
        #expect(try page(#"{"api_keys":[1,2]}"#, .apiKeys).elements.count == 2)
        #expect(throws: UnreadableBody.self) { try page(#"{"members":[1]}"#, .apiKeys) }
    }

    @Test(arguments: [
        "[]", #"{"members":[]}"#, #"{"members":null}"#, #"{"data":{"members":null}}"#,
        #"{"members":[],"error":null,"errors":[]}"#, "{\"members\":[],\"error\":{ },\"meta\":{\"errors\":[\t\r\n]}}",
    ])
    func nobodyIsAListToo(_ text: String) throws {
        #expect(try page(text).elements.isEmpty)
    }

    @Test(arguments: [
        "{}", "1", "null", #"{"error":{"code":"x"}}"#, #"{"members":5}"#, #"{"members":{"a":1}}"#, "<html>", "",
        #"{"members":[{"id":"a"}],"error":{"code":"partial"}}"#, #"{"members":null,"errors":["m"]}"#,
        #"{"data":{"members":[],"error":"m"}}"#, #"{"members":[],"meta":{"total":0,"error":"m"}}"#,
        #"{"members":[1"#, #"[{"id":"a"}"#, #"{"data":{"data":{"data":{"data":{"data":{"data":[]}}}}}}"#,
    ]) func whatIsNoListIsNotTakenForOne(_ text: String) {
        #expect(throws: UnreadableBody.self) { try page(text) }
    }

    @Test func anAbsurdPageIsRefused() throws {
        let text = "[" + Array(repeating: "1", count: 100_001).joined(separator: ",") + "]"
        let refusal = #expect(throws: UnreadableBody.self) { try page(text) }
        #expect("\(String(describing: refusal))".contains("more than 100,000 elements"))
        #expect(
            try page("[" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "]")
                .elements.count == 1
        )
    }

    // MARK: Paging

    /// A service that cuts a list into pages, and notes what it was asked for.
    private final class Service {
        var asked: [String] = []
        var refusals: [String: ServiceError] = [:]
        var answer: (_ page: Int) throws -> String = { _ in "[]" }

        func read(_ list: ServiceList = .members, first: String? = nil) async throws -> ListAnswer {
            try await list.read(of: "org/1", first: first) { path in
                asked.append(path)
                if let refusal = refusals[String(path.prefix { $0 != "?" })] { throw refusal }
                let number = path.split(separator: "=")[1].prefix { $0 != "&" }
                let body = Array(try answer(Int(number) ?? 0).utf8)
                return ServiceAnswer(
                    value: try ListPage(body, list),
                    body: body,
                    serverTime: Int64(1000 + asked.count),
                    requestID: nil
                )
            }
        }

        /// Serves so many elements.
        func serve(_ count: Int, perPage: Int, meta: @escaping (Int) -> String = { _ in "" }) {
            answer = { page in
                let begin = min(count, (page - 1) * perPage)
                let elements = (begin..<min(count, begin + perPage)).map { #"{"id":"m\#($0)"}"# }
                return #"{"members":[\#(elements.joined(separator: ","))]\#(meta(page))}"#
            }
        }
    }

    @Test func totalsEndAList() async throws {
        let service = Service()
        service.serve(250, perPage: 100) { #","meta":{"page":\#($0),"total":250,"per_page":100}"# }
        let answer = try await service.read()
        #expect(service.asked.count == 3 && answer.count == 250 && answer.pages.count == 3)
        #expect(service.asked[1] == "/v1/organization/members?page=2&per_page=100")
        #expect(answer.unavailable == nil && answer.from == "GET /v1/organization/members")
        #expect(answer.firstServed == 1001 && answer.lastServed == 1003)
        service.asked = []
        service.serve(250, perPage: 100) { #","meta":{"page":\#($0),"total_pages":3}"# }
        #expect(try await service.read().count == 250 && service.asked.count == 3)
    }

    @Test(arguments: [
        (0, 100, 1), (5, 100, 1), (19, 20, 1), (20, 20, 2), (45, 20, 3), (100, 100, 2), (150, 50, 4),
        (10_000, 100, 101),
    ])
    func withoutTotalsPagesAreReadUntilOneBringsNothingOrLess(count: Int, perPage: Int, requests: Int) async throws {
        let service = Service()
        service.serve(count, perPage: perPage)
        let answer = try await service.read()
        #expect(answer.count == count && answer.unavailable == nil)
        #expect(service.asked.count == requests, "\(service.asked.count)")
    }

    @Test func aListThatIsNotCutIsReadOnce() async throws {
        let service = Service()
        let all = (0..<300).map { #"{"id":"m\#($0)"}"# }.joined(separator: ",")
        service.answer = { _ in "[\(all)]" }
        let answer = try await service.read()
        #expect(answer.count == 300 && answer.pages.count == 1 && service.asked.count == 2 && answer.unavailable == nil)
    }

    @Test func aListThatDoesNotComeWholeIsNotCalledWhole() async throws {
        let service = Service()
        service.answer = { _ in #"{"members":[{"id":"a"}],"meta":{"total":3}}"# }
        let repeated = try await service.read()
        #expect(
            repeated.unavailable
                == "GET /v1/organization/members: page 2 repeats what came before, and 1 of 3 elements came"
        )
        #expect(repeated.pages.count == 1)
        service.answer = { page in
            guard page == 1 else { throw ServiceError(.unavailable, "GET x: 500") }
            return #"{"members":[{"id":"a"}],"meta":{"total":3}}"#
        }
        #expect(try await service.read().unavailable == "GET /v1/organization/members: GET x: 500")
        service.asked = []
        service.answer = { page in "[" + (0..<30).map { #"{"id":"\#(page)-\#($0)"}"# }.joined(separator: ",") + "]" }
        let endless = try await service.read()
        #expect(service.asked.count == ListPager.mostPages && endless.unavailable != nil)
    }

    /// Pages of a list, and why it is not whole; nil: it is.
    private static let tellings: [(pages: [String], requests: Int, why: String?)] = {
        func page(_ ids: ClosedRange<Int>, _ rest: String) -> String {
            #"{"members":[\#(ids.map { #"{"id":"m\#($0)"}"# }.joined(separator: ","))]\#(rest)}"#
        }
        let (empty, more) = (#"{"members":[]}"#, #","has_more":true,"next_cursor":"abc""#)
        return [
            ([page(1...20, #","total":30"#), page(21...30, #","total":30"#)], 2, nil),
            ([page(1...20, #","total":"30""#), page(21...30, "")], 2, nil),
            ([page(1...20, #","total":3.0e1"#), page(21...30, #","total":30.0"#)], 2, nil),
            ([page(1...20, #","meta":{"total_pages":"2"}"#), page(21...30, "")], 2, nil),
            ([page(1...3, #","total":"thirty""#)], 1, "its total is no whole number"),
            ([page(1...3, #","meta":{"total":3.5}"#)], 1, "its total is no whole number"),
            ([page(1...3, #","total":1e400"#)], 1, "its total is no whole number"),
            ([page(1...3, #","total":-1"#)], 1, "its total is no whole number"),
            ([page(1...3, #","total":3,"total_pages":9223372036854775808"#)], 1, "its total_pages is no whole number"),
            ([page(1...3, #","total":null,"total_pages":null"#)], 1, nil),
            ([page(1...20, #","total":30"#), empty], 2, "page 2 is empty, and 20 of 30 elements came"),
            ([page(1...20, #","pagination":{"total":30,"page":1}"#), empty], 2, "20 of 30"),
            ([page(1...20, #","meta":{"pagination":{"total":30}}"#), empty], 2, "20 of 30"),
            ([page(1...3, #","meta":{"total_pages":2}"#), page(4...5, #","meta":{"total_pages":2}"#)], 2, nil),
            (
                [page(1...20, #","meta":{"total_pages":2}"#), page(1...20, #","meta":{"total_pages":2}"#)], 2,
                "page 2 repeats what came before, and it has 2 pages, says its total_pages"
            ),
            ([page(1...20, #","meta":{"total_pages":2}"#), empty], 2, "page 2 is empty, and it has 2 pages"),
            ([page(1...3, more), page(4...5, #","has_more":false"#)], 2, nil),
            ([page(1...20, #","has_more":false"#)], 1, nil), ([page(1...3, #","next":{ }"#)], 1, nil),
            ([page(1...3, more), page(1...3, more)], 2, "more follow page 1, says its has_more"),
            ([page(1...3, more), empty], 2, "page 2 is empty, and more follow page 1"),
            ([page(1...3, more), #"{"members":[],"has_more":false}"#], 2, nil),
            ([page(1...3, #","next":"/v1/x?cursor=2""#), empty], 2, "says its next"),
            ([page(1...3, #","meta":{"next_cursor":"abc"}"#), empty], 2, "says its next_cursor"),
            ([page(1...3, #","next":null,"next_cursor":"","meta":{"next":false}"#)], 1, nil),
            ([page(1...20, #","meta":{"total":5}"#), page(21...30, #","meta":{"total":5}"#)], 2, "30 elements came"),
            (
                [page(1...20, #","meta":{"total":30}"#), page(22...30, #","meta":{"total":29}"#)], 2,
                "its total was 30 on one page, and 29 on another"
            ),
            ([#"{"members":[],"total":3}"#], 1, "page 1 is empty, and 0 of 3 elements came"),
            ([#"{"members":null,"meta":{"total":0}}"#], 1, nil),
        ]
    }()

    @Test(arguments: tellings.indices) func whatAPageSaysOfOthersIsRead(_ place: Int) async throws {
        let (pages, requests, why) = Self.tellings[place]
        let service = Service()
        service.answer = { $0 <= pages.count ? pages[$0 - 1] : #"{"members":[]}"# }
        let answer = try await service.read()
        #expect(service.asked.count == requests, "\(pages)")
        #expect(
            why == nil ? answer.unavailable == nil : answer.unavailable?.contains(why ?? "") == true,
            "\(answer.unavailable ?? "-"): \(pages)"
        )
    }

    @Test func aLinkLeadsOn() throws {
        let token = try AccessToken("ch_live_x")
        for (link, isOn) in [
            (#"</x?page=2>; rel="next""#, true), (#"</x>; rel=prev, </y>; rel=NEXT; title="a""#, true),
            (#"</x>; rel="last""#, false), ("", false), ("</next>; rel=self", false),
        ] {
            #expect(AnswerHeaders(["link": link], hiding: token).isContinued == isOn, "\(link)")
        }
        var pager = ListPager()
        pager.received(try page(#"[1,2]"#), [], isLinked: true)
        #expect(pager.next == 2)
        pager.received(try page(#"[1,2]"#), [], isLinked: true)
        #expect(
            pager.incompleteBecause == "page 2 repeats what came before, and more follow page 1, says its Link header"
        )
    }

    // MARK: Variants

    @Test func theOtherPathIsAskedWhereTheFirstIsNotThere() async throws {
        for refusal in [
            ServiceError(.notUnderstood, "404", status: 404), ServiceError(.scopeMissing, "403", status: 403),
            ServiceError(.notUnderstood, "GET x: another shape"),
        ] {
            let service = Service()
            service.refusals["/v1/organization/members"] = refusal
            let answer = try await service.read()
            #expect(answer.from == "GET /v1/organizations/org%2F1/members" && answer.unavailable == nil)
            service.asked = []
            let again = try await service.read(first: answer.from)
            #expect(again == answer || again.from == answer.from)
            #expect(service.asked.count == 1)
        }
    }

    @Test func whatStandsInTheWayIsToldAndNoFailure() async throws {
        let service = Service()
        service.refusals["/v1/organization/members"] = ServiceError(.notUnderstood, "one: 404", status: 404)
        service.refusals["/v1/organizations/org%2F1/members"] = ServiceError(.scopeMissing, "two: 403", status: 403)
        let answer = try await service.read()
        #expect(answer == ListAnswer(unavailable: "two: 403"))
        // Who is down here is down there.
        service.asked = []
        service.refusals["/v1/organization/members"] = ServiceError(.unavailable, "down")
        #expect(try await service.read().unavailable == "down")
        #expect(service.asked.count == 1)
        #expect(try await service.read(first: "GET /elsewhere").unavailable == "down")
    }

    @Test func noMoreThanSecondsAreSpentOnWhatIsOptional() {
        let policy = RetryPolicy(first: 0.5)
        #expect(policy.delay(after: 2, elapsed: 1, .ofWhatIsOptional, random: 1) == 1)
        #expect(policy.delay(after: 3, elapsed: 1, .ofWhatIsOptional, random: 1) == nil)
        #expect(policy.delay(after: 1, elapsed: 15, .ofWhatIsOptional, random: 1) == nil)
        #expect(policy.delay(after: 3, elapsed: 15, random: 1) == 2)
    }

    @Test func aRefusedTokenIsAFailureAsEver() async throws {
        let service = Service()
        service.refusals["/v1/organization/members"] = ServiceError(.tokenRefused, "401", status: 401)
        await #expect(throws: ServiceError.self) { try await service.read() }
    }
}
