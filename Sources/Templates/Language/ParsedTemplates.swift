import Synchronization

/// What the templates of a set say, read once for all documents that use them.
final class ParsedTemplates: Sendable {
    private let known = Mutex<[String: TemplateSyntax]>([:])

    /// A file of the set, read.
    func syntax(of file: TemplateLibrary.File) -> TemplateSyntax {
        if let known = known.withLock({ $0[file.name] }) { return known }
        // Two threads may read the same file; what they find is the same.
        let syntax = TemplateSyntax(file: file.name, text: file.text)
        known.withLock { $0[file.name] = syntax }
        return syntax
    }
}
