import Foundation

/// What an answer that is no success says of itself.
struct ErrorEnvelope {
    private struct Details: Decodable {
        struct Detail: Decodable {
            var field: String?
            var message: String?
        }
        struct Failure: Decodable {
            var details: [Detail]?
        }
        var error: Failure
    }

    /// The answer's status.
    let status: Int
    private let code: String?
    private let message: String?
    private let requestID: String?
    private let details: [Details.Detail]
    /// Whether a web page answered, as firewalls and proxies do, and not the service.
    private let isWebPage: Bool
    private let token: AccessToken

    init(_ answer: Transport.Answer, _ token: AccessToken) {
        status = answer.status
        self.token = token
        let begin = answer.body.prefix(512).drop { $0 == 32 || ($0 >= 9 && $0 <= 13) }
        isWebPage = begin.first == UInt8(ascii: "<")
        // Other services write `{"error":"…"}` or `{"message":"…"}`; a proxy may be one.
        let object = try? JSONObject(answer.body)
        let error = object?.object("error")
        code = error?.text("code") ?? error?.number("code").map(String.init)
        message = error?.text("message") ?? object?.text("error") ?? object?.text("message")
        requestID = object?.object("meta")?.text("request_id")
        details =
            (try? JSONDecoder().decode(Details.self, from: Data(answer.body.prefix(1 << 16))))?.error.details ?? []
    }

    /// Status, code and message in a few words, without the token.
    var described: String {
        var text = String(status)
        if let code { text += " " + code }
        if let message { text += ": " + message }
        let details = details.map { "\($0.field ?? "?"): \($0.message ?? "?")" }
        if !details.isEmpty { text += " (" + details.joined(separator: "; ") + ")" }
        if isWebPage { text += " (a web page, and not the service's JSON)" }
        // A part of the token would no longer be known as one.
        return String(token.redacted(text).prefix(600))
    }

    /// Code and message, without the token; nil where it says neither.
    var words: String? {
        let words = [code, message].compactMap(\.self).joined(separator: ": ")
        return words.isEmpty ? nil : String(token.redacted(words).prefix(600))
    }

    func error(request: String, headers: AnswerHeaders) -> ServiceError {
        let id = requestID.map { " [\(token.redacted($0).prefix(100))]" } ?? headers.named
        let summary = "\(request): \(described)\(id)"
        let (kind, hint) = meaning(of: request)
        return ServiceError(kind, summary, hint: hint, status: status)
    }

    private func meaning(of request: String) -> (ServiceError.Code, hint: String?) {
        switch (status, code ?? "") {
        case (401, _): (.tokenRefused, "the token is wrong or revoked; make a new API key with the scope org:read")
        case (511, _):
            (.unavailable, "the network wants a login: a captive portal or a proxy answers in the service's place")
        case (403, _) where isWebPage:
            (.unavailable, "something between here and the service refuses it, such as a firewall; it is not the token")
        case (403, _):
            (.scopeMissing, "the token needs the scope \(request.hasPrefix("GET") ? "org:read" : "org:write")")
        case (402, _), (_, "payment_required"):
            (.rejected, "the service asks for payment first: see to the organization's billing, then run again")
        case (_, "maintenance_mode"): (.unavailable, "the service is being maintained; try again later")
        default:
            (
                status == 404 ? .notUnderstood : .rejected,
                RefusalAdvice.hint(status, isChange: !request.hasPrefix("GET"))
            )
        }
    }
}

/// The headers that the client looks at.
struct AnswerHeaders {
    var requestID: String?
    var serverTime: Int64?
    var retryAfter: Double?
    /// Whether the service asks for a pause that is out of all proportion, and is not kept.
    var isPauseRefused = false
    /// Whether the answer is a page that another one follows (RFC 8288).
    var isContinued = false
    var allowance = RequestPacer.Allowance()

    /// The longest pause that is believed: a year.
    private static let longestPause = 366.0 * 86_400

    /// What is to be said of a pause that is not kept, or nothing.
    var pauseRefused: String { isPauseRefused ? "; its Retry-After of more than a year is not believed" : "" }

    /// The request id in brackets, or nothing.
    var named: String { requestID.map { " [\($0)]" } ?? "" }

    /// Reads the headers; `token` is blanked wherever one repeats it.
    init(_ headers: [String: String], hiding token: AccessToken) {
        requestID = headers["x-request-id"].map { String(token.redacted($0).prefix(100)) }
        isContinued = Self.namesNext(headers["link"] ?? "")
        serverTime = headers["date"].flatMap(Self.seconds(ofHTTPDate:))
        let localTime = Int64(Date().timeIntervalSince1970)
        let now = serverTime ?? localTime
        let asked = headers["retry-after"].flatMap(Moment.init).map { $0.seconds(from: now) }
        retryAfter = asked.flatMap { $0 > Self.longestPause ? nil : $0 }
        isPauseRefused = asked != nil && retryAfter == nil
        let count = { (name: String) in
            headers[name].flatMap(Self.number(in:)).map { Int(min(max($0, 0), Double(RequestPacer.mostRequests))) }
        }
        allowance.limit = count("x-ratelimit-limit")
        allowance.remaining = count("x-ratelimit-remaining")
        // The server's clock against the server's: ours may be wrong.
        guard let reset = headers["x-ratelimit-reset"].flatMap(Moment.init) else { return }
        let wait = reset.seconds(from: now)
        // A window is a minute or a day: what is out of all proportion says nothing.
        guard abs(wait) <= Self.longestWindow else { return }
        allowance.resetsIn = wait
        if case .at(let time) = reset { allowance.reset = time }
    }

    /// Whether a `Link` header has a link of the relation `next`.
    private static func namesNext(_ link: String) -> Bool {
        link.lowercased().split(separator: ";").contains { part in
            let text = part.prefix { $0 != "," }.filter { $0 != " " && $0 != "\"" }
            return text == "rel=next"
        }
    }

    /// The longest window that is believed: 31 days.
    private static let longestWindow = 31.0 * 86_400

    /// A moment as headers tell it: seconds from now, seconds or milliseconds of the epoch, or a date.
    enum Moment: Equatable {
        case after(Double)
        /// Seconds since 1970.
        case at(Double)

        /// Numbers from here on are seconds since 1970 (it is March 1973), those from `firstMilliseconds` on milliseconds.
        private static let firstTime = 1e8
        private static let firstMilliseconds = 1e11

        /// Reads a header; nil for one that tells no moment.
        init?(_ text: String) {
            let text = text.trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
            if var number = AnswerHeaders.number(in: text) {
                guard number >= Self.firstTime else {
                    self = .after(number)
                    return
                }
                // Micro- and nanoseconds are told, too.
                for _ in 0..<3 where number >= Self.firstMilliseconds { number /= 1_000 }
                self = .at(number)
            } else if let time = AnswerHeaders.seconds(ofHTTPDate: text).map(Double.init) ?? Self.seconds(ofISO: text) {
                self = .at(time)
            } else {
                return nil
            }
        }

        /// How long it is until then.
        func seconds(from now: Int64) -> Double {
            switch self {
            case .after(let seconds): seconds
            case .at(let time): time - Double(now)
            }
        }

        /// Seconds since 1970 of a time as ISO 8601 writes it, such as `2026-03-17T10:00:00Z`.
        private static func seconds(ofISO text: String) -> Double? {
            var text = text
            if let point = text.firstIndex(of: ".") {
                let behind = text[point...].dropFirst().firstIndex { !$0.isNumber } ?? text.endIndex
                text.removeSubrange(point..<behind)
            }
            return (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
        }
    }

    /// A decimal number that can be reckoned with: `nan`, `inf`, hexadecimal and what is out of all proportion are none.
    fileprivate static func number(in text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isPlain, let number = Double(text), number.isFinite else { return nil }
        return min(max(number, -1e20), 1e20)
    }

    /// Seconds since 1970 of a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    ///
    /// Every answer has one, and a `DateFormatter` took a fifth of a pull's time.
    static func seconds(ofHTTPDate text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT", let month = months.firstIndex(of: parts[2]),
            let day = number(parts[1], 1...31), let year = number(parts[3], 1...9999)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (Int32(year) - 1900, Int32(month), Int32(day))
        (time.tm_hour, time.tm_min, time.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        return Int64(timegm(&time))
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text) else {
            return nil
        }
        return range.contains(number) ? number : nil
    }
}
