import Analysis

extension ReportDocument {
    /// What stands at the head of every printed page but the first: whose report it is, of what time and of which evidence.
    var runningHeader: String {
        let name = organization.value("name") ?? organization.id
        // The line has room for no more beside the rest.
        let most = 60
        return words(
            "table.running",
            [
                "organization": .text(name.count > most ? name.prefix(most - 1) + "…" : name),
                "period": .text(period.name == "all" ? words("table.whole_period") : ReportSummary(self).periodTitle),
                "head": .text(String(evidence.head.prefix(8))),
            ]
        )
    }
}
