/// Digests of the other contents that are archived: each stands in `variants` once, however often it is served.
///
/// A line holds its id, so the digest of the line tells the event, too.
struct RecordedVariants {
    private var digests: Set<String> = []
    private var named: Set<String> = []

    init() {}

    init(_ archive: Archive) throws {
        let odd = archive.rare { $0.anomalies.isEmpty ? [] : [$0] }
        for entry in odd {
            for anomaly in entry.anomalies {
                guard let variant = anomaly.variant else { continue }
                digests.insert(variant)
                named.insert(Self.name(variant, anomaly.kind, entry.kind))
            }
        }
        // Extended events are only counted in the ledger: their digests are those of the lines archived.
        for entry in odd where entry.anomalies.contains(where: { $0.kind == "extended" }) {
            for file in entry.variants {
                let lines = try Files.readIfPresent(archive.path + "/" + file.file) ?? []
                guard Digest.sha256(lines).isSameInBytes(as: file.sha256) else {
                    throw EvidenceError.changed(archive.path + "/" + file.file)
                }
                for line in lines.split(separator: 10) { digests.insert(Digest.sha256(line)) }
            }
        }
    }

    private static func name(_ digest: String, _ kind: String, _ origin: LedgerEntry.Kind) -> String {
        "\(origin.rawValue) \(kind) \(digest)"
    }

    /// Whether a content was not told of before: what an import brought does not hush the alarm of a pull.
    ///
    /// `kind`: nil for what is only counted.
    mutating func isNews(_ digest: String, _ kind: String?, from origin: LedgerEntry.Kind) -> Bool {
        guard let kind else { return !digests.contains(digest) }
        return named.insert(Self.name(digest, kind, origin)).inserted
    }

    /// - Returns: false when it is archived already.
    mutating func insert(_ digest: String) -> Bool { digests.insert(digest).inserted }
}
