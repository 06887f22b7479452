import Evidence
import Foundation

/// The one spelling of a network address that can be written in several: `::1` for `0:0:0:0:0:0:0:1`, an IPv4 address for
/// what maps it into IPv6, without brackets and port.
enum AddressSpelling {
    /// Nil for what has no other spelling than the one given, and for what is no address: the name of a host, for example.
    static func canonical(_ text: TextView) -> String? {
        // Nearly all are plain.
        guard !isPlain(text) else { return nil }
        let given = text.string
        guard let found = address(given), found != given else { return nil }
        return found
    }

    /// Whether it is digits and three dots alone, without a zero in front.
    private static func isPlain(_ text: TextView) -> Bool {
        var (dots, digits, isPlain) = (0, 0, true)
        for byte in text.bytes {
            if byte == UInt8(ascii: ".") {
                dots += 1
                digits = 0
            } else {
                // A zero that another digit follows.
                if digits == -1 || byte &- UInt8(ascii: "0") > 9 { isPlain = false }
                digits = digits == 0 && byte == UInt8(ascii: "0") ? -1 : 1
            }
        }
        return isPlain && dots == 3
    }

    private static func address(_ text: String) -> String? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let behind = text[text.index(after: end)...]
            guard behind.isEmpty || isPort(behind) else { return nil }
            return six(text[text.index(after: text.startIndex)..<end])
        }
        guard let colon = text.firstIndex(of: ":") else { return nil }
        if let host = four(text[..<colon]) { return isPort(text[colon...]) ? host : nil }
        return six(text[...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.first == ":" && (1...5).contains(digits.count) && digits.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    }

    private static func four(_ text: Substring) -> String? {
        var bytes = in_addr()
        return inet_pton(AF_INET, String(text), &bytes) == 1 ? String(text) : nil
    }

    /// A zone stays, as it is another link of the machine that the address was seen on.
    private static func six(_ text: Substring) -> String? {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var bytes = in6_addr()
        guard let written = parts.first, inet_pton(AF_INET6, String(written), &bytes) == 1 else { return nil }
        let octets = withUnsafeBytes(of: bytes) { Array($0) }
        let zone = parts.count == 2 ? "%" + parts[1] : ""
        if octets[..<10].allSatisfy({ $0 == 0 }), octets[10] == 255, octets[11] == 255 {
            return octets[12...].map(String.init).joined(separator: ".") + zone
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + zone
    }
}
