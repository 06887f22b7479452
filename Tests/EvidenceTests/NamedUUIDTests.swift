import Testing

@testable import Evidence

/// UUIDs that follow from names.
@Suite struct NamedUUIDTests {
    /// What Python's `uuid.uuid5` says.
    @Test func areThoseOfOthers() {
        let ofURL = NamedUUID("urn:heedaudit:oscal:1".utf8, in: .ofURLs)
        #expect(ofURL.text == "7e8b20ac-eda2-5cb0-8965-fc3c835ac834")
        #expect(NamedUUID("a\u{0}b".utf8, in: ofURL).text == "f689fc33-6647-5900-9a86-13141f0f42ec")
        #expect(NamedUUID("".utf8, in: ofURL).text == "4113b0fd-3d77-5984-af8e-c2a3fffd9b40")
    }
}
