import Analysis
import Evidence
import Foundation
import Reporting
import Templates

/// The overview of organizations: `index.html`, `fleet.csv` and `fleet.xml` beside their folders, with the schema of the XML.
///
/// It says what the newest report of each says, as far as that can be believed, and where there is nothing to believe. It is
/// made anew each time, of nothing but the folders and what is told of the last runs.
package struct FleetOverview: Sendable {
    /// The folder that holds a folder for each organization.
    let output: String
    /// Who may read the files.
    package var mode = OutputMode.group
    /// The templates, of which those of `fleet/` are rendered.
    package var library = TemplateLibrary.builtIn()
    /// What it is said in.
    package var words = Words.english
    /// How the table is written.
    var profile = CSVProfile.rfc4180
    /// Name and version of the tool.
    package var tool = "heedaudit"
    /// What the clock says.
    let now: Instant
    /// When the files say that they were made, RFC 3339; nil for now.
    package var generatedAt: String?
    /// Seconds after which an organization without a run is named; not asked where there is a schedule.
    package var maxAge: Int64 = 7 * 86_400
    /// How often runs are expected; nil where nobody said.
    package var schedule: RunSchedule?

    private static let stagingPrefix = ".fleet-"

    /// What was written, in figures.
    package struct Outcome: Sendable {
        /// How many organizations there are.
        package var organizations: Int
        /// How many of them stand how, the worst first; those that none is in are left out.
        package var states: [(state: FleetState, count: Int)]
        /// The paths of the files.
        package var files: [String]
    }

    /// Prepares an overview in a folder.
    package init(output: String, now: Instant) {
        self.output = output
        self.now = now
    }

    /// Reads what there is of each organization, and writes the files.
    ///
    /// - Parameter organizations: Whom it shows; of an id that is named twice the first counts.
    /// - Returns: What it says in figures.
    /// - Throws: `ReportingError`; each file is the old one or the new one, whole.
    package func write(_ organizations: [FleetMember]) throws -> Outcome {
        let standings = read(organizations)
        let values = FleetValues(
            standings: standings,
            words: words,
            tool: tool,
            generatedAt: generatedAt ?? now.rfc3339,
            output: output
        ).all
        let files = try publish(values)
        let states = FleetState.allCases.map { state in (state, standings.count { $0.state == state }) }
        return Outcome(organizations: standings.count, states: states.filter { $0.1 > 0 }, files: files)
    }

    /// How each organization stands, the worst first.
    func read(_ organizations: [FleetMember]) -> [FleetStanding] {
        let patience = FleetStanding.Patience(now: now, maxAge: maxAge, schedule: schedule)
        var seen: Set<ExactText> = []
        let members = organizations.filter { seen.insert(ExactText($0.id)).inserted }
        let isLookedUp = members.contains { $0.folder == nil }
        let folders = isLookedUp ? OrganizationFolder.all(in: output) : []
        let byOwner = Dictionary(folders.map { (ExactText($0.organization), $0.folder) }) { first, _ in first }
        // Whose a folder is that can't be looked into nobody can tell.
        let isHidden = isLookedUp && (try? OrganizationFolder.requireReadable(in: output)) == nil
        return members.map { member in
            let folder = member.folder ?? byOwner[ExactText(member.id)].map { "\(output)/\($0)" }
            return FleetStanding(member, folder: folder, isHidden: isHidden, patience)
        }
        .sorted { $0.isWorse(than: $1) }
    }

    // MARK: The files

    private func publish(_ values: TemplateValues) throws -> [String] {
        try BundleStaging.makeFolder(output, mode)
        let root = open(output, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw ReportingError.write(output) }
        defer { close(root) }
        // One at a time: the files of two that are made together would not belong together.
        _ = try BundleStaging.lock(root, output, LOCK_EX)
        for name in (try? PlainFile.names(in: output)) ?? [] where name.hasPrefix(Self.stagingPrefix) {
            try? FileManager.default.removeItem(atPath: "\(output)/\(name)")
        }
        let staging = "\(output)/\(Self.stagingPrefix)\(getpid())"
        guard mkdir(staging, 0o700) == 0 else { throw ReportingError.create(staging) }
        defer { try? FileManager.default.removeItem(atPath: staging) }
        let set = library.fleet
        let documents = try set.documents(Set(ReportFormat.allCases))
        let rendering = ReportRendering(library: set, folder: staging, mode: mode, profile: profile)
        var files = try rendering.render(documents, values: values).files
        for schema in documents.compactMap({ set.schemaFile(of: $0.name) }) {
            files.append(try .write(schema.bytes, as: schema.name, in: staging, mode))
        }
        files.append(try .write(Checksums.text(of: files), as: FleetSeal.sums, in: staging, mode))
        // The digests that will hold go first, and take their name last.
        let steps =
            [("\(staging)/\(FleetSeal.sums)", FleetSeal.next)]
            + files.filter { $0.name != FleetSeal.sums }.map { ("\(staging)/\($0.name)", $0.name) }
            + [("\(output)/\(FleetSeal.next)", FleetSeal.sums)]
        for (path, name) in steps {
            guard rename(path, "\(output)/\(name)") == 0 else { throw ReportingError.write("\(output)/\(name)") }
            if name == FleetSeal.next { try BundleStaging.sync(folder: output) }
        }
        try BundleStaging.sync(folder: output)
        return files.map(\.name).sorted { $0.precedesInBytes($1) }.map { "\(output)/\($0)" }
    }
}
