import Auditing
import CloudHeed
import Evidence
import Foundation
import Logging

/// A change that the service is asked for: of the organization that is meant, and looked at when it is made.
struct ServiceChange {
    /// What the service shows behind the change, and what is wrong with it.
    struct Outcome {
        fileprivate(set) var body: [UInt8]
        fileprivate(set) var object: JSONObject
        fileprivate(set) var problem: Problem?

        /// Prints what the service shows; where that is not what was asked for and JSON is wanted, the mistake is the answer.
        ///
        /// - Throws: `Problem` where that is not what was asked for.
        func print(asJSON: Bool) throws {
            if problem == nil || !asJSON { AnswerPrinter.print(body, object, asJSON: asJSON) }
            if let problem { throw problem }
        }
    }

    private let client: ServiceClient
    private let configuration: ToolConfiguration
    private let subject: JSONObject.Subject
    /// The fields that are to be changed, as they are to be.
    private let asked: [JSONValue.Member]

    init(
        _ client: ServiceClient,
        _ configuration: ToolConfiguration,
        of subject: JSONObject.Subject,
        to asked: some Encodable
    )
        throws
    {
        (self.client, self.configuration, self.subject) = (client, configuration, subject)
        self.asked = JSONValue(Array(try JSONEncoder().encode(asked)))?.members ?? []
    }

    /// What came of the change, by its answer, else by what the service says when it is asked again.
    ///
    /// - Parameters:
    ///   - answer: The answer to the change.
    ///   - id: The organization that was to be changed, where that is known.
    /// - Returns: What the service shows.
    /// - Throws: `ServiceError` where it does not say.
    func outcome(of answer: ServiceAnswer<JSONObject>, id: String?) async throws -> Outcome {
        var shown = Outcome(body: answer.body, object: answer.value)
        if let other = other(than: id, in: shown.object) {
            shown.problem = other
            return shown
        }
        if !asked.allSatisfy({ isShown($0, by: shown.object) }) {
            let again = try await client.answer(about: subject)
            shown = Outcome(body: again.body, object: again.value, problem: other(than: id, in: again.value))
        }
        let fields = SnapshotFields(shown.object.bytes)
        for field in asked where shown.problem == nil {
            guard let value = fields?[field.name] else {
                configuration.logger.warning(
                    "the service answered, and does not say whether \(field.name) is \(field.value.text ?? "") now"
                )
                continue
            }
            guard !value.isSame(as: field.value) else { continue }
            shown.problem = Problem(
                .unusableData,
                "the service answered, and \(field.name) is \(value.text ?? "without a value"), not \(field.value.text ?? "")",
                hint: "does the plan allow it, and the token's scope (org:write)? Ask the service, or try again"
            )
        }
        return shown
    }

    private func isShown(_ field: JSONValue.Member, by object: JSONObject) -> Bool {
        SnapshotFields(object.bytes)?[field.name]?.isSame(as: field.value) ?? false
    }

    /// What is wrong where an answer is another organization's.
    private func other(than id: String?, in object: JSONObject) -> Problem? {
        guard subject == .organization, let id, let answered = SnapshotFields(object.bytes)?["id"]?.text,
            ExactText(answered) != ExactText(id)
        else { return nil }
        return Problem(
            .unusableData,
            "the service answered for organization '\(answered)', and '\(id)' was to be changed",
            hint: "look at both: nothing says which one was"
        )
    }
}

extension ServiceAccess {
    /// Sees to it that the service answers for the organization that the configuration names; nothing is asked where it names
    /// none.
    ///
    /// - Throws: `AuditError` where it answers for another one.
    static func checkOrganization(_ client: ServiceClient, _ configuration: ToolConfiguration) async throws {
        guard configuration.organization != nil else { return }
        try check(try await client.organization().value, configuration)
    }

    /// The same of an answer.
    static func check(_ organization: Organization, _ configuration: ToolConfiguration) throws {
        guard let expected = configuration.organization else { return }
        guard let id = organization.id, !id.isEmpty else {
            throw ServiceError(.notUnderstood, "GET /v1/organization: the answer has no id")
        }
        guard ExactText(expected) != ExactText(id) else { return }
        throw configuration.organizationHeader
            ? AuditError.answered(id, for: expected) : AuditError.token(of: id, for: expected)
    }
}

/// Shows what is about to be changed and asks for a yes.
enum Confirmation {
    /// - Throws: `Problem` with status 64 when nobody says yes; nothing may be sent then.
    static func ask(_ differences: [String], warnings: [String], yes: Bool) throws {
        for line in differences { StandardStreams.error("  " + TerminalText.clean(line)) }
        for warning in warnings { StandardStreams.error("warning: " + warning) }
        if yes { return }
        guard StandardStreams.canAsk else {
            throw Problem(.usage, "declined: nobody is there to ask, nothing was sent", hint: "scripts say --yes")
        }
        StandardStreams.errorText("Change it? [y/N] ")
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        guard answer == "y" || answer == "yes" else { throw Problem(.usage, "declined: nothing was sent") }
    }
}

/// Prints an answer of the service: as it came, or a line a field.
enum AnswerPrinter {
    /// Prints an answer; `object` is what it speaks of, without envelope.
    static func print(_ body: [UInt8], _ object: JSONObject, asJSON: Bool) {
        if asJSON {
            StandardStreams.output(TerminalText.cleanJSON(String(decoding: body, as: UTF8.self)))
            return
        }
        let fields = fields(object.bytes)
        let width = fields.map(\.name.count).max() ?? 0
        for field in fields {
            let padding = String(repeating: " ", count: width - field.name.count)
            StandardStreams.output("\(TerminalText.clean(field.name))\(padding)  \(TerminalText.clean(field.value))")
        }
    }

    /// The members of a JSON object in the order of their names, values in one line.
    static func fields(_ body: [UInt8]) -> [(name: String, value: String)] {
        (SnapshotFields(body)?.all ?? []).map { (name: $0.name, value: $0.value.text ?? "") }
    }
}
