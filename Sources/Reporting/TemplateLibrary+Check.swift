extension TemplateLibrary {
    /// Everything that is wrong with the set, by file and line; empty when every template can be rendered.
    public func check() -> [TemplateProblem] {
        nameProblems
    }
}
