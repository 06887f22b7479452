import Foundation
import TestSupport
import Testing

@testable import heedaudit

/// Files that are replaced whole under a name that somebody gave: never in the place of anything but a file.
@Suite struct WholeFileTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    @Test func whatIsNoFileIsLeftAsItIs() async throws {
        try await withTemporaryFolder { folder in
            let (pipe, place) = (folder + "/pipe", folder + "/socket")
            try #require(mkfifo(pipe, 0o600) == 0)
            let socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(place.utf8)) }
            let size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.bind(socket, $0, size) }
            }
            try #require(bound == 0)
            try #require(symlink("pipe", folder + "/link") == 0)
            try #require(symlink("round", folder + "/round") == 0)
            for name in ["pipe", "socket", "link", "round", ""] {
                let path = folder + "/" + name
                let before = mode(path)
                #expect(throws: Problem.self, "\(name)") { try WholeFile.write("a 1\n", to: path) }
                #expect(mode(path) == before, "\(name)")
            }
            #expect(mode(pipe) == S_IFIFO && mode(place) == S_IFSOCK)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") }
            #expect(left.isEmpty)
        }
    }

    @Test func aLinkStaysAndItsFileIsReplaced() async throws {
        try await withTemporaryFolder { folder in
            try #require(mkdir(folder + "/run", 0o700) == 0)
            try #require(symlink("run/m.prom", folder + "/second") == 0)
            try #require(symlink(folder + "/second", folder + "/first") == 0)
            for text in ["a 1\n", "a 2\n"] {
                try WholeFile.write(text, to: folder + "/first")
                #expect(try String(contentsOfFile: folder + "/run/m.prom", encoding: .utf8) == text)
                #expect(mode(folder + "/first") == S_IFLNK && mode(folder + "/second") == S_IFLNK)
            }
            try WholeFile.write("b 1\n", to: folder + "/plain")
            try WholeFile.write("b 2\n", to: folder + "/plain")
            #expect(try String(contentsOfFile: folder + "/plain", encoding: .utf8) == "b 2\n")
        }
    }
}
