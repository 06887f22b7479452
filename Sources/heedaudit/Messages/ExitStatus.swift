/// What the process tells its caller by its exit status (names from sysexits.h).
///
/// The status says whether the work was done. What the work found is told by findings, and by `findings` when
/// `--fail-on` asks for it.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    case findings = 1
    case usage = 64
    case unusableData = 65
    case unavailable = 69
    case cannotCreate = 73
    case cannotWrite = 74
    case tryAgainLater = 75
    case noPermission = 77
    case configuration = 78

    /// From the most serious to none: of several organizations' statuses the first one that occurs is the command's.
    static let bySeriousness: [ExitStatus] = [
        .configuration, .noPermission, .unusableData, .cannotCreate, .cannotWrite, .unavailable, .usage, .tryAgainLater,
        .findings, .done,
    ]

    /// What the status means, for `--help`.
    var meaning: String {
        switch self {
        case .done: "done"
        case .findings: "done, and a finding at or above --fail-on is fail or not_proven"
        case .usage: "usage, a value that makes no sense, a question declined"
        case .unusableData: "data that can't be used: archive damaged, answer not understood"
        case .unavailable: "the service is unavailable, after retries"
        case .cannotCreate: "a file or folder can't be created"
        case .cannotWrite: "a file can't be written"
        case .tryAgainLater: "try again later: quota spent, locked, interrupted; progress is kept"
        case .noPermission: "token missing, refused, or without the scope"
        case .configuration: "configuration"
        }
    }

    /// The section that ends every help.
    static let helpSection: String =
        "EXIT STATUS\n"
        + allCases.map { status in
            let number = String(status.rawValue)
            return "  " + number + String(repeating: " ", count: 4 - number.count) + status.meaning
        }.joined(separator: "\n")
}

/// The work was done, and found something that `--fail-on` asks to be told of.
struct ThresholdReached: Error {}
