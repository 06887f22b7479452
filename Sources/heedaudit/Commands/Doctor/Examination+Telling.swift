import Evidence
import Foundation

extension Examination {
    /// Who is told of runs: the metrics' file can be replaced, and every hook's program is there.
    ///
    /// Neither ends a run.
    mutating func lookAtTelling(_ configuration: ToolConfiguration) {
        let telling = configuration.telling
        if let path = telling.metricsFile { lookAtMetrics(path) }
        for key in TellingSettings.hookKeys {
            guard let program = telling.hooks[key]?.first else { continue }
            if Self.isProgram(program, path: ProcessInfo.processInfo.environment["PATH"] ?? "") {
                good(key.rawValue, program)
            } else {
                let place = program.contains("/") ? "" : " in PATH"
                warn(
                    key.rawValue,
                    "\(program) is no program that can be run\(place)",
                    hint: "name it by its whole path, and let this user run it (chmod +x)"
                )
            }
        }
    }

    private mutating func lookAtMetrics(_ path: String) {
        let place: String
        do { place = try WholeFile.place(of: path) } catch { return warn("metrics_file", Problem(from: error)) }
        let parent = PathNames.parent(of: place)
        let folder = parent.isEmpty ? "." : parent
        guard PlainFile.isFolder(PathNames.real(folder) ?? folder), access(folder, W_OK | X_OK) == 0 else {
            let hint = "make the folder, and let this user write in it"
            return warn("metrics_file", "no file can be put into \(folder)", hint: hint)
        }
        good("metrics_file", path)
    }

    private static func isProgram(_ name: String, path: String) -> Bool {
        let folders = name.contains("/") ? [""] : path.split(separator: ":").map { "\($0)/" }
        return folders.contains { folder in
            if case .file = PlainFile.kind(PathNames.real(folder + name) ?? folder + name) {
                access(folder + name, X_OK) == 0
            } else {
                false
            }
        }
    }
}
