extension LinkedTemplate {
    /// The tables, or `events`, that a document of tables alone holds; nil where it names anything else.
    ///
    /// Such a document can be rendered before the other values of its report are known. Most `.csv` templates are of this
    /// kind: a header, and a section with a row's columns. How many rows there are must not matter either.
    package func tablesAlone(_ vocabulary: TemplateVocabulary) -> Set<String>? {
        guard format == .csv, problems.isEmpty else { return nil }
        var names: Set<String> = []
        for node in nodes {
            switch node {
            case .text: continue
            case .section(let section):
                guard section.isStreamed, Self.isRow(section.nodes, of: section.name.text, vocabulary) else {
                    return nil
                }
                names.insert(section.name.text)
            case .variable, .piece: return nil
            }
        }
        return names
    }

    /// Whether nodes are a row's own text and columns.
    private static func isRow(_ nodes: [LinkedNode], of table: String, _ vocabulary: TemplateVocabulary) -> Bool {
        let columns = StreamedSections.columnNames(of: table, vocabulary)
        return nodes.allSatisfy { node in
            switch node {
            case .text: true
            case .variable(let name, _, _): name.function == nil && columns.contains(name.text)
            case .section, .piece: false
            }
        }
    }
}
