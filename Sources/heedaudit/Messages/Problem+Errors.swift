import Templates
import Analysis
import Auditing
import CloudHeed
import Evidence
import Reporting
import Sandbox

extension Problem {
    /// What any error means to the person who typed the command: the one place where texts and statuses are decided.
    init(from error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ServiceError:
            self.init(Self.status(error.code), error.summary, hint: error.hint)
            quoted = error.status
        case let error as EvidenceError: self.init(Self.status(error.code), error.summary, hint: error.hint)
        case let error as AnalysisError:
            self.init(error.code == .usage ? .usage : .configuration, error.summary, hint: error.hint)
        case let error as AuditError: self.init(Self.status(error.code), error.summary, hint: error.hint)
        case let error as ReportingError: self.init(Self.status(error.code), error.summary, hint: error.hint)
        case let error as FaultPlan.Unknown: self.init(.usage, error.description)
        case is CancellationError:
            self.init(.tryAgainLater, "interrupted; progress is kept", hint: "run the same command again to continue")
        default:
            self.init(.cannotWrite, "unexpected failure: \(error)", hint: "please report it with the command you typed")
        }
    }

    private static func status(_ code: ServiceError.Code) -> ExitStatus {
        switch code {
        case .tokenMissing, .tokenFileTooOpen, .tokenRefused, .scopeMissing: .noPermission
        case .configuration: .configuration
        case .notUnderstood, .rejected: .unusableData
        case .unavailable: .unavailable
        case .tryAgainLater: .tryAgainLater
        }
    }

    private static func status(_ code: EvidenceFault) -> ExitStatus {
        switch code {
        case .notFound: .usage
        case .damaged, .diverged, .unusableInput, .cannotRead: .unusableData
        case .cannotCreate: .cannotCreate
        case .cannotWrite: .cannotWrite
        case .locked, .outOfMemory: .tryAgainLater
        case .newer, .unsupported: .configuration
        }
    }

    private static func status(_ code: AuditFault) -> ExitStatus {
        switch code {
        case .noSuchBundle, .severalOrganizations: .usage
        case .otherOrganization: .noPermission
        case .mixedOrganizations: .unusableData
        }
    }

    private static func status(_ code: ReportingFault) -> ExitStatus {
        switch code {
        case .template: .configuration
        case .invalidReport, .bundleDamaged: .unusableData
        case .cannotCreate: .cannotCreate
        case .cannotWrite: .cannotWrite
        }
    }
}
