import Foundation
import Synchronization

/// What a program did: its status and everything it wrote, the two streams apart.
public struct CommandResult: Sendable {
    /// Exit status; for a program ended by a signal, 128 + the signal's number.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let error: String

    /// Standard output's lines.
    public var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A program that could not be started at all.
public struct CommandNotStarted: Error, CustomStringConvertible {
    /// The program and the reason.
    public let description: String
}

/// Runs a program to its end, draining both streams as it goes.
///
/// - Parameters:
///   - program: A path, or a name looked up in `PATH`.
///   - arguments: Its arguments.
///   - environment: Variables set in addition to this process's own; nil values are removed.
///   - folder: Its working folder.
///   - input: What it reads on standard input.
///   - seconds: After how many seconds it is killed, so that a hanging tool fails a test and not the run.
/// - Returns: Its status and what it wrote.
/// - Throws: `CommandNotStarted`.
public func runCommand(
    _ program: String,
    _ arguments: [String],
    environment: [String: String?] = [:],
    in folder: String? = nil,
    input: Data? = nil,
    killAfter seconds: Double = 300
) throws -> CommandResult {
    let running = try RunningCommand(program, arguments, environment: environment, in: folder, input: input)
    return running.wait(killAfter: seconds)
}

/// The same from an asynchronous test, without holding one of the few threads that the test's own server needs.
///
/// - Parameters:
///   - program: A path, or a name looked up in `PATH`.
///   - arguments: Its arguments.
/// - Returns: Its status and what it wrote.
/// - Throws: `CommandNotStarted`.
public func runCommandAside(_ program: String, _ arguments: [String]) async throws -> CommandResult {
    try await aside { try runCommand(program, arguments) }
}

/// How many pieces of blocking work run at a time: enough to wait for timeouts together, few enough for two cores.
private let slots = DispatchSemaphore(value: 6)

/// Runs blocking work on a thread of its own: the few threads of Swift's concurrency stay free for others.
public func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            slots.wait()
            defer { slots.signal() }
            continuation.resume(with: Result { try work() })
        }
    }
}

/// A program under way.
public final class RunningCommand: Sendable {
    private final class Collected: Sendable {
        let data = Mutex(Data())
    }

    /// The process's number.
    public let processID: Int32
    private let process: Mutex<Process>
    private let output = Collected()
    private let error = Collected()
    private let drained = DispatchGroup()

    /// Starts a program; parameters as for `runCommand`.
    public init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String?] = [:],
        in folder: String? = nil,
        input: Data? = nil
    ) throws {
        let process = Process()
        if program.contains("/") {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [program] + arguments
        }
        var variables = ProcessInfo.processInfo.environment
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let outputPipe = Pipe()
        let errorPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        let inputPipe = input.map { _ in Pipe() }
        process.standardInput = inputPipe ?? FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw CommandNotStarted(description: "\(program): \(error)")
        }
        processID = process.processIdentifier
        self.process = Mutex(process)
        Self.drain(outputPipe.fileHandleForReading, into: output, group: drained)
        Self.drain(errorPipe.fileHandleForReading, into: error, group: drained)
        if let input, let inputPipe {
            inputPipe.fileHandleForWriting.write(input)
            inputPipe.fileHandleForWriting.closeFile()
        }
    }

    private static func drain(_ handle: FileHandle, into collected: Collected, group: DispatchGroup) {
        group.enter()
        let descriptor = handle.fileDescriptor
        Thread.detachNewThread {
            _ = handle
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count <= 0 { break }
                collected.data.withLock { $0.append(contentsOf: buffer[..<count]) }
            }
            group.leave()
        }
    }

    /// Its first line of output, as soon as it is there.
    ///
    /// - Throws: `CommandNotStarted` when none came within a minute.
    public func firstLine() throws -> String {
        let deadline = Date().addingTimeInterval(60)
        while Date() < deadline {
            let output = outputSoFar
            if let end = output.firstIndex(of: "\n") { return String(output[..<end]) }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw CommandNotStarted(description: "it said nothing within a minute")
    }

    /// What the program has written to standard output so far.
    public var outputSoFar: String { output.data.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Sends a signal.
    public func send(_ signal: Int32) {
        kill(processID, signal)
    }

    /// Waits for the end; kills the program after so many seconds.
    public func wait(killAfter seconds: Double = 300) -> CommandResult {
        if drained.wait(timeout: .now() + seconds) == .timedOut {
            kill(processID, SIGKILL)
            drained.wait()
        }
        return process.withLock { process in
            process.waitUntilExit()
            let status = process.terminationStatus
            return CommandResult(
                status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
                output: output.data.withLock { String(decoding: $0, as: UTF8.self) },
                error: error.data.withLock { String(decoding: $0, as: UTF8.self) }
            )
        }
    }
}
