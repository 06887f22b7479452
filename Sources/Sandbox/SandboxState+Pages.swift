extension SandboxState {
    /// A page of the log, behind which the log moves on as the faults say.
    mutating func page(_ query: [String: String], duplicating: Bool) -> SandboxReply {
        func refused(_ field: String) -> SandboxReply {
            let refusal = SandboxChange.Refusal(field: field, message: "must be a whole number from 1")
            return failure(422, "validation_error", "Validation failed", details: [refusal])
        }
        let number = query["page"].map { Int($0) ?? 0 } ?? 1
        var perPage = configuration.defaultPerPage
        if let text = query["per_page"], !configuration.ignoresPerPage {
            guard let asked = Int(text), asked >= 1 else { return refused("per_page") }
            perPage = min(asked, configuration.largestPerPage)
        }
        guard number >= 1 else { return refused("page") }
        served.logRequests += 1
        var places = log.places(page: number, perPage: perPage)
        if places.isEmpty, configuration.faults.repeatsLastPage, log.count > 0 {
            places = log.places(page: (log.count + perPage - 1) / perPage, perPage: perPage)
        }
        if let refusal = faults.refusal, number >= refusal.fromPage {
            return failure(refusal.status, "refused", "Pages from \(refusal.fromPage) on are not served")
        }
        if places.isEmpty, number > 1, !faults.isEndless, let end = faults.end {
            switch end {
            case .notFound: return failure(404, "not_found", "There is no page \(number)")
            case .noContent: return SandboxReply(status: 204)
            case .null: return SandboxReply(body: Array(#"{"events":null}"#.utf8))
            }
        }
        if faults.isEndless { places = makeUp(perPage) }
        if duplicating { places += places }
        served.eventsServed += places.count
        let body = render(places, page: number, perPage: perPage)
        drift()
        return SandboxReply(body: body)
    }

    private mutating func render(_ places: [Int], page: Int, perPage: Int) -> [UInt8] {
        let isNested = configuration.envelope == .wrapped
        var body = Array((configuration.envelope == .data ? #"{"data":["# : #"{"events":["#).utf8)
        if configuration.envelope == .named { body = Array("\u{FEFF}".utf8) + body }
        if isNested { body = Array(#"{"meta":{"request_id":"\#(requestID)"},"data":"#.utf8) + body }
        for (index, place) in places.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += log.lines[place]
            if faults.withdrawal != nil, !servedIDs.contains(log.ids[place]) { servedIDs.append(log.ids[place]) }
            shown.insert(log.lines[place])
        }
        var total = (faults.isEndless ? 0 : log.count) + configuration.faults.totalError
        if served.logRequests.isMultiple(of: 2) { total += faults.totalSwing }
        if faults.totalDice > 0 { total += random.index(faults.totalDice) }
        switch configuration.envelope {
        case .documented, .data, .named: body += #"],"meta":{"page":\#(page),"total":\#(total)}}"#.utf8
        case .full:
            let pages = (total + perPage - 1) / perPage
            body +=
                #"],"meta":{"page":\#(page),"per_page":\#(perPage),"total":\#(total),"total_pages":\#(pages)}}"#.utf8
        case .bare: body += "]}".utf8
        case .wrapped: body += #"],"meta":{"page":\#(page),"total":\#(total)}}}"#.utf8
        }
        return body
    }

    /// Events that nobody will see again; returns their places.
    private mutating func makeUp(_ count: Int) -> [Int] {
        for _ in 0..<count {
            appended += 1
            log.append(
                Array(
                    #"{"id":"evt-made-up-\#(appended)","action":"database.resized","created_at":"2026-03-17T10:00:00Z"}"#
                        .utf8
                )
            )
        }
        return Array((log.count - count)..<log.count)
    }

    /// The log goes on while it is read.
    private mutating func drift() {
        for _ in 0..<faults.drift.turn() {
            append(
                "drift",
                #""action":"database.resized","actor":{"id":"user-102","email":"ben.okafor@acme.example"},"resource":{"type":"database","id":"db-drift","name":"orders-production"},"ip_address":"198.51.100.22""#
            )
        }
        if let withdrawal = faults.withdrawal, withdrawal.afterPage == served.logRequests {
            log.remove(ids: Set(servedIDs.prefix(withdrawal.events)))
        }
        log.removeOldest(faults.expire.turn())
        for _ in 0..<faults.vanish.turn() where log.count > 2 {
            log.remove(ids: [log.ids[1 + Int(random.unit() * Double(log.count - 2))]])
        }
    }
}
