/// What a pull is asked for.
package struct PullSettings: Sendable {
    /// The archive's folder.
    package var archive: String
    /// Whose token it must be; nil for whose it is.
    package var organization: String?
    /// Whether requests name it by a header.
    package var namesOrganization = false
    /// Whether the archive is locked against other runs.
    package var locks = true
    /// Whether the whole log is read again.
    package var full = false
    /// How long ago the whole log may have been read for a pull that reads what is new alone.
    package var fullEvery = Duration.seconds(7 * 86_400)
    /// How many pages are asked for at a time.
    package var connections = 4

    /// Whether the lists of members, invitations and API keys are read.
    package var readsAccess = true

    /// The settings that a pull has where nobody says otherwise.
    package init(archive: String) { self.archive = archive }
}
