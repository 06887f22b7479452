import Evidence
import Foundation

/// Who gets a folder of reports that several organizations would have by their short names: the one that stands first in the
/// configuration.
///
/// A folder that holds reports belongs to the organization that they name; this is about those that hold none yet.
final class FolderClaims: @unchecked Sendable {
    // Sendable: everything below is touched with the lock held.
    private let changed = NSCondition()
    /// Where each one's folder would be, once it is known.
    private var wanted: [Int: String] = [:]
    /// Those that are under way and have not said yet where theirs would be.
    private var silent: Set<Int> = []
    private let outputs: [String]

    /// - Parameter outputs: Each one's output folder, in the order of the file.
    init(outputs: [String]) { self.outputs = outputs.map(PathNames.resolved) }

    /// An organization's turn begins.
    func begin(_ place: Int) { change { if wanted[place] == nil { silent.insert(place) } } }

    /// An organization's turn is over.
    func end(_ place: Int) { change { silent.remove(place) } }

    /// The folder is known that an organization would have by its short name.
    func describe(_ place: Int, _ folder: String) {
        change {
            wanted[place] = outputs[place] + "/" + folder
            silent.remove(place)
        }
    }

    /// Whether a folder is to be the one of an organization that stands before.
    ///
    /// Waits until those that stand before and are under way are known.
    func isTaken(_ folder: String, for place: Int) -> Bool {
        describe(place, folder)
        changed.lock()
        defer { changed.unlock() }
        while silent.contains(where: { $0 < place }) { changed.wait() }
        let path = outputs[place] + "/" + folder
        return wanted.contains { $0.key < place && $0.value.isSameInBytes(as: path) }
    }

    private func change(_ body: () -> Void) {
        changed.lock()
        body()
        changed.broadcast()
        changed.unlock()
    }
}
