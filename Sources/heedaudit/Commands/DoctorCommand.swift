import Analysis
import ArgumentParser
import CloudHeed
import Evidence
import Foundation
import Reporting

/// `doctor`: looks at everything a run needs, a line each, and says what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, token and scopes, clock, folders and libraries: a line each.",
        discussion: ExitStatus.helpSection
    )

    @OptionGroup(title: "Service") var service: ServiceOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Report") var report: ReportOptions
    @OptionGroup(title: "General") var general: GeneralOptions

    mutating func run() async throws {
        let configuration = try ToolConfiguration.resolve([service, archive, report, general])
        var examination = Examination()
        let file = configuration.configurationPath
        examination.good("configuration", file.isEmpty ? "no file; flags, environment and defaults" : file)
        examination.check("templates") { try Self.templates(configuration) }
        examination.check("time zone") { try CalendarZone(name: configuration.timeZone).name }
        examination.check("archive") { try Self.archive(configuration) }
        examination.check("output") { try Self.folder(configuration.output) }
        await Self.service(configuration, &examination)
        examination.good("libraries", "libxml2 \(LibraryVersions.libxml2), simdjson \(LibraryVersions.simdjson)")
        if let first = examination.firstProblem {
            throw Problem(
                first.status,
                "doctor found \(examination.problems) problems, first \(first.summary)",
                hint: first.hint
            )
        }
    }

    private static func templates(_ configuration: ToolConfiguration) throws -> String {
        let problems = try TemplateLibrary(overlay: configuration.templates).check()
        if let first = problems.first { throw Problem(.configuration, first.description, hint: first.hint) }
        return configuration.templates ?? "built in"
    }

    private static func archive(_ configuration: ToolConfiguration) throws -> String {
        let place = try folder(configuration.archive)
        let organizations = try ArchiveRoot(path: configuration.archive).organizations()
        return organizations.isEmpty ? "\(place), empty" : "\(place), holds \(organizations.joined(separator: ", "))"
    }

    /// The folder, or the nearest one above it, can be written to.
    private static func folder(_ path: String) throws -> String {
        var existing = URL(fileURLWithPath: path).standardizedFileURL
        while !FileManager.default.fileExists(atPath: existing.path), existing.path != "/" {
            existing.deleteLastPathComponent()
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: existing.path, isDirectory: &isFolder)
        guard isFolder.boolValue else { throw Problem(.cannotCreate, "\(existing.path) is no folder") }
        guard access(existing.path, W_OK) == 0 else {
            throw Problem(
                .cannotCreate,
                "\(existing.path) can't be written to by this user",
                hint: "change its owner, or name another folder"
            )
        }
        return existing.path == URL(fileURLWithPath: path).standardizedFileURL.path ? path : "\(path) (will be made)"
    }

    private static func service(_ configuration: ToolConfiguration, _ examination: inout Examination) async {
        do {
            let answer = try await ServiceAccess.withClient(configuration) { client in
                let organization = try await client.organization()
                _ = try await client.settings()
                _ = try await client.auditLog(page: 1, perPage: 1) { _ in true }
                return organization
            }
            examination.good("service", configuration.baseURL)
            examination.good("token", "scope org:read, organization \(answer.value.id ?? "?")")
            if let expected = configuration.organization, expected != answer.value.id {
                examination.bad(
                    "organization",
                    Problem(.noPermission, "the token belongs to '\(answer.value.id ?? "?")', not to '\(expected)'")
                )
            }
            clock(answer.serverTime, &examination)
        } catch {
            examination.bad("service", Problem(from: error))
        }
    }

    private static func clock(_ serverTime: Int64?, _ examination: inout Examination) {
        guard let serverTime else { return examination.good("clock", "the service sends no Date to compare with") }
        let difference = Clock.now().seconds - serverTime
        if abs(difference) > 120 {
            examination.bad(
                "clock",
                Problem(
                    .configuration,
                    "this machine's clock is \(difference) seconds off the service's",
                    hint: "set up NTP"
                )
            )
        } else {
            examination.good("clock", "within \(abs(difference)) seconds of the service's")
        }
    }
}

/// Prints a line a check and remembers what is wrong.
private struct Examination {
    private(set) var problems = 0
    private(set) var firstProblem: Problem?

    mutating func check(_ name: String, _ body: () throws -> String) {
        do {
            good(name, try body())
        } catch {
            bad(name, Problem(from: error))
        }
    }

    func good(_ name: String, _ text: String) {
        StandardStreams.output("ok       \(name): \(text)")
    }

    mutating func bad(_ name: String, _ problem: Problem) {
        problems += 1
        if firstProblem == nil { firstProblem = problem }
        StandardStreams.output("problem  \(name): \(problem.summary)" + (problem.hint.map { "; \($0)" } ?? ""))
    }
}
