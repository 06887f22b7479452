import Foundation

/// A path of nobody else's below a folder that is removed when the tests end; nothing stands there yet.
public func temporaryPath() -> String { temporaryRoot + "/" + UUID().uuidString }

/// The folder of this process's tests; what killed ones left behind goes.
private let temporaryRoot: String = {
    let prefix = "heedaudit-tests-"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())) ?? [] {
        guard name.hasPrefix(prefix), let process = pid_t(name.dropFirst(prefix.count)), process > 0,
            kill(process, 0) != 0, errno == ESRCH
        else { continue }
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + name)
    }
    let path = NSTemporaryDirectory() + "\(prefix)\(getpid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: temporaryRoot) }
    return path
}()

/// Calls a closure with a new folder, and removes it afterwards.
public func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let path = try makeTemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// The same for asynchronous tests.
public func withTemporaryFolder<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Value
) async throws -> Value {
    let path = try makeTemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

private func makeTemporaryFolder() throws -> String {
    let path = temporaryPath()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}
