/// The proxy that `https` goes through, as the environment names it.
package struct Proxy: Sendable, Hashable {
    /// The address as libcurl takes it, with user and password.
    let address: String
    /// Hosts that are reached without it, as libcurl takes them; nil for none.
    package let exceptions: String?

    /// The same without user and password, for messages.
    package let shown: String
    /// The password as it is written; nil for none.
    package let password: String?

    /// Whether it is given a user's name.
    package var hasLogin: Bool { address != shown }

    private static let schemes: Set<String> = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    /// Reads `https_proxy`, else `all_proxy`, and `no_proxy`, in small or large letters; nil where none is set.
    ///
    /// - Throws: `ServiceError` with code `.configuration`; it never shows a password.
    package init?(environment: [String: String]) throws {
        func value(_ names: String...) -> (name: String, text: String)? {
            for name in names {
                if let text = environment[name], !text.isEmpty { return (name, text) }
            }
            return nil
        }
        guard let found = value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY") else { return nil }
        let parts = found.text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = parts.count == 2 ? parts[0].lowercased() : "http"
        let rest = parts.count == 2 ? parts[1] : parts[0]
        let place = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        guard Self.schemes.contains(scheme) else {
            throw ServiceError(
                .configuration,
                "\(found.name) names a kind of proxy that is not spoken: \(scheme.prefix(20))://",
                hint: "use http://, https://, socks4://, socks4a://, socks5:// or socks5h://"
            )
        }
        guard Self.isPlace(place) else {
            throw ServiceError(
                .configuration,
                "\(found.name) is no address of a proxy",
                hint: "it looks like http://proxy.example:3128 or http://user:password@proxy.example:3128"
            )
        }
        address = "\(scheme)://\(rest)"
        shown = "\(scheme)://\(place)"
        password = rest.lastIndex(of: "@").flatMap { end in
            rest[..<end].firstIndex(of: ":").map { String(rest[rest.index(after: $0)..<end]) }
        }
        exceptions = value("no_proxy", "NO_PROXY")?.text
    }

    /// Whether a text is a host, with a port or without.
    private static func isPlace(_ text: Substring) -> Bool {
        let place = text.hasSuffix("/") ? text.dropLast() : text
        let end =
            place.hasPrefix("[") ? place.firstIndex(of: "]").map { place.index(after: $0) } : place.firstIndex(of: ":")
        let host = place[..<(end ?? place.endIndex)]
        let port = place[(end ?? place.endIndex)...]
        let isHost =
            !host.isEmpty && host != "[]"
            && host.utf8.allSatisfy { $0 > 32 && $0 < 127 && ![UInt8](arrayLiteral: 47, 63, 35, 64).contains($0) }
        return isHost && (port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil))
    }
}
