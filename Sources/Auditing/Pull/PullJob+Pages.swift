import CloudHeed
import Evidence

extension PullJob {
    /// Reads pages as the pager asks for them, several at a time, and stages each as it comes.
    func read(
        _ service: some AuditedService,
        _ session: PullSession,
        _ bears: LastingFailure,
        _ pager: inout AuditLogPager
    ) async throws {
        var received = 0
        try await withThrowingTaskGroup(
            of: (Int, Instant, Result<ServiceAnswer<AuditLogPageContents>, ServiceError>).self
        ) {
            group in
            // What is under way when a reading is refused a page, or ends for another reason, is taken in, too: else a failure
            // that overtakes a page would hide that the reading gets further.
            var failure: (any Error)?
            while true {
                for number in failure == nil ? pager.nextPages() : [] {
                    group.addTask { (number, context.now(), try await Self.page(number, service, bears)) }
                }
                let next: (Int, Instant, Result<ServiceAnswer<AuditLogPageContents>, ServiceError>)?
                do { next = try await group.next() } catch {
                    failure = failure ?? error
                    continue
                }
                guard let (number, asked, result) = next else { break }
                switch result {
                case .success(let answer):
                    let page = answer.value
                    let archived = try session.stage(page, number: number)
                    pager.received(Self.facts(answer, number, archived, asked))
                    try session.note(pager.checkpoint, service.counters)
                    received += page.events.count
                    context.progress((received, page.total))
                case .failure(let refusal):
                    pager.refused(
                        number,
                        because: bears.reason(refusal),
                        isNotFound: refusal.status == 404,
                        at: asked.seconds
                    )
                }
            }
            if let failure { throw failure }
        }
        context.progress(nil)
    }

    /// A page, or why it can't be had: of all but the first, what was read is worth keeping without it.
    private static func page(
        _ number: Int,
        _ service: some AuditedService,
        _ bears: LastingFailure
    ) async throws -> Result<ServiceAnswer<AuditLogPageContents>, ServiceError> {
        do {
            return .success(try await service.page(number))
        } catch let error as ServiceError where number > 1 && bears.isLasting(error) {
            return .failure(error)
        }
    }

    private static func facts(
        _ answer: ServiceAnswer<AuditLogPageContents>,
        _ number: Int,
        _ archived: [Bool],
        _ asked: Instant
    ) -> AuditLogPageFacts {
        let (page, serverTime) = (answer.value, answer.serverTime)
        let plausible = PlausibleTimes(now: max(asked, serverTime.map { Instant(seconds: $0) } ?? asked))
        let times = page.events.map { event in
            event.instant.flatMap { instant in
                plausible.contains(instant)
                    ? AuditLogPageFacts.Time(seconds: instant.seconds, nanoseconds: instant.nanoseconds) : nil
            }
        }
        var facts = AuditLogPageFacts(number: number)
        facts.ids = page.identities
        facts.times = page.inOrder(times, page.unreadable.map { _ in nil })
        facts.archived = archived
        (facts.total, facts.perPage) = (page.total, page.perPage)
        (facts.serverTime, facts.localTime) = (serverTime, asked.seconds)
        facts.unreadable = page.unreadablePlaces
        facts.hasMore = page.hasMore || answer.isContinued || page.totalPages.map { number < $0 } == true
        return facts
    }
}
