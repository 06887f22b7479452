extension Archive {
    /// Sealed files that no entry names, by their paths below the folder: what a run commits at this moment is none.
    ///
    /// A commit appends its entry before it moves a file into its place, so whatever stands there is named, or foreign, or
    /// left of entries that are gone. Files that an acknowledgement gave up are not told again while they are what they were.
    ///
    /// - Throws: ``EvidenceError`` when a folder can't be listed.
    package func unnamed() throws -> [String] {
        // An entry of a newer version may name any file.
        guard ledger.novelty == nil else { return [] }
        let named = ledger.lists
        var strange: [String] = []
        for room in ArchiveRoom.all where PlainFile.isFolder("\(path)/\(room)") {
            let number = ArchiveRoom.ofLines.firstIndex(of: room)
            var odd: [ExactText] = []
            try PlainFile.forEachName(in: "\(path)/\(room)") { name in
                // There may be tens of thousands: no text is made of those that are named.
                if let number, named.namesNumbered(name, inRoom: number) == true { return }
                odd.append(ExactText(PlainFile.text(name)))
            }
            strange += strangers(among: odd.sorted().map { "\(room)/\($0.text)" })
        }
        guard !strange.isEmpty, let later = try? Archive(path: path) else { return strange }
        return later.ledger.novelty == nil ? later.strangers(among: strange) : []
    }

    /// The same in words; nil for none.
    ///
    /// - Throws: ``EvidenceError`` when a folder can't be listed.
    package func unnamedInWords() throws -> String? { Self.words(ofUnnamed: try unnamed()) }

    /// What is said of such files; nil for none.
    package static func words(ofUnnamed files: [String]) -> String? {
        guard let first = files.first else { return nil }
        return files.count == 1
            ? "no entry of the ledger names \(first)"
            : "no entry of the ledger names \(files.count) files, first \(first)"
    }

    private func strangers(among files: [String]) -> [String] {
        files.filter { !ledger.lists.names($0) && !isGivenUp($0) }
    }

    private func isGivenUp(_ file: String) -> Bool {
        let notes = rare { $0.acknowledged?.files ?? [] }.filter { $0.file.isSameInBytes(as: file) }
        guard !notes.isEmpty, let digest = try? PlainFile.digest("\(path)/\(file)").sha256 else { return false }
        return notes.contains { $0.sha256.isSameInBytes(as: digest) }
    }

    /// How many files that no entry names were given up.
    package var filesGivenUp: Int { rare { $0.acknowledged?.files ?? [] }.count }
}
