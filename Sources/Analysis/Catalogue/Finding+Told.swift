import Evidence

/// The texts of a finding, told piece after piece to who prints them and forgets them: of millions no string is made.
extension Finding {
    /// Tells ``subject``.
    package func tellSubject(_ tell: (TextView) -> Void) {
        said({ withTextView(of: $0.subject, tell) }) { $0.subject($1, tell) }
    }

    /// Tells ``detail``.
    package func tellDetail(_ tell: (TextView) -> Void) {
        // What has to be said behind it depends on all of it.
        guard words.caution == nil else { return withTextView(of: detail, tell) }
        said({ withTextView(of: $0.telling.detail, tell) }) { $0.detail($1, tell) }
    }

    /// Tells each of ``eventIDs``, whole.
    package func tellEvents(_ tell: (TextView) -> Void) {
        said({ for id in $0.eventIDs { withTextView(of: id, tell) } }) { tell($0.event($1)) }
    }
}
