import Foundation

/// A path of nobody else's below a folder that is removed when the tests end; nothing stands there yet.
public func temporaryPath() -> String { temporaryRoot + "/" + UUID().uuidString }

/// The folder of this process's tests.
private let temporaryRoot: String = {
    let path = NSTemporaryDirectory() + "heedaudit-tests-\(getpid())"
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
