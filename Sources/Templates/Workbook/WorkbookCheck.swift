import Analysis
import CXLSXWriter
import Evidence
import Foundation

/// Reads a workbook that was just written: each of its sheets is well-formed XML, and holds as many cells as were written into it.
struct WorkbookCheck {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Checks the sheets, in their order, by how many cells each of them has.
    ///
    /// - Throws: ``ReportingError`` with code `cannotWrite`.
    func check(_ cells: [Int]) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ReportingError.write(path) }
        defer { close(descriptor) }
        do {
            let zip = try ZipFile(descriptor: descriptor, size: Int(lseek(descriptor, 0, SEEK_END)))
            for (place, count) in cells.enumerated() {
                let name = "xl/worksheets/sheet\(place + 1).xml"
                let counter = Counter()
                let reader = try XMLParts(counter)
                try zip.unpack(name, atMost: .max) { try reader.read($0) }
                try reader.finish()
                guard counter.cells == count else { throw damage("\(name) does not hold what was written") }
            }
        } catch let problem as ZipFile.Damage {
            throw damage(problem.reason)
        } catch let problem as XMLParts.Damage {
            throw damage("a sheet \(problem.reason)")
        }
    }

    private func damage(_ reason: String) -> ReportingError {
        ReportingError(
            .cannotWrite,
            "cannot write \(path): \(reason)",
            hint: WorkbookWriter.hint
        )
    }

    private final class Counter: XMLHandler {
        var cells = 0

        func begin(_ element: XMLElement) {
            if element.isNamed("c") { cells += 1 }
        }

        func end(_ name: UnsafePointer<UInt8>) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }
}
