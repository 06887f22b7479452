import Analysis
import Evidence

extension ReportRendering {
    /// What a workbook says of itself.
    package struct WorkbookDescription: Sendable {
        /// The program that made it.
        var tool: String
        /// When, RFC 3339.
        var generatedAt: String

        /// Says who made a workbook, and when.
        package init(tool: String, generatedAt: String) {
            self.tool = tool
            self.generatedAt = generatedAt
        }
    }

    /// Renders the tables as sheets of a workbook, `report.xlsx`.
    ///
    /// The tables are those of the CSV files, made by the same templates; a sheet called Summary stands before them.
    /// - Throws: ``ReportingError`` for a template, and for a file that can't be written; what was written stays for the caller
    ///   to remove.
    package func renderWorkbook(_ description: WorkbookDescription, values: TemplateValues, words: Words) throws
        -> Rendered
    {
        let book = try WorkbookWriter(
            folder: folder,
            mode: mode,
            .init(
                title: words("page.title"),
                author: description.tool,
                created: Instant(rfc3339: description.generatedAt) ?? Instant(seconds: 0)
            ),
            words
        )
        var rendered = Rendered()
        for (plan, document) in try library.sheets() {
            let sheet = WorkbookSheet(plan, title: words("workbook.\(plan.title)"), in: book)
            let renderer = try DocumentRenderer(document, into: sheet, values: values)
            try renderer.proceed()
            while renderer.awaitsEvents {
                try values.events?.forEachBlockAgain { try renderer.append($0) }
                try renderer.endEvents()
            }
            _ = try renderer.finish()
            var counts = renderer.counts
            counts.cellsCut += sheet.cut
            rendered.counts = rendered.counts + counts
        }
        rendered.files = [try book.finish()]
        return rendered
    }
}
