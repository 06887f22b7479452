/// Checks that every tag of a linked document stands where its value is only text.
enum TemplateContexts {
    /// What is wrong with a document, by place.
    static func check(_ document: LinkedTemplate) -> [TemplateProblem] {
        var problems = checkStreams(document.nodes, format: document.format, isIndented: false)
        switch document.format.escaping {
        case .html: problems += HTMLTemplate.check(document)
        case .xml: problems += XMLTemplate.check(document)
        case .csv: problems += CSVTemplate.check(document)
        case .json, .jsonBare, .md, .txt: break
        }
        return problems
    }

    /// Streamed sections can't be indented, and cells of a table can't either.
    private static func checkStreams(
        _ nodes: [LinkedNode],
        format: OutputFormat,
        isIndented: Bool
    ) -> [TemplateProblem] {
        nodes.flatMap { node -> [TemplateProblem] in
            switch node {
            case .text, .variable:
                return []
            case .section(let section):
                if section.isStreamed, isIndented {
                    return [
                        section.place.problem(
                            .indentedStream,
                            section.name.written,
                            hint: "begin the line with {{>…}}"
                        )
                    ]
                }
                return checkStreams(section.nodes, format: format, isIndented: isIndented)
            case .partial(let indentation, let nodes, let place):
                let indents = indentation.map { !$0.isEmpty } ?? false
                if indents, format == .csv {
                    return [place.problem(.csvIndentation)]
                }
                return checkStreams(nodes, format: format, isIndented: isIndented || indents)
            }
        }
    }

    /// What a walk through a document meets, partials included and their lines indented.
    enum Item {
        case text(String, TemplatePlace)
        case variable(TemplateSyntax.Name, TemplatePlace)
        case beginSection(LinkedSection)
        case endSection(LinkedSection)
    }

    /// Walks through nodes in the order of the document.
    static func walk(_ nodes: [LinkedNode], indentation: String = "", _ visit: (Item) -> Void) {
        var endsLine = false
        for node in nodes {
            if endsLine, !indentation.isEmpty { visit(.text(indentation, place(of: node))) }
            switch node {
            case .text(let text, let place):
                visit(.text(text, place))
                endsLine = text.last == "\n"
            case .variable(let name, _, let place):
                visit(.variable(name, place))
                endsLine = false
            case .section(let section):
                visit(.beginSection(section))
                walk(section.nodes, indentation: indentation, visit)
                visit(.endSection(section))
                endsLine = true
            case .partial(let own, let nodes, _):
                walk(nodes, indentation: indentation + (own ?? ""), visit)
                endsLine = true
            }
        }
    }

    private static func place(of node: LinkedNode) -> TemplatePlace {
        switch node {
        case .text(_, let place), .variable(_, _, let place), .partial(_, _, let place): place
        case .section(let section): section.place
        }
    }
}
