import CloudHeed
import Evidence

/// Which failures of a page end the reading for good, so that what was read is archived without the rest.
///
/// What the service refuses it refuses again. Of what may pass, such as 503, so many attempts in succession that come no
/// further are enough to know; after a pull that ended so, one.
struct LastingFailure: Sendable {
    /// Attempts, each with all its repetitions, that may end at the same place.
    static let mostAttempts = 3

    /// Attempts that ended at this place, this one included.
    private let attempts: Int
    private let isEnough: Bool
    /// Makes what the service says harmless.
    private let clean: @Sendable (String) -> String

    init(_ session: PullSession, behind last: LedgerEntry?, _ clean: @escaping @Sendable (String) -> String) {
        self.clean = clean
        attempts = session.stalls + 1
        isEnough = attempts >= Self.mostAttempts || last?.refusedPage != nil
    }

    /// Whether nothing is to be hoped for.
    func isLasting(_ error: ServiceError) -> Bool {
        error.isLastingRefusal || (isEnough && words(of: error) != nil)
    }

    /// Why a page can't be had.
    func reason(_ error: ServiceError) -> String {
        let words = clean(error.summary)
        return error.isLastingRefusal || attempts == 1 ? words : "\(words), in \(attempts) runs"
    }

    /// What the service answered that it may answer again, in words; nil for what says nothing of the page: an allowance that is
    /// spent, a token, an interruption.
    func words(of error: any Error) -> String? {
        guard let error = error as? ServiceError, [.unavailable, .notUnderstood, .rejected].contains(error.code) else {
            return nil
        }
        return clean(error.summary)
    }
}
