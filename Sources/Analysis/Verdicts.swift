/// Judges facts by the catalogue.
public enum Verdicts {
    /// One finding or more for each control, in report order.
    public static func judge(_ facts: JudgedFacts) -> [Finding] {
        ControlCatalogue.controls.flatMap { $0.judge($0, facts) }.sorted(by: Finding.inReportOrder)
    }
}
