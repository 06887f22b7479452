import Templates
import CZLib
import CloudHeed
import Evidence
import Reporting

/// Versions of the system's libraries that the tool runs with.
enum LibraryVersions {
    static var libcurl: String { LibCurl.version }
    static var libxml2: String { LibXML2.version }
    static var simdjson: String { EventScanner.libraryVersion }
    static var zlib: String { zlibVersion().map { String(cString: $0) } ?? "of an unknown version" }
}
