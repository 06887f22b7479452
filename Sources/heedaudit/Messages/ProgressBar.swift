import Foundation
import Synchronization

/// A bar on a terminal while a pull runs; nothing where standard error is not a terminal.
struct ProgressBar: Sendable {
    private static let isDrawn = Mutex(false)
    private let isEnabled: Bool
    private let title: String

    init(title: String, isEnabled: Bool) {
        self.title = title
        self.isEnabled = isEnabled && StandardStreams.errorIsTerminal
    }

    /// Redraws the bar.
    ///
    /// `total` is nil while the size of the work isn't known.
    func show(done: Int, total: Int?, note: String = "") {
        guard isEnabled else { return }
        let width = 28
        var line = "\r\u{1B}[K\(title) "
        if let total, total > 0 {
            let filled = min(width, done * width / total)
            line += String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
            line += " \(done)/\(total)"
        } else {
            line += "\(done)"
        }
        StandardStreams.errorText(note.isEmpty ? line : line + " " + note)
        Self.isDrawn.withLock { $0 = true }
    }

    /// Removes the bar, so that the next line starts clean.
    static func clearLine() {
        isDrawn.withLock { drawn in
            if drawn { StandardStreams.errorText("\r\u{1B}[K") }
            drawn = false
        }
    }
}
