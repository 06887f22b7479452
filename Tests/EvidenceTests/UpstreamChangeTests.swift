import Evidence
import Foundation
import Testing

/// How a full pull names what differs from the archive.
@Suite struct UpstreamChangeTests {
    private static let bare = #"{"id":"a","action":"b","created_at":"2026-03-17T10:00:00Z","flag":1}"#

    @Test(arguments: [
        (#","ip_address":"203.0.113.9""#, ["altered"]),
        (#","actor":{"id":"user-9"}"#, ["altered"]),
        (#","resource":{"type":"database"}"#, ["altered"]),
        (#","actor":{"email":"a@example.com"}"#, ["relabelled"]),
        (#","actor":null,"ip_address":"""#, ["extended"]),
        (#","user_agent":"curl""#, ["extended"]),
    ])
    func whatIsAddedToAnEvent(added: String, kinds: [String]) throws {
        try withTestArchive { archive in
            try archive.pull([Self.bare])
            let later = String(Self.bare.dropLast()) + added + "}"
            #expect(try archive.pull([later]).anomalies.map(\.kind) == kinds)
        }
    }

    @Test(arguments: [("true", ["altered"]), ("1.0", []), ("2", ["altered"]), (#""1""#, ["altered"])])
    func valuesAreComparedAsJSON(value: String, kinds: [String]) throws {
        try withTestArchive { archive in
            try archive.pull([Self.bare])
            let later = Self.bare.replacing(#""flag":1"#, with: #""flag":\#(value)"#)
            #expect(try archive.pull([later]).anomalies.map(\.kind) == kinds)
        }
    }

    @Test func anExtendedEventIsArchivedOnceHoweverOftenItIsServed() throws {
        try withTestArchive { archive in
            let later = line("a", extra: #","user_agent":"curl""#)
            try archive.pull([line("a")])
            #expect(try archive.pull([later]).variants.map(\.count) == [1])
            let entry = try archive.pull([later])
            #expect(entry.variants.isEmpty)
            #expect(entry.anomalies.isEmpty)
        }
    }

    @Test func anImportDoesNotHushTheAlarmOfAPull() throws {
        try withTestArchive { archive in
            let later = line("a", action: "database.deleted")
            try archive.pull([line("a")])
            #expect(try archive.importLines([later]).anomalies.map(\.kind) == ["two_contents"])
            let entry = try archive.pull([later])
            #expect(entry.anomalies.map(\.kind) == ["altered"])
            #expect(entry.variants.isEmpty)
            #expect(try archive.pull([later]).anomalies.isEmpty)
        }
    }
}
