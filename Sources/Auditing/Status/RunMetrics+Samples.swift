import Evidence
import Foundation

extension RunMetrics {
    /// The samples of a metrics' file as it stands.
    package struct Samples: Sendable {
        private struct Sample {
            var family: String
            var labels: [String: String]
            var line: String
        }

        private var all: [Sample] = []

        /// Those of no file.
        static let none = Samples()

        private init() {}

        private static let largest = 1 << 26

        /// Reads a file; a line that is none of ours is none, and so is every line of what can't be read.
        package init(file path: String) {
            guard case .file? = PlainFile.kind(PathNames.real(path) ?? path),
                let bytes = try? PlainFile.named(path, atMost: Self.largest)
            else { return }
            all = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap(Self.sample)
        }

        /// The lines whose labels are wanted, by the names of their families.
        func kept(_ isWanted: ([String: String]) -> Bool) -> [String: [String]] {
            Dictionary(grouping: all.filter { isWanted($0.labels) }, by: \.family).mapValues { $0.map(\.line) }
        }

        /// Reads `heedaudit_FAMILY{LABEL="VALUE",…} NUMBER`.
        private static func sample(_ line: Substring) -> Sample? {
            guard line.hasPrefix("heedaudit_"), let open = line.firstIndex(of: "{"),
                let close = line.lastIndex(of: "}"), open < close,
                line[close...].hasPrefix("} "), Int64(line[close...].dropFirst(2)) != nil
            else { return nil }
            var labels: [String: String] = [:]
            var rest = line[line.index(after: open)..<close]
            while let equals = rest.firstIndex(of: "=") {
                let name = String(rest[..<equals])
                rest = rest[rest.index(after: equals)...]
                guard rest.popFirst() == "\"", let value = value(&rest) else { return nil }
                labels[name] = value
                guard rest.isEmpty || rest.popFirst() == "," else { return nil }
            }
            guard rest.isEmpty else { return nil }
            return Sample(family: String(line[..<open].dropFirst(10)), labels: labels, line: String(line))
        }

        /// Takes a label's value and the quote behind it; nil where it has no end.
        private static func value(_ rest: inout Substring) -> String? {
            var value = ""
            while let next = rest.popFirst() {
                if next == "\"" { return value }
                guard next == "\\" else {
                    value.append(next)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            }
            return nil
        }
    }
}

extension RunRecord {
    /// Whether what was told of another command's last run still holds; false for what is told of no command.
    func leaves(_ other: String?) -> Bool {
        guard let other, command != "run" else { return false }
        return other != command
    }
}
