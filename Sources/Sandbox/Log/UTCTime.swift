import Foundation

/// Instants as texts, in UTC.
enum UTCTime {
    /// RFC 3339 of seconds since 1970.
    static func rfc3339(_ seconds: Int64) -> String { text(seconds, "%Y-%m-%dT%H:%M:%SZ") }

    /// Seconds since 1970 in a format of `strftime`, of less than 64 bytes; English, as long as nobody calls `setlocale`.
    static func text(_ seconds: Int64, _ format: String) -> String {
        var parts = tm()
        var seconds = time_t(seconds)
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 64) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, 64, format, &parts) }
        }
    }
}
