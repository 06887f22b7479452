extension TemplateLibrary {
    /// The literal text of pieces, one behind the other, for pages that are made without a template and are to look alike.
    ///
    /// Tags render nothing; a piece that is not there is left out.
    package func literalText(ofPieces names: [String]) -> String {
        let tags = names.map { "{{>\($0)}}\n" }.joined()
        // What a file says is remembered by its name.
        let file = File(name: tags, bytes: Array(tags.utf8), isUsers: false)
        var text = ""
        TemplateContexts.walk(TemplateLinker.link(file, format: .html, library: self).nodes) { item in
            if case .text(let literal, _) = item { text += literal }
        }
        return text
    }
}
