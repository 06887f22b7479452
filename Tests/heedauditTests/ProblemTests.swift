import Analysis
import Auditing
import CloudHeed
import Evidence
import Templates
import Testing

@testable import heedaudit

/// Every error of every library has an exit status, and its words reach the person who typed the command.
@Suite struct ProblemTests {
    typealias Status = heedaudit.ExitStatus

    @Test(
        arguments: [
            (.tokenMissing, .noPermission), (.tokenFileTooOpen, .noPermission), (.tokenRefused, .noPermission),
            (.scopeMissing, .noPermission), (.configuration, .configuration), (.notUnderstood, .unusableData),
            (.rejected, .unusableData), (.unavailable, .unavailable), (.tryAgainLater, .tryAgainLater),
        ] as [(ServiceError.Code, Status)]
    )
    func ofTheService(code: ServiceError.Code, status: Status) {
        let problem = Problem(from: ServiceError(code, "what", hint: "do"))
        #expect(problem.status == status)
        #expect(problem.lines == "heedaudit: error: what\nhint: do")
    }

    @Test(
        arguments: [
            (.notFound, .usage), (.damaged, .unusableData), (.unusableInput, .unusableData),
            (.cannotRead, .unusableData),
            (.cannotCreate, .cannotCreate), (.cannotWrite, .cannotWrite), (.locked, .tryAgainLater),
            (.outOfMemory, .tryAgainLater), (.newer, .configuration), (.unsupported, .configuration),
        ] as [(EvidenceFault, Status)]
    )
    func ofTheEvidence(code: EvidenceFault, status: Status) {
        #expect(Problem(from: EvidenceError(code, "what")).status == status)
    }

    @Test(
        arguments: [
            (.template, .configuration), (.invalidReport, .unusableData), (.bundleDamaged, .unusableData),
            (.cannotCreate, .cannotCreate), (.cannotWrite, .cannotWrite),
        ] as [(ReportingFault, Status)]
    )
    func ofReports(code: ReportingFault, status: Status) {
        #expect(Problem(from: ReportingError(code, "what")).status == status)
    }

    @Test func ofQuestionsAndInterruptions() {
        #expect(Problem(from: AnalysisError(.usage, "what")).status == .usage)
        #expect(Problem(from: AnalysisError(.configuration, "what")).status == .configuration)
        #expect(Problem(from: CancellationError()).status == .tryAgainLater)
        struct Strange: Error {}
        #expect(Problem(from: Strange()).summary.hasPrefix("unexpected failure"))
    }

    @Test func wordsAreMadeHarmless() {
        let problem = Problem(.usage, "a\u{1B}[31m\u{202E}b\nc")
        #expect(problem.lines == "heedaudit: error: a [31m b c")
        #expect(problem.json == #"{"error":"a [31m b c","level":"error","status":64}"#)
    }
}
