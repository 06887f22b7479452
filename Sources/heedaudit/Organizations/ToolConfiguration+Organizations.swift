import Evidence
import Foundation

/// What a command works on: one organization, or several, each with settings of its own.
enum ChosenOrganizations: Sendable {
    case one(ToolConfiguration)
    /// What holds for all, each one's settings in the order of the file, and those of all that the file lists.
    case several(ToolConfiguration, [ToolConfiguration], listed: [ToolConfiguration])
}

extension ToolConfiguration {
    /// Resolves the settings for whichever organizations a command works on.
    ///
    /// - Parameter options: What was typed, a group after the other.
    /// - Returns: One where the file lists none, or one of them is chosen; else those that are chosen, or all.
    /// - Throws: `Problem`: 64 for a flag whose value makes no sense, 78 for the environment or the file. Where the file lists
    ///   organizations, every mistake is printed before.
    static func resolveAll(_ options: [any SettingOptions]) throws -> ChosenOrganizations {
        var mistakes = ConfigurationMistakes()
        let reader = reader(options, ProcessInfo.processInfo.environment, &mistakes)
        guard !reader.file.organizations.isEmpty else { return .one(try resolve(options)) }
        let (common, members) = examineAll(reader, &mistakes)
        let chosen = mistakes.take(.organization, or: []) { try reader.chosen() }
        try mistakes.throwAll()
        let ids = Set(chosen.map { ExactText($0.id) })
        let left = members.filter { $0.organization.map { ids.contains(ExactText($0)) } == true }
        guard left.count > 1 else {
            return .one(try resolve(options))
        }
        return .several(common, left, listed: members)
    }

    /// Whether a command works through several organizations.
    ///
    /// - Parameter options: What was typed, a group after the other.
    /// - Returns: False, too, where the settings can't be read: whoever looks at them tells why.
    static func areSeveralMeant(_ options: [any SettingOptions]) -> Bool {
        var mistakes = ConfigurationMistakes()
        let reader = reader(options, ProcessInfo.processInfo.environment, &mistakes)
        return ((try? reader.chosen())?.count ?? 0) > 1
    }

    /// The settings of every organization that the file lists, as far as they can be read; none where it lists none.
    static func listed(
        _ options: [any SettingOptions],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [ToolConfiguration] {
        var mistakes = ConfigurationMistakes()
        let reader = reader(options, environment, &mistakes)
        return reader.file.organizations.isEmpty ? [] : examineAll(reader, &mistakes).members
    }

    /// Looks up what holds for all organizations of the file, and for each.
    ///
    /// - Parameters:
    ///   - reader: Where settings are looked up for all.
    ///   - mistakes: Gets what is wrong, each once; what is wrong with one organization's settings names it.
    /// - Returns: What holds for all, and for each in the order of the file.
    static func examineAll(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes)
        -> (common: ToolConfiguration, members: [ToolConfiguration])
    {
        var known = mistakes
        let common = ToolConfiguration(reader, &known)
        mistakes = known
        let told = Set(known.all.map(\.summary))
        var members: [ToolConfiguration] = []
        for entry in reader.file.organizations {
            var found = ConfigurationMistakes()
            members.append(member(entry, reader, &found, isOneOfSeveral: true))
            for var problem in found.all where !told.contains(problem.summary) {
                problem.summary = "organization '\(entry.id)' (\(reader.file.path):\(entry.line)): \(problem.summary)"
                mistakes.add(problem)
            }
            for warning in found.warnings { mistakes.warn(warning) }
        }
        SharedPlaces.check(members, reader.file, &mistakes)
        return (common, members)
    }

    /// One organization's settings.
    static func member(
        _ entry: OrganizationEntry,
        _ reader: SettingReader,
        _ mistakes: inout ConfigurationMistakes,
        isOneOfSeveral: Bool = false
    ) -> ToolConfiguration {
        let own = reader.reader(for: entry)
        var configuration = ToolConfiguration(own, of: isOneOfSeveral ? entry.id : nil, &mistakes)
        // A file that is for all of them is not replaced with what one has done.
        if entry.own[.metricsFile] == nil, reader.file.organizations.count > 1 {
            configuration.telling.metricsFile = nil
        }
        return configuration
    }

    /// How several organizations are worked through, and how the service is told which one is meant.
    mutating func readOrganizations(_ reader: SettingReader, _ mistakes: inout ConfigurationMistakes) {
        jobs = reader.number(.jobs, in: 1...64, &mistakes) ?? jobs
        organizationHeader = mistakes.take(.organizationHeader, or: false) { try reader.flag(.organizationHeader) }
        dailyLimit = reader.number(.dailyLimit, in: 1...1_000_000_000, &mistakes)
    }
}

extension SettingReader {
    /// The organizations of the file that are meant: those that `organization` names, else all.
    ///
    /// - Throws: `Problem` for one that the file does not list.
    func chosen() throws -> [OrganizationEntry] {
        guard let found = try find(.organization) else { return file.organizations }
        let names = found.text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var seen: Set<ExactText> = []
        return try names.filter { seen.insert(ExactText($0)).inserted }.map { name in
            if let entry = file.organizations.first(where: { $0.id.isSameInBytes(as: name) }) { return entry }
            let nearest = name.nearest(among: file.organizations.map(\.id))?.name
            throw Problem(
                found.origin.status,
                "\(found.origin.description): \(file.path) lists no organization '\(name)'",
                hint: nearest.map { "did you mean '\($0)'?" }
            )
        }
    }

    /// The one organization of the file that is meant; nil where it lists none, or several are meant.
    func onlyChosen() throws -> OrganizationEntry? {
        guard !file.organizations.isEmpty else { return nil }
        let chosen = try chosen()
        return chosen.count == 1 ? chosen[0] : nil
    }
}

extension ConfigurationMistakes {
    /// Prints every mistake, and ends with the first one's status.
    ///
    /// - Throws: `Problem` where there is a mistake.
    func throwAll() throws {
        guard let first = all.first else { return }
        guard all.count > 1 else { throw first }
        for mistake in all { StandardStreams.error(Problem.wantsJSON ? mistake.json : mistake.lines) }
        let places = Counted.text(all.count, "mistake")
        throw Problem(
            first.status,
            "\(places) in the settings, named above",
            hint: "nothing was begun; mend them and run it again"
        )
    }
}
