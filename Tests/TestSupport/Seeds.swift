import Foundation

/// Whether `HEEDAUDIT_SEED` names the one seed of all random tests: what is said of many seeds together is not asked then.
public let isSeedGiven = givenSeed != nil

private let givenSeed = ProcessInfo.processInfo.environment["HEEDAUDIT_SEED"].flatMap { UInt64($0) }

/// The seeds of a random test: its own, or the one in `HEEDAUDIT_SEED`, by which a failure is repeated or another chance
/// tried.
///
/// What a test expects names the seed, as the test's argument or in its comment.
public func testSeeds(_ own: ClosedRange<UInt64>) -> [UInt64] { givenSeed.map { [$0] } ?? Array(own) }

/// The same for a test with one sequence.
public func testSeed(_ own: UInt64) -> UInt64 { givenSeed ?? own }
