/// Publishes bundles: renders a report's files aside, checks them, and moves the whole into place.
public struct BundlePublisher: Sendable {
    /// The folder that holds a folder for each organization.
    public let output: String
    /// Who may read what is published.
    public let mode: OutputMode

    /// Prepares to publish into an output folder, which is created when needed.
    public init(output: String, mode: OutputMode = .group) {
        self.output = output
        self.mode = mode
    }

    /// Renders and publishes one report.
    ///
    /// A bundle of the same evidence and inputs that exists and verifies is left as it is. On any failure nothing of
    /// the new bundle is left behind.
    /// - Parameters:
    ///   - facts: What names and describes the bundle.
    ///   - values: What the templates can use.
    ///   - library: The templates; checked before anything is written.
    /// - Returns: The bundle as it stands on disk.
    /// - Throws: ``ReportingError``, or what reading the events throws.
    public func publish(facts: BundleFacts, values: TemplateValues, library: TemplateLibrary) throws -> PublishedBundle
    {
        throw ReportingError(.cannotCreate, "not built yet")
    }
}
