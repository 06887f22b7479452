import Analysis
import Auditing
import CloudHeed
import Evidence
import Foundation
import Publishing
import Reporting
import Templates

extension Examination {
    /// The configuration file, the environment, and what the operator decides about the controls.
    mutating func lookAtSettings(_ configuration: ToolConfiguration, _ mistakes: ConfigurationMistakes) {
        for mistake in mistakes.all { bad("configuration", mistake) }
        for warning in mistakes.warnings { warn("configuration", warning) }
        if mistakes.all.isEmpty {
            let path = configuration.configurationPath
            good("configuration", path.isEmpty ? "no file; flags, environment and defaults" : path)
        }
        let isSet = configuration.origins.map { "\($0.key.rawValue) (\($0.origin.description))" }
        if !isSet.isEmpty {
            let rest = SettingTable.all.count - isSet.count
            good("settings", isSet.joined(separator: ", ") + "; \(rest) others have their defaults")
        }
        if let mistake = Result(catching: { try Clock.sourceDateEpoch() }).failure {
            bad("environment", Problem(from: mistake))
        }
    }

    /// What a report is made with: period, time zone, templates, and the bundle it is compared with.
    mutating func lookAtReport(_ configuration: ToolConfiguration) {
        check("time zone", needs: .timeZone) { configuration.timeZone }
        check("period", needs: .period, .from, .to, .timeZone) { try Self.period(configuration) }
        if let path = configuration.signingKey {
            check("signing key", needs: .signingKey) {
                let key = try SigningKey(path: path)
                try key.tryOut()
                return key.name
            }
        }
        guard isKnown("templates", [.templates]) else { return }
        do {
            let library = try TemplateLibrary(overlay: configuration.templates)
            let problems = library.check()
            for problem in problems {
                bad("templates", .configuration, problem.description, hint: problem.hint)
            }
            for problem in library.unknownNames() {
                warn("templates", problem.description, hint: problem.hint)
            }
            do { _ = try library.words(configuration.language) } catch { bad("language", Problem(from: error)) }
            if problems.isEmpty { good("templates", configuration.templates ?? "built in") }
        } catch {
            bad("templates", Problem(from: error))
        }
    }

    private static func period(_ configuration: ToolConfiguration) throws -> String {
        let zone = try CalendarZone(name: configuration.timeZone)
        let period = try configuration.reportSettings.reportingPeriod(zone, now: Clock.now())
        let ends = [period.range.from.map { "from \($0.rfc3339)" }, period.range.to.map { "to \($0.rfc3339)" }]
            .compactMap { $0 }.joined(separator: " ")
        let asked = configuration.period.flatMap { $0 == period.name ? nil : "\($0), which is " } ?? ""
        return asked + period.name + (ends.isEmpty ? "" : ", \(ends)")
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
