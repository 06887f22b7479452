import Evidence
import Reporting

/// Versions of the system's libraries that the tool runs with.
enum LibraryVersions {
    static var simdjson: String { EventScanner.libraryVersion }
    static var libxml2: String { LibXML2.version }
}
