import CBytes
import Evidence
import Foundation

/// What the machine lets a process have: known to be too little, it is said before anything is begun.
enum MachineLimits {
    /// Files that a run has open at once: the streams, the ledger, a document of each kind, segments, connections.
    static let leastFiles = 64
    /// Addresses that a run of a small log uses: libraries, stacks of threads, buffers.
    static let leastAddresses = 640 << 20
    /// Memory that a run of a small log uses.
    static let leastMemory = 96 << 20

    /// Takes what the machine offers.
    ///
    /// - Throws: `Problem` with status 78 that says what is needed.
    static func prepare() throws {
        try raiseFiles()
        try checkAddresses()
        if let most = Container.memoryLimit(), most < leastMemory {
            throw tooLittle(
                "this container may use \(megabytes(most)) of memory",
                "heedaudit needs \(megabytes(leastMemory)) for a small log, and about 300 MB more for a million events",
                "give the container more memory"
            )
        }
    }

    /// The soft limit is what a shell asks for itself; up to the hard one nobody has to be asked.
    private static func raiseFiles() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < 1_024, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(limit.rlim_max, 1_024)
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < leastFiles else { return }
        throw tooLittle(
            "this process may open \(limit.rlim_cur) files at once",
            "heedaudit needs \(leastFiles)",
            "raise it: ulimit -n \(leastFiles)"
        )
    }

    private static func checkAddresses() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else {
            return
        }
        heed_share_arenas()
        let (shown, least) = (megabytes(Int(clamping: limit.rlim_cur)), megabytes(leastAddresses))
        guard limit.rlim_cur >= leastAddresses else {
            throw tooLittle(
                "this process may use \(shown) of addresses",
                "heedaudit needs \(least) for a small log, and about 500 MB more for a million events",
                "raise it: ulimit -v \(leastAddresses >> 10)"
            )
        }
        let problem = Problem(
            .tryAgainLater,
            "memory is short: this process may use \(shown) of addresses, and this log needs more",
            hint: "raise the limit (ulimit -v unlimited) and run it again; nothing half-written counts"
        )
        let text = (Problem.wantsJSON ? problem.json : problem.lines) + "\n"
        // Lasts as long as the process: it is for its end.
        if let message = strdup(text) { heed_explain_crashes(message, problem.status.rawValue) }
    }

    private static func tooLittle(_ has: String, _ needs: String, _ remedy: String) -> Problem {
        Problem(.configuration, "\(has); \(needs)", hint: remedy)
    }

    private static func megabytes(_ bytes: Int) -> String { "\(bytes >> 20) MB" }
}

/// The control group that the process runs in.
enum Container {
    /// Bytes of memory that it may use; nil where there is no limit, or none that can be read.
    ///
    /// `root`: where the control groups' file system and `/proc` are.
    static func memoryLimit(root: String = "") -> Int? {
        var limits: [Int] = []
        for line in text("\(root)/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            let isSecond = parts[1].isEmpty
            guard isSecond || parts[1].split(separator: ",").contains("memory") else { continue }
            let top = isSecond ? "\(root)/sys/fs/cgroup" : "\(root)/sys/fs/cgroup/memory"
            let file = isSecond ? "memory.max" : "memory.limit_in_bytes"
            // Inside a container its own group is often the top, whatever the name says.
            var group = parts[2]
            while true {
                if let limit = Int(text("\(top)\(group)/\(file)").trimmingCharacters(in: .whitespacesAndNewlines)) {
                    limits.append(limit)
                }
                guard group.count > 1 || !group.isEmpty else { break }
                group = PathNames.parent(of: group)
                if group == "/" { group = "" }
            }
        }
        return limits.min().flatMap { $0 > 0 && $0 < 1 << 50 ? $0 : nil }
    }

    /// Files of the kernel have no size: what they hold is read up to a bound.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }
}
