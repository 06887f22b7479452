import Foundation

/// The rules of XML documents: values stand in text and in quoted attributes.
enum XMLTemplate {
    /// What is wrong with a document.
    static func check(_ document: LinkedTemplate) -> [TemplateProblem] {
        var check = MarkupCheck(isHTML: false)
        check.run(document)
        return check.problems + encodingProblem(document)
    }

    /// Reports are UTF-8: a declaration that says otherwise would change every name in them.
    private static func encodingProblem(_ document: LinkedTemplate) -> [TemplateProblem] {
        guard case .text(let text, let place)? = document.nodes.first, text.hasPrefix("<?xml"),
            let encoding = text.range(of: "encoding=")
        else { return [] }
        let value = text[encoding.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" }
        return value.lowercased() == "utf-8" ? [] : [place.problem("the encoding \(value): reports are UTF-8")]
    }
}
