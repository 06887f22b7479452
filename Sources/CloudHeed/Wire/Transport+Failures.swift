import CLibCurl
import Foundation

/// What went wrong with a transfer, told so that somebody can do something about it.
extension Transport {
    /// What an ended transfer means: in plain words what, where, why, and what to do.
    func failure(of outcome: TransferLoop.Outcome) -> Failure {
        let place = configuration.baseURL
        switch outcome.code {
        case CURLE_COULDNT_RESOLVE_HOST: return unknownHost()
        case CURLE_COULDNT_RESOLVE_PROXY:
            return lasting(
                "there is no host of the proxy's name: \(proxyName)",
                "check https_proxy for a mistake in the name"
            )
        case CURLE_COULDNT_CONNECT: return noConnection(outcome)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return untrusted(outcome)
        case CURLE_SSL_CONNECT_ERROR: return noTLS(outcome)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM:
            return lasting(
                "the certificates of authorities can't be used: \(outcome.message)",
                "check ca_file, and that ca-certificates is installed",
                .configuration
            )
        case CURLE_OPERATION_TIMEDOUT:
            return .passing("no whole answer within \(Self.plain(configuration.requestTimeout.seconds)) seconds")
        case CURLE_UNSUPPORTED_PROTOCOL where outcome.message.contains("HTTP/0.9"):
            return lasting(
                "\(place): what answers there does not speak HTTP",
                "check scheme and port of --base-url, or who answers in the service's place"
            )
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return lasting("base URL '\(place)' is not one", "it looks like https://api.cloudheed.com", .configuration)
        case CURLE_GOT_NOTHING: return .passing("\(place) closed the connection without an answer")
        case CURLE_OUT_OF_MEMORY: return .passing("memory is short")
        default: break
        }
        if outcome.proxyStatus >= 300 || outcome.code == CURLE_PROXY { return refusedByProxy(outcome) }
        // By TLS 1.3 the client's certificate is asked for when the connection seems to be made.
        if Self.wantsCertificate(outcome.message) { return wantsCertificate(outcome) }
        return .passing("the connection to \(place) broke")
    }

    /// A failure that another attempt does not help.
    func lasting(_ summary: String, _ hint: String, _ code: ServiceError.Code = .unavailable) -> Failure {
        .lasting(ServiceError(code, summary, hint: hint))
    }

    /// The place with which TLS is made.
    private func place(_ outcome: TransferLoop.Outcome) -> String {
        outcome.isAtProxy ? "the proxy \(proxyName)" : configuration.baseURL
    }

    private var proxyName: String { configuration.usedProxy?.shown ?? "" }

    private func unknownHost() -> Failure {
        let host = URLComponents(string: configuration.baseURL)?.host ?? configuration.baseURL
        var found: UnsafeMutablePointer<addrinfo>?
        let reason = getaddrinfo(host, nil, nil, &found)
        if let found { freeaddrinfo(found) }
        // A name server that does not answer says nothing of the name.
        if reason == EAI_AGAIN || reason == 0 { return .passing("the name server does not answer for \(host)") }
        return lasting(
            "there is no host '\(host)'",
            "check --base-url for a mistake in the name, and this machine's name server"
        )
    }

    private func noConnection(_ outcome: TransferLoop.Outcome) -> Failure {
        let base = URLComponents(string: configuration.baseURL)
        let host = base?.host ?? ""
        // A host of no_proxy is reached without the proxy.
        let isDirect = outcome.message.contains(" to \(host) port \(base?.port ?? 443) after ")
        let proxy = isDirect ? nil : configuration.usedProxy
        let place = proxy.map { "the proxy \($0.shown)" } ?? configuration.baseURL
        let isHere = proxy == nil && ServiceConfiguration.isLoopback(host)
        if outcome.systemError == Int(ECONNREFUSED), isHere {
            return lasting(
                "nothing listens at \(place)",
                "start what is to listen there, such as 'heedaudit sandbox', or mend --base-url"
            )
        }
        return .passing("can't connect to \(place)", hint: proxy == nil ? nil : Self.askProxy)
    }

    private func untrusted(_ outcome: TransferLoop.Outcome) -> Failure {
        let (place, message) = (place(outcome), outcome.message)
        let (why, hint): (String, String) =
            if message.contains("expired") {
                (
                    "its certificate has expired",
                    "whoever runs it has to renew it; check this machine's clock, too"
                )
            } else if message.contains("not yet valid") {
                ("its certificate is not valid yet", "check this machine's clock")
            } else if message.contains("certificate purpose") {
                (
                    "its certificate is not made for a server",
                    "whoever runs it has to use one for server authentication (key usage of TLS servers)"
                )
            } else if message.contains("subject name") || message.contains("hostname") || message.contains("IP address")
            {
                (
                    "its certificate is another host's",
                    outcome.isAtProxy
                        ? "name the proxy in https_proxy as its certificate does"
                        : "check --base-url, or who answers in the service's place"
                )
            } else if message.contains("too small") || message.contains("too weak") {
                ("its certificate's key is too weak to be trusted", "whoever runs it has to renew it")
            } else {
                (
                    "nobody whom this machine trusts vouches for its certificate",
                    "where a proxy or a company's own authority stands in between, name its PEM file by --ca-file"
                )
            }
        return lasting("\(place) can't be trusted: \(why)", hint)
    }

    private func noTLS(_ outcome: TransferLoop.Outcome) -> Failure {
        let place = place(outcome)
        let text = outcome.message.lowercased()
        if text.contains("wrong version number") || text.contains("http request") || text.contains("packet length") {
            return lasting(
                "\(place): what answers there does not speak TLS",
                "check scheme and port of \(outcome.isAtProxy ? "https_proxy: most proxies are http://" : "--base-url")"
            )
        }
        let old = [
            "unsupported protocol", "protocol version", "no protocols available", "unknown protocol", "version too low",
        ]
        if old.contains(where: text.contains) {
            return lasting(
                "\(place): it offers no TLS 1.2 or later",
                "older ones are not safe; whoever runs it has to mend it"
            )
        }
        if Self.wantsCertificate(text) { return wantsCertificate(outcome) }
        if text.contains("alert handshake failure") {
            return lasting(
                "\(place): it refuses TLS: it shares no cipher that is safe enough, or wants a certificate of its client",
                "ask whoever runs it; heedaudit shows a token, and no certificate"
            )
        }
        if ["too small", "too weak", "no shared cipher", "internal error", "bad signature"]
            .contains(where: text.contains)
        {
            return lasting(
                "\(place): no TLS connection that is safe enough can be made",
                "whoever runs it has to renew its keys and ciphers"
            )
        }
        return .passing("the TLS connection to \(place) broke off")
    }

    /// Whether the other side breaks off because it was shown no certificate.
    private static func wantsCertificate(_ message: String) -> Bool {
        ["alert certificate required", "alert bad certificate"].contains(where: message.contains)
    }

    private func wantsCertificate(_ outcome: TransferLoop.Outcome) -> Failure {
        lasting(
            "\(place(outcome)): it wants a certificate of its client",
            "heedaudit shows a token, and no certificate: ask whoever runs it for an address that asks for none"
        )
    }

    /// What to do about a proxy.
    private static let askProxy = "ask whoever runs the proxy; the next run continues where this one ended"

    private func refusedByProxy(_ outcome: TransferLoop.Outcome) -> Failure {
        if [401, 407].contains(outcome.proxyStatus) || outcome.message.lowercased().contains("auth") {
            return lasting(
                "the proxy \(proxyName) wants a user and a password, or others than were given (\(outcome.proxyStatus))",
                "set https_proxy=http://user:password@host:port; write special characters as %XX",
                .configuration
            )
        }
        let status = outcome.proxyStatus > 0 ? " (\(outcome.proxyStatus))" : ""
        if outcome.proxyStatus == 403 {
            return lasting(
                "the proxy \(proxyName) does not let requests to \(configuration.baseURL) pass\(status)",
                "ask whoever runs the proxy, or name the host in no_proxy"
            )
        }
        let summary = "the proxy \(proxyName) makes no connection to \(configuration.baseURL)\(status)"
        let isForNow = [408, 425, 429].contains(outcome.proxyStatus) || outcome.proxyStatus >= 500
        // 501: it never does. What is no answer of a proxy at all is nothing that time mends, either.
        if outcome.proxyStatus == 501 || (outcome.proxyStatus > 0 && !isForNow) || outcome.message.contains("version") {
            return lasting(
                summary,
                "is that a proxy for https, and its port? Check https_proxy, or ask whoever runs it"
            )
        }
        return .passing(summary, hint: Self.askProxy)
    }

    private static func plain(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
}
