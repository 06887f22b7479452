/// What came of asking for a list.
package struct ListAnswer: Sendable, Hashable {
    /// What answered, such as `GET /v1/organization/members`; nil where nothing did.
    package var from: String?
    /// The answers as received, one page after the other.
    package var pages: [[UInt8]] = []
    /// How many elements they hold, what one repeats of those before it aside.
    package var count = 0
    /// The server's clock when the first page was served, seconds since 1970.
    package var firstServed: Int64?
    /// The same of the last page.
    package var lastServed: Int64?
    /// Why the list can't be had, or not all of it; nil for one that is whole.
    package var unavailable: String?
}

extension ServiceList {
    /// Reads the list from whichever of its paths answers.
    ///
    /// A list is optional: what stands in its way is told and no failure, but for a token that is refused.
    ///
    /// - Parameters:
    ///   - organization: The organization's id.
    ///   - earlier: What answered the last time, as ``ListAnswer/from`` named it.
    ///   - isWanted: Whether all pages are; else the first one, to see whether there is a list.
    ///   - ask: Gets a page by path and query.
    /// - Returns: What came.
    /// - Throws: `ServiceError` with code `.tokenRefused`; whatever else `ask` throws that is no `ServiceError`.
    func read(
        of organization: String,
        first earlier: String?,
        isWanted: Bool = true,
        ask: (String) async throws -> ServiceAnswer<ListPage>
    ) async throws -> ListAnswer {
        var refusals: [ServiceError] = []
        for path in paths(of: organization, first: earlier) {
            do { return try await read(path, isWanted, ask) } catch let error as ServiceError {
                guard error.code != .tokenRefused else { throw error }
                refusals.append(error)
                // Only what says that it is not there, or not for us, may be somewhere else.
                guard error.isLastingRefusal || error.code == .notUnderstood else { break }
            }
        }
        // That there is nothing at one of two places tells less than what the other one says.
        let telling = refusals.first { $0.status != 404 } ?? refusals.first
        return ListAnswer(unavailable: telling?.summary ?? "it is not asked for anywhere")
    }

    private func read(
        _ path: String,
        _ isWanted: Bool,
        _ ask: (String) async throws -> ServiceAnswer<ListPage>
    ) async throws -> ListAnswer {
        var pager = ListPager()
        var answer = ListAnswer(from: "GET \(path)")
        while let number = pager.next {
            let page: ServiceAnswer<ListPage>
            do { page = try await ask("\(path)?page=\(number)&per_page=\(Self.perPage)") } catch let error
                as ServiceError
                where number > 1 && error.code != .tokenRefused
            {
                pager.refused(error.summary, isNotFound: error.status == 404)
                continue
            }
            answer.firstServed = answer.firstServed ?? page.serverTime
            answer.lastServed = page.serverTime ?? answer.lastServed
            pager.received(page.value, page.body, isLinked: page.isContinued)
            guard isWanted else { return answer }
        }
        answer.pages = pager.pages
        answer.count = pager.count
        answer.unavailable = pager.incompleteBecause.map { "\(answer.from ?? ""): \($0)" }
        return answer
    }
}

extension ServiceClient {
    /// A list, all pages of it, with less patience than for what a pull can't do without.
    ///
    /// - Parameters:
    ///   - list: Which one.
    ///   - organization: The organization's id.
    ///   - earlier: What answered the last time, as ``ListAnswer/from`` named it.
    /// - Returns: What came of it.
    /// - Throws: `ServiceError` for a token that is refused, `CancellationError`.
    package func list(_ list: ServiceList, of organization: String, first earlier: String?) async throws -> ListAnswer {
        try await ask(list, of: organization, first: earlier, isWanted: true)
    }

    /// Whether a list can be read: asks for its first page alone, of which nothing is kept.
    ///
    /// - Throws: `ServiceError` for a token that is refused, `CancellationError`.
    package func look(at list: ServiceList, of organization: String) async throws -> ListAnswer {
        try await ask(list, of: organization, first: nil, isWanted: false)
    }

    private func ask(
        _ list: ServiceList,
        of organization: String,
        first earlier: String?,
        isWanted: Bool
    ) async throws -> ListAnswer {
        var patience = RetryPolicy.Patience.ofWhatIsOptional
        patience.time = TryingTime(limit: configuration.listTime.seconds)
        return try await list.read(of: organization, first: earlier, isWanted: isWanted) { [patience] path in
            try await call("GET", path, body: nil, patience: patience) { body in
                try body.map { try ListPage($0, list) } ?? ListPage()
            }
        }
    }
}

extension ServiceClient {
    /// `GET /v1/organizations`: the organizations that the token sees, all pages of them.
    ///
    /// - Returns: The organizations that can be understood, and why these are not all; nil where they are.
    /// - Throws: `ServiceError` for a token that is refused, `UnreadableBody` for a page that can't be taken apart again.
    package func organizations() async throws -> (organizations: [Organization], unavailable: String?) {
        let answer = try await list(.organizations, of: "", first: nil)
        let elements = try answer.pages.flatMap { try ListPage($0, .organizations).elements }
        let objects = elements.compactMap { try? JSONObject($0) }
        let others = elements.count - objects.count
        let strange = others == 0 ? nil : "\(others) of the list's elements can't be understood"
        return (objects.map(Organization.init), answer.unavailable ?? strange)
    }
}
