import Templates
import Analysis

/// Thousands of findings as a table, whose rows are printed without a string each.
extension FindingsTable {
    /// Every finding; the same values as the elements of ``all`` have, but for conditions and what the page alone shows.
    func allRows() -> TextRows {
        let texts = texts.rows
        let planned: Set<String> = ["decision", "reason", "approver", "finding_id"]
        return TextRows(texts, columns: texts.columns.map(\.name).filter { !planned.contains($0) }, hasLists: true)
    }

    /// Findings that something is to be done about, told by their places; the same values as ``actionPlan`` has.
    func planRows(_ places: [Int]) -> TextRows {
        let names = "finding_id control title severity status subject remediation owner due decision reason approver"
        return TextRows(texts.rows, columns: names.split(separator: " ").map(String.init), rows: places)
    }
}
