import CLibCurl
import Foundation

/// The one place that speaks HTTP: sends a request, reads the answer within its bounds, and says what went wrong.
struct Transport: Sendable {
    /// An answer before anybody has looked at it.
    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var body: [UInt8]
    }

    /// Why there is no answer: worth another attempt or not.
    enum Failure: Error, Sendable {
        case passing(String)
        case lasting(ServiceError)
    }

    private let loop: TransferLoop
    private let configuration: ServiceConfiguration
    /// Certificates of extra authorities; empty for none.
    private let authorities: [UInt8]

    /// - Throws: `ServiceError` with code `.configuration` for a certificate file that can't be used.
    init(_ configuration: ServiceConfiguration) throws {
        self.configuration = configuration
        authorities = try configuration.caFile.map(Self.authorities) ?? []
        loop = try TransferLoop(connections: configuration.connections)
    }

    func shutdown() async { await loop.close() }

    func send(_ method: String, _ path: String, body: [UInt8]?) async throws -> Answer {
        var headers = [
            "Authorization: Bearer \(configuration.token.value)", "Accept: application/json",
            "Accept-Encoding: \(ContentCoding.accepted)", "User-Agent: \(configuration.userAgent)",
        ]
        if body != nil { headers.append("Content-Type: application/json") }
        let (configuration, authorities) = (configuration, authorities)
        let outcome = await loop.perform(
            TransferLoop.Request(
                method: method,
                url: configuration.baseURL + path,
                headers: headers,
                body: body,
                limit: configuration.maxAnswerBytes,
                prepare: { Self.prepare($0, configuration, authorities) }
            )
        )
        try Task.checkCancellation()
        if outcome.isTooLarge { throw tooLarge(method, path) }
        if let most = outcome.headerLimit {
            throw Failure.lasting(
                ServiceError(
                    .notUnderstood,
                    "\(method) \(path): its headers are larger than \(most) KiB; the answer was not read on",
                    hint: "is there a proxy in between that adds to them? The service's own are small"
                )
            )
        }
        guard outcome.code == CURLE_OK else { throw failure(of: outcome) }
        return Answer(status: outcome.status, headers: outcome.headers, body: try decoded(outcome, method, path))
    }

    private func decoded(_ outcome: TransferLoop.Outcome, _ method: String, _ path: String) throws -> [UInt8] {
        do {
            return try ContentCoding.decoded(
                outcome.body,
                outcome.headers["content-encoding"],
                limit: configuration.maxAnswerBytes
            )
        } catch ContentCoding.Failure.tooLarge {
            throw tooLarge(method, path)
        } catch ContentCoding.Failure.unknown(let coding) {
            throw Failure.lasting(
                ServiceError(
                    .notUnderstood,
                    "\(method) \(path): the answer is packed as '\(coding.prefix(40))', which was not asked for",
                    hint:
                        "is there a proxy in between that packs answers? The service is asked for \(ContentCoding.accepted)"
                )
            )
        } catch {
            throw Failure.passing("the compressed answer is damaged")
        }
    }

    private func tooLarge(_ method: String, _ path: String) -> Failure {
        .lasting(
            ServiceError(
                .notUnderstood,
                "\(method) \(path): the answer is larger than \(configuration.maxAnswerBytes >> 20) MiB; it was not read on"
            )
        )
    }

    // MARK: What all requests have in common

    private static func prepare(
        _ handle: UnsafeMutableRawPointer,
        _ configuration: ServiceConfiguration,
        _ authorities: [UInt8]
    ) {
        heed_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        heed_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        heed_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        heed_curl_set_number(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        heed_curl_set_number(handle, CURLOPT_PIPEWAIT, 1)
        heed_curl_set_number(handle, CURLOPT_TCP_KEEPALIVE, 1)
        heed_curl_set_number(handle, CURLOPT_TIMEOUT_MS, configuration.requestTimeout.milliseconds)
        heed_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, min(10_000, configuration.requestTimeout.milliseconds))
        heed_curl_set_number(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        // OpenSSL's second level: no keys below 2048 bits, no 3DES, no SHA-1 in signatures.
        heed_curl_set_text(handle, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=2")
        if !authorities.isEmpty {
            _ = authorities.withUnsafeBytes {
                heed_curl_set_blob(handle, CURLOPT_CAINFO_BLOB, $0.baseAddress, $0.count)
            }
        }
        // Named here or nowhere: libcurl would look into the environment by itself, for other schemes, too.
        heed_curl_set_text(handle, CURLOPT_PROXY, configuration.usedProxy?.address ?? "")
        heed_curl_set_text(handle, CURLOPT_NOPROXY, configuration.usedProxy?.exceptions ?? "")
    }

    /// The certificates of a file, beside those that the system trusts.
    private static func authorities(in file: String) throws -> [UInt8] {
        func unusable(_ why: String) -> ServiceError {
            ServiceError(
                .configuration,
                "can't take certificates from \(file): \(why)",
                hint: "ca_file names a PEM file"
            )
        }
        var status = stat()
        // A pipe would be waited for.
        guard stat(file, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw unusable("it is no plain file")
        }
        guard status.st_size <= 16 << 20 else { throw unusable("it has more than 16 MiB") }
        guard let extra = FileManager.default.contents(atPath: file) else { throw unusable("it can't be read") }
        guard extra.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) != nil else {
            throw unusable("it holds no certificate")
        }
        let system = heed_curl_authorities().map { String(cString: $0) } ?? "/etc/ssl/certs/ca-certificates.crt"
        return Array(FileManager.default.contents(atPath: system) ?? Data()) + [10] + Array(extra)
    }
}

extension ServiceConfiguration {
    /// The proxy that requests go through: plain `http` is for the machine itself, and needs none.
    fileprivate var usedProxy: Proxy? { baseURL.lowercased().hasPrefix("https") ? proxy : nil }
}

/// The library that speaks HTTP.
package enum LibCurl {
    /// The version that runs, with that of its TLS, such as `8.5.0 (OpenSSL/3.0.13)`.
    package static var version: String {
        let version = heed_curl_version().map { String(cString: $0) } ?? "of an unknown version"
        return version + (heed_curl_tls().map { " (\(String(cString: $0)))" } ?? " (without TLS)")
    }
}

// MARK: What went wrong

extension Transport {
    /// What an ended transfer means: in plain words what, where, why, and what to do.
    private func failure(of outcome: TransferLoop.Outcome) -> Failure {
        let place = configuration.baseURL
        func lasting(_ summary: String, _ hint: String, _ code: ServiceError.Code = .unavailable) -> Failure {
            .lasting(ServiceError(code, summary, hint: hint))
        }
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

    private var proxyName: String { configuration.usedProxy?.shown ?? "" }

    private func unknownHost() -> Failure {
        let host = URLComponents(string: configuration.baseURL)?.host ?? configuration.baseURL
        var found: UnsafeMutablePointer<addrinfo>?
        let reason = getaddrinfo(host, nil, nil, &found)
        if let found { freeaddrinfo(found) }
        // A name server that does not answer says nothing of the name.
        if reason == EAI_AGAIN || reason == 0 { return .passing("the name server does not answer for \(host)") }
        return .lasting(
            ServiceError(
                .unavailable,
                "there is no host '\(host)'",
                hint: "check --base-url for a mistake in the name, and this machine's name server"
            )
        )
    }

    private func noConnection(_ outcome: TransferLoop.Outcome) -> Failure {
        let place = configuration.usedProxy.map { "the proxy \($0.shown)" } ?? configuration.baseURL
        let host = URLComponents(string: configuration.baseURL)?.host ?? ""
        let isHere = configuration.usedProxy == nil && ServiceConfiguration.isLoopback(host)
        if outcome.systemError == Int(ECONNREFUSED), isHere {
            return .lasting(
                ServiceError(
                    .unavailable,
                    "nothing listens at \(place)",
                    hint: "start what is to listen there, such as 'heedaudit sandbox', or mend --base-url"
                )
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
        return .lasting(ServiceError(.unavailable, "\(place) can't be trusted: \(why)", hint: hint))
    }

    private func noTLS(_ message: String) -> Failure {
        let place = configuration.baseURL
        func lasting(_ why: String, _ hint: String) -> Failure {
            .lasting(ServiceError(.unavailable, "\(place): \(why)", hint: hint))
        }
        let text = message.lowercased()
        if text.contains("wrong version number") || text.contains("http request") || text.contains("packet length") {
            return lasting("what answers there does not speak TLS", "check scheme and port of --base-url")
        }
        let old = [
            "unsupported protocol", "protocol version", "no protocols available", "unknown protocol", "version too low",
        ]
        if old.contains(where: text.contains) {
            return lasting(
                "it offers no TLS 1.2 or later",
                "older ones are not safe; whoever runs the service has to mend it"
            )
        }
        if ["too small", "too weak", "handshake failure", "no shared cipher", "internal error", "bad signature"]
            .contains(where: text.contains)
        {
            return lasting(
                "no TLS connection that is safe enough can be made",
                "whoever runs the service has to renew its keys and ciphers"
            )
        }
        return .passing("the TLS connection to \(place) broke off")
    }

    private func refusedByProxy(_ outcome: TransferLoop.Outcome) -> Failure {
        if [401, 407].contains(outcome.proxyStatus) || outcome.message.lowercased().contains("auth") {
            return .lasting(
                ServiceError(
                    .configuration,
                    "the proxy \(proxyName) wants a user and a password, or others than were given (\(outcome.proxyStatus))",
                    hint: "set https_proxy=http://user:password@host:port; write special characters as %XX"
                )
            )
        }
        let status = outcome.proxyStatus > 0 ? " (\(outcome.proxyStatus))" : ""
        if outcome.proxyStatus == 403 {
            return .lasting(
                ServiceError(
                    .unavailable,
                    "the proxy \(proxyName) does not let requests to \(configuration.baseURL) pass\(status)",
                    hint: "ask whoever runs the proxy, or name the host in no_proxy"
                )
            )
        }
        return .passing("the proxy \(proxyName) makes no connection to \(configuration.baseURL)\(status)")
    }

    private static func plain(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }
}

extension Duration {
    /// Whole milliseconds, at least 1 and at most what a C `int` holds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
