import Foundation

/// What to do about an answer that refuses a request and says no more than its status.
enum RefusalAdvice {
    /// What to do.
    ///
    /// - Parameters:
    ///   - status: Of 400 to 499.
    ///   - isChange: Whether something was to be changed.
    /// - Returns: One sentence.
    static func hint(_ status: Int, isChange: Bool) -> String {
        switch status {
        case 400, 422:
            isChange
                ? "the service does not take this value: give another one"
                : "the service does not take the question as it is asked: a newer heedaudit may ask otherwise"
        case 404: "is the base URL the service's?"
        case 405, 406, 415:
            "is the base URL the service's, and no proxy in between? A newer heedaudit may ask otherwise"
        case 407: "a proxy in between wants a user and a password: name them in https_proxy"
        case 409: "somebody else changes the same thing: look at it, then run again"
        case 410: "the service no longer has it: a newer heedaudit may know where it is"
        case 411, 413, 414, 431: "is there a proxy in between that bounds requests? Ask who runs it"
        case 421, 426: "something in between speaks another HTTP or for another host: ask who runs the proxy"
        case 423: "the service has locked it: ask whoever administers the organization, or run again later"
        case 451: "the service may not answer for reasons of law: ask its support"
        case 499: "something in between gave up: run again; if it stays, ask who runs the proxy"
        default: "run again; if it stays, ask the service's support and name the request"
        }
    }
}

extension ErrorEnvelope {
    /// What is said of JSON that is not what was asked for: the service's own words, where it says an error in it.
    ///
    /// - Parameters:
    ///   - what: What was expected, or stands in its place.
    ///   - request: Method and path.
    ///   - headers: Of the answer.
    /// - Returns: An error with code `.notUnderstood`.
    func otherShape(_ what: String, request: String, _ headers: AnswerHeaders) -> ServiceError {
        guard let words else {
            return ServiceError(
                .notUnderstood,
                "\(request): the answer is JSON of another shape: \(what)\(headers.named)",
                hint: "is the base URL the service's? A newer heedaudit may know this answer"
            )
        }
        return ServiceError(
            .notUnderstood,
            "\(request): the service says \(status) and an error in it: \(words)\(headers.named)",
            hint: "run again; if it stays, ask the service's support and name the request"
        )
    }
}

/// An answer that points elsewhere: no redirect is followed, for the token goes to the base URL alone.
struct Redirect {
    private let status: Int
    /// Where it points to, without user, password and parameters; nil where it does not say.
    private let target: String?
    /// The base URL that would lead there; nil where none would.
    private let base: String?
    /// Whether that is the address asked.
    private let isOwn: Bool

    /// Longer addresses are cut.
    private static let longest = 200

    init(_ answer: Transport.Answer, to path: String, _ configuration: ServiceConfiguration) {
        status = answer.status
        let asked = URL(string: configuration.baseURL + path)
        guard let location = answer.headers["location"].flatMap({ URL(string: $0, relativeTo: asked) }),
            var parts = URLComponents(url: location, resolvingAgainstBaseURL: true), parts.host?.isEmpty == false
        else {
            (target, base, isOwn) = (nil, nil, false)
            return
        }
        isOwn =
            Self.origin(parts)
            == asked.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: true) }.map(Self.origin)
        (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
        let place = configuration.token.redacted(parts.string ?? "")
        target = place.count > Self.longest ? place.prefix(Self.longest) + "…" : place
        let call = path.prefix { $0 != "?" }
        let isSafe = parts.scheme?.lowercased() == "https" || ServiceConfiguration.isLoopback(parts.host ?? "")
        let isBase = isSafe && place.hasSuffix(call) && place.count <= Self.longest
        base = isBase ? String(place.dropLast(call.count)) : nil
    }

    private static func origin(_ parts: URLComponents) -> [String] {
        let scheme = parts.scheme?.lowercased() ?? ""
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        return [scheme, parts.host?.lowercased() ?? "", String(port)]
    }

    /// What is said of it.
    func error(request: String, _ configuration: ServiceConfiguration) -> ServiceError {
        func error(_ what: String, _ hint: String) -> ServiceError {
            ServiceError(.notUnderstood, "\(request): \(what)", hint: hint)
        }
        let between = "something in between, such as a login page or a proxy, may answer in its place: ask who runs it"
        guard status != 304 else {
            return error("the service says that nothing changed (304), which was not asked", between)
        }
        guard let target else { return error("the service redirects (\(status)) and does not say where", between) }
        let asked = configuration.baseURL
        let moved = base.flatMap { $0 == asked ? nil : "give --base-url \($0) (base_url in the configuration)" }
        guard !isOwn else {
            return error(
                "the service redirects (\(status)) to \(target), and no redirect is followed",
                moved ?? between
            )
        }
        return error(
            "the service redirects elsewhere (\(status)), to \(target); the token goes nowhere else",
            moved.map { "if you trust that address, \($0)" } ?? between
        )
    }
}
