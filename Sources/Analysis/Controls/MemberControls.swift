/// Controls over members and their roles.
enum MemberControls {
    static func ownRole(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        control.findings(
            facts.log?.ownRoleChanges ?? [],
            facts,
            passing: "Nobody changed their own role.",
            detail: { "Changed their own role \($0.eventIDs.count == 1 ? "once" : "\($0.eventIDs.count) times")." }
        )
    }

    static func roleChanges(_ control: Control, _ facts: JudgedFacts) -> [Finding] {
        let events = facts.log?.roleChanges ?? []
        guard events.isEmpty else {
            let detail = "\(counted(events.count, "role change")) to review."
            return [control.finding(.manual, subject: "audit log", detail, eventIDs: events)]
        }
        return control.nothingFound(facts, subject: "audit log", passing: "No role was changed.", gaps: facts.gaps)
    }
}
