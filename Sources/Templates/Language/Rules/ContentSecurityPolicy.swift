import Evidence
import Foundation

/// The policy of one HTML document: nothing but its own literal styles and scripts, told by their hashes.
package struct ContentSecurityPolicy: Sendable {
    /// The texts between the tags, byte for byte as in the document.
    var styles: [String]
    var scripts: [String]

    /// The policy of a document with these literal texts.
    package init(styles: [String], scripts: [String]) {
        self.styles = styles
        self.scripts = scripts
    }

    /// The value of `Content-Security-Policy`.
    package var text: String {
        [
            "default-src 'none'",
            source("style-src", styles),
            source("script-src", scripts),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ].joined(separator: "; ")
    }

    private func source(_ directive: String, _ texts: [String]) -> String {
        var hashes: [String] = []
        for text in texts {
            let digest = Array(text.utf8).withUnsafeBytes { SHA256.hash($0) { Data($0).base64EncodedString() } }
            let hash = "'sha256-\(digest)'"
            if !hashes.contains(hash) { hashes.append(hash) }
        }
        return "\(directive) \(hashes.isEmpty ? "'none'" : hashes.joined(separator: " "))"
    }
}
