import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// How much memory a container may use, read from the files that the kernel keeps of it.
@Suite struct ContainerLimitTests {
    /// What `/proc/self/cgroup` says, and the limits by file.
    private static func limit(_ groups: String, _ files: [String: String]) throws -> Int? {
        try withTemporaryFolder { root in
            for (path, text) in files.merging(["/proc/self/cgroup": groups], uniquingKeysWith: { $1 }) {
                let folder = (root + path as NSString).deletingLastPathComponent
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try text.write(toFile: root + path, atomically: true, encoding: .utf8)
            }
            return Container.memoryLimit(root: root)
        }
    }

    @Test func theSecondFormIsRead() throws {
        let max = "/sys/fs/cgroup/memory.max"
        #expect(try Self.limit("0::/\n", [max: "134217728\n"]) == 128 << 20)
        #expect(try Self.limit("0::/\n", [max: "max\n"]) == nil)
        #expect(try Self.limit("0::/\n", [:]) == nil)
        #expect(try Self.limit("0::/\n", [max: ""]) == nil)
        #expect(try Self.limit("0::/\n", [max: "0\n"]) == nil)
        #expect(try Self.limit("0::/\n", [max: "99999999999999999999\n"]) == nil)
    }

    @Test func theLeastOfAllThatStandAboveCounts() throws {
        let group = "0::/system.slice/heedaudit.service\n"
        let top = "/sys/fs/cgroup"
        let nested = [
            "\(top)/system.slice/heedaudit.service/memory.max": "max\n",
            "\(top)/system.slice/memory.max": "268435456\n",
            "\(top)/memory.max": "536870912\n",
        ]
        #expect(try Self.limit(group, nested) == 256 << 20)
        // Inside of a container the group's own folder is often the top, whatever its name.
        #expect(try Self.limit("0::/docker/0123abcd\n", ["\(top)/memory.max": "67108864\n"]) == 64 << 20)
        #expect(try Self.limit("0::/../../other\n", ["\(top)/memory.max": "67108864\n"]) == 64 << 20)
    }

    @Test func theFirstFormIsRead() throws {
        let groups = "12:cpu,cpuacct:/a\n9:memory:/docker/0123abcd\n1:name=systemd:/init.scope\n"
        let top = "/sys/fs/cgroup/memory"
        #expect(try Self.limit(groups, ["\(top)/docker/0123abcd/memory.limit_in_bytes": "67108864\n"]) == 64 << 20)
        #expect(try Self.limit(groups, ["\(top)/memory.limit_in_bytes": "67108864\n"]) == 64 << 20)
        // That is how the first form says "no limit".
        #expect(try Self.limit(groups, ["\(top)/memory.limit_in_bytes": "9223372036854771712\n"]) == nil)
        #expect(try Self.limit(groups, ["/sys/fs/cgroup/cpu/a/memory.limit_in_bytes": "1\n"]) == nil)
        // Both at once: the second form's tree holds no memory.
        #expect(
            try Self.limit(groups + "0::/x\n", ["\(top)/docker/0123abcd/memory.limit_in_bytes": "67108864\n"]) == 64
                << 20
        )
    }

    @Test func whatIsNoListOfGroupsIsNoLimit() throws {
        for groups in ["", "\n\n", "0:", "::::", "0::", "no colons at all", String(repeating: "x", count: 9_000)] {
            #expect(try Self.limit(groups, [:]) == nil, "\(groups.prefix(20))")
        }
        #expect(Container.memoryLimit(root: "/nowhere/at/all") == nil)
    }
}
