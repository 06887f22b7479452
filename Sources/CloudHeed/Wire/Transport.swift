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
        /// What to do, where it is not the service that may be down.
        case passing(String, hint: String? = nil)
        case lasting(ServiceError)
    }

    private let loop: TransferLoop
    let configuration: ServiceConfiguration
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
        if let organization = configuration.organization { headers.append("X-Organization-Id: \(organization)") }
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
            throw lasting(
                "\(method) \(path): its headers are larger than \(most) KiB; the answer was not read on",
                "is there a proxy in between that adds to them? The service's own are small",
                .notUnderstood
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
        heed_curl_set_number(handle, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        // OpenSSL's second level: no keys below 2048 bits, no 3DES, no SHA-1 in signatures.
        heed_curl_set_text(handle, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=2")
        if !authorities.isEmpty {
            authorities.withUnsafeBytes {
                heed_curl_set_blob(handle, CURLOPT_CAINFO_BLOB, $0.baseAddress, $0.count)
                heed_curl_set_blob(handle, CURLOPT_PROXY_CAINFO_BLOB, $0.baseAddress, $0.count)
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
    var usedProxy: Proxy? { baseURL.lowercased().hasPrefix("https") ? proxy : nil }
}

/// The library that speaks HTTP.
package enum LibCurl {
    /// The version that runs, with that of its TLS, such as `8.5.0 (OpenSSL/3.0.13)`.
    package static var version: String {
        let version = heed_curl_version().map { String(cString: $0) } ?? "of an unknown version"
        return version + (heed_curl_tls().map { " (\(String(cString: $0)))" } ?? " (without TLS)")
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
