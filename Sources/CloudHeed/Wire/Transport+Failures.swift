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
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return untrusted(outcome.message)
        case CURLE_SSL_CONNECT_ERROR: return noTLS(outcome.message)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM:
            return lasting(
                "the certificates of authorities can't be used: \(outcome.message)",
                "check ca_file, and that ca-certificates is installed",
                .configuration
            )
        case CURLE_OPERATION_TIMEDOUT:
            return .passing("no whole answer within \(Self.plain(configuration.requestTimeout.seconds)) seconds")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return lasting("base URL '\(place)' is not one", "it looks like https://api.cloudheed.com", .configuration)
        case CURLE_GOT_NOTHING: return .passing("\(place) closed the connection without an answer")
        case CURLE_OUT_OF_MEMORY: return .passing("memory is short")
        default: break
        }
        if outcome.proxyStatus >= 400 || outcome.code == CURLE_PROXY { return refusedByProxy(outcome) }
        return .passing("the connection to \(place) broke")
    }

    /// A failure that another attempt does not help.
    func lasting(_ summary: String, _ hint: String, _ code: ServiceError.Code = .unavailable) -> Failure {
        .lasting(ServiceError(code, summary, hint: hint))
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
        let place = configuration.usedProxy.map { "the proxy \($0.shown)" } ?? configuration.baseURL
        let host = URLComponents(string: configuration.baseURL)?.host ?? ""
        let isHere = configuration.usedProxy == nil && ServiceConfiguration.isLoopback(host)
        if outcome.systemError == Int(ECONNREFUSED), isHere {
            return lasting(
                "nothing listens at \(place)",
                "start what is to listen there, such as 'heedaudit sandbox', or mend --base-url"
            )
        }
        return .passing("can't connect to \(place)")
    }

    private func untrusted(_ message: String) -> Failure {
        let place = configuration.baseURL
        let (why, hint): (String, String) =
            if message.contains("expired") {
                (
                    "its certificate has expired",
                    "whoever runs the service has to renew it; check this machine's clock, too"
                )
            } else if message.contains("not yet valid") {
                ("its certificate is not valid yet", "check this machine's clock")
            } else if message.contains("subject name") || message.contains("hostname") || message.contains("IP address")
            {
                ("its certificate is another host's", "check --base-url, or who answers in the service's place")
            } else if message.contains("too small") || message.contains("too weak") {
                ("its certificate's key is too weak to be trusted", "whoever runs the service has to renew it")
            } else {
                (
                    "nobody whom this machine trusts vouches for its certificate",
                    "where a proxy or a company's own authority stands in between, name its PEM file by --ca-file"
                )
            }
        return lasting("\(place) can't be trusted: \(why)", hint)
    }

    private func noTLS(_ message: String) -> Failure {
        let place = configuration.baseURL
        let text = message.lowercased()
        if text.contains("wrong version number") || text.contains("http request") || text.contains("packet length") {
            return lasting("\(place): what answers there does not speak TLS", "check scheme and port of --base-url")
        }
        let old = [
            "unsupported protocol", "protocol version", "no protocols available", "unknown protocol", "version too low",
        ]
        if old.contains(where: text.contains) {
            return lasting(
                "\(place): it offers no TLS 1.2 or later",
                "older ones are not safe; whoever runs the service has to mend it"
            )
        }
        if ["too small", "too weak", "handshake failure", "no shared cipher", "internal error", "bad signature"]
            .contains(where: text.contains)
        {
            return lasting(
                "\(place): no TLS connection that is safe enough can be made",
                "whoever runs the service has to renew its keys and ciphers"
            )
        }
        return .passing("the TLS connection to \(place) broke off")
    }

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
        return .passing("the proxy \(proxyName) makes no connection to \(configuration.baseURL)\(status)")
    }

    private static func plain(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
}
