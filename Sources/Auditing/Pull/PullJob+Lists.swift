import Analysis
import CloudHeed
import Evidence

/// Who has access, asked before the log is read: so the log of the same pull tells what led to it.
extension PullJob {
    /// What the service answers for each list; nothing where nobody wants to know.
    ///
    /// - Throws: `ServiceError` where the token is refused.
    func lists(
        _ service: some AuditedService,
        of id: String,
        _ archive: Archive
    ) async throws -> [ListResource: ReceivedList] {
        guard settings.readsAccess else { return [:] }
        var lists: [ListResource: ReceivedList] = [:]
        for list in ServiceList.all {
            guard let resource = ListResource(rawValue: list.name) else { continue }
            let asked = context.now()
            let answer = try await service.list(list, of: id, first: archive.answered(for: resource))
            let answered = context.now()
            let isOfMembers = resource == .members && answer.unavailable == nil
            let doubt = isOfMembers ? Self.doubt(ofMembers: answer) : nil
            lists[resource] = ReceivedList(
                from: answer.from,
                pages: answer.pages,
                count: answer.count,
                servedAt: min(asked, answer.firstServed.map { Instant(seconds: $0) } ?? asked),
                lastServedAt: min(answered, answer.lastServed.map { Instant(seconds: $0) } ?? answered),
                unavailable: (answer.unavailable ?? doubt).map(context.clean)
            )
        }
        return lists
    }

    /// Why a list of members can't hold all of them, though it came to an end; nil where nothing says so.
    ///
    /// The organization's `member_count` is no measure: the service does not document whom it counts.
    private static func doubt(ofMembers list: ListAnswer) -> String? {
        let from = list.from ?? ServiceList.members.name
        return list.count > 0 ? nil : "\(from): it names nobody, and an organization has an owner"
    }

    /// Whether two pulls found the same.
    static func isSame(_ one: LedgerEntry.Snapshots?, _ other: LedgerEntry.Snapshots?) -> Bool {
        guard let one, let other else { return one == other }
        return one.isSame(as: other)
    }
}
