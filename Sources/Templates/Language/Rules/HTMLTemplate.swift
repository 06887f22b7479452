/// The rules of HTML documents, and the policy that holds for one.
enum HTMLTemplate {
    /// How the policy is written.
    static let policyHint =
        "write <meta http-equiv=\"Content-Security-Policy\" content=\"{{\(TemplateValues.policyName)}}\"> at the head's start"

    /// What is wrong with a document.
    static func check(_ document: LinkedTemplate) -> [TemplateProblem] {
        var check = MarkupCheck(isHTML: true)
        check.run(document)
        guard check.hasPolicy || !check.problems.isEmpty || !document.problems.isEmpty else {
            let start = TemplatePlace(file: document.name, line: 1, column: 1)
            return [start.problem(.policyMissing, hint: policyHint)]
        }
        return check.problems
    }

    /// The policy of a document: the hashes of its literal scripts and styles.
    static func contentSecurityPolicy(of nodes: [LinkedNode]) -> ContentSecurityPolicy {
        var scanner = MarkupScanner(isHTML: true)
        var outer: [MarkupScanner] = []
        TemplateContexts.walk(nodes) { item in
            switch item {
            case .text(let text, _): for byte in text.utf8 { scanner.read(byte) }
            case .variable: scanner.readTemplateValue()
            case .beginSection: outer.append(scanner)
            case .endSection: if let before = outer.popLast() { _ = scanner.join(before) }
            }
        }
        func contents(_ element: String) -> [String] {
            scanner.rawElements.filter { $0.element == element }.map { String(decoding: $0.content, as: UTF8.self) }
        }
        return ContentSecurityPolicy(styles: contents("style"), scripts: contents("script"))
    }
}
