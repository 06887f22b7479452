import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

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

    private let client: HTTPClient
    /// Where requests are best sent from.
    let executor: any TaskExecutor
    private let configuration: ServiceConfiguration

    init(_ configuration: ServiceConfiguration) throws {
        self.configuration = configuration
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .nanoseconds(configuration.requestTimeout.nanoseconds)),
            decompression: .enabled(limit: .size(configuration.maxAnswerBytes))
        )
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connections
        settings.httpVersion = .automatic
        if let file = configuration.caFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
            } catch {
                throw ServiceError(
                    .configuration,
                    "can't read certificates from \(file)",
                    hint: "ca_file names a PEM file"
                )
            }
            settings.tlsConfiguration = tls
        }
        if let proxy = configuration.httpsProxy, configuration.baseURL.hasPrefix("https") {
            guard let parts = URLComponents(string: proxy.contains("://") ? proxy : "http://" + proxy),
                let host = parts.host
            else { throw ServiceError(.configuration, "https_proxy '\(proxy)' is not an address") }
            settings.proxy = .server(host: host, port: parts.port ?? 3128)
        }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        client = HTTPClient(eventLoopGroupProvider: .shared(loop), configuration: settings)
        executor = EventLoopExecutor(loop)
    }

    func shutdown() async {
        try? await client.shutdown()
    }

    func send(_ method: String, _ path: String, body: [UInt8]?) async throws -> Answer {
        var request = HTTPClientRequest(url: configuration.baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "Authorization", value: "Bearer \(configuration.token.value)")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Accept-Encoding", value: "gzip, deflate")
        request.headers.add(name: "User-Agent", value: configuration.userAgent)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let deadline = NIODeadline.now() + .nanoseconds(configuration.requestTimeout.nanoseconds)
        do {
            let response = try await client.execute(request, deadline: deadline)
            var bytes: [UInt8] = []
            for try await part in response.body {
                bytes.append(contentsOf: part.readableBytesView)
                guard bytes.count <= configuration.maxAnswerBytes else { throw tooLarge(method, path) }
                guard NIODeadline.now() < deadline else {
                    throw Failure.passing("no whole answer within \(configuration.requestTimeout.seconds) seconds")
                }
            }
            var headers: [String: String] = [:]
            for (name, value) in response.headers where headers[name.lowercased()] == nil {
                headers[name.lowercased()] = value
            }
            return Answer(status: Int(response.status.code), headers: headers, body: bytes)
        } catch let failure as Failure {
            throw failure
        } catch let error as CancellationError {
            throw error
        } catch {
            throw describe(error, method, path)
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

    private func describe(_ error: any Error, _ method: String, _ path: String) -> Failure {
        let text = "\(error)"
        if let decompression = error as? NIOHTTPDecompression.DecompressionError {
            if case .limit = decompression { return tooLarge(method, path) }
            return .passing("the compressed answer is damaged")
        }
        if let clientError = error as? HTTPClientError {
            return .passing(clientError.shortDescription.lowercased())
        }
        if error is NIOSSLError || text.contains("certificate") || text.contains("handshake") {
            return .passing("the TLS connection failed: \(text.prefix(120))")
        }
        if text.contains("NIOConnectionError") || text.contains("DNS") || text.contains("dns") {
            return .passing("can't connect to \(configuration.baseURL)")
        }
        return .passing("the connection broke")
    }
}

extension Duration {
    /// Nanoseconds; a span of centuries counts as one of ten years.
    var nanoseconds: Int64 {
        let longest: Int64 = 315_360_000
        return min(max(components.seconds, -longest), longest) * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
