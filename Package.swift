// swift-tools-version: 6.2
import PackageDescription

// What --version says that the tool was built from: a plain word, because it becomes part of a C text.
let commit = Context.environment["HEEDAUDIT_COMMIT"] ?? ""
let isPlain =
    !commit.isEmpty && commit.utf8.count <= 80
    && commit.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }

let package = Package(
    name: "heedaudit",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "heedaudit", targets: ["heedaudit"])
    ],
    dependencies: [
        // The command line: parsing, help texts, exit with usage errors.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // Tests only: an independent engine for Mustache, which must render the same bytes as ours.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        // Logs on standard error, as text or JSON lines.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        // The catalogue of controls and the configuration file: YAML with the line of every key, lists of mappings included.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .executableTarget(
            name: "heedaudit",
            dependencies: [
                "CloudHeed", "Evidence", "Analysis", "Templates", "Reporting", "Publishing", "Auditing", "Sandbox",
                "CBytes", "CRelease", "CZLib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "CloudHeed",
            dependencies: ["CBytes", "CLibCurl", "CSimdJSON", "CZLib", .product(name: "Logging", package: "swift-log")]
        ),
        .target(name: "Evidence", dependencies: ["CBytes", "CLibCrypto", "CSimdJSON"]),
        .target(
            name: "Analysis",
            dependencies: [
                "Evidence", "CBytes", "CControls", "CLibXML2", "CTemplates", "CZLib",
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "Templates",
            dependencies: [
                "Evidence", "Analysis", "CBytes", "CLibXML2", "CTemplates", "CXLSXWriter",
            ]
        ),
        .target(name: "Reporting", dependencies: ["Templates", "Analysis", "Evidence", "CBytes"]),
        .target(
            name: "Publishing",
            dependencies: ["Reporting", "Templates", "Analysis", "Evidence", "CBytes"]
        ),
        .target(
            name: "Auditing",
            dependencies: ["CloudHeed", "Evidence", "Analysis", "Templates", "Reporting", "Publishing", "CBytes"]
        ),
        .target(name: "Sandbox", dependencies: ["CSimdJSON", "CZLib"]),
        .target(name: "CBytes"),
        // By itself, and needed by the program alone: another commit compiles one file of C and no room but the uppermost.
        .target(name: "CRelease", cSettings: isPlain ? [.define("HEEDAUDIT_COMMIT", to: "\"\(commit)\"")] : []),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZLib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CTemplates", exclude: ["templates"], cSettings: [.unsafeFlags(["-std=c23"])]),
        .target(name: "CControls", exclude: ["controls.yaml"], cSettings: [.unsafeFlags(["-std=c23"])]),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "CloudHeedTests", dependencies: ["CloudHeed", "TestSupport"]),
        .testTarget(name: "EvidenceTests", dependencies: ["Evidence", "TestSupport"]),
        .testTarget(name: "AnalysisTests", dependencies: ["Analysis", "Evidence", "TestSupport"]),
        .target(
            name: "ReportSupport",
            dependencies: ["Publishing", "Reporting", "Templates", "Analysis", "Evidence", "TestSupport"],
            path: "Tests/ReportSupport"
        ),
        .testTarget(
            name: "TemplatesTests",
            dependencies: [
                "ReportSupport", "Publishing", "Reporting", "Templates", "Analysis", "Evidence", "CBytes", "CLibXML2",
                "TestSupport", .product(name: "Mustache", package: "swift-mustache"),
            ]
        ),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "ReportSupport", "Publishing", "Reporting", "Templates", "Analysis", "Evidence", "TestSupport",
            ]
        ),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "ReportSupport", "Publishing", "Reporting", "Templates", "Analysis", "Evidence", "TestSupport",
            ],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "AuditingTests",
            dependencies: [
                "Auditing", "Publishing", "Reporting", "Templates", "Analysis", "Evidence", "CloudHeed", "Sandbox",
                "TestSupport", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "heedauditTests",
            dependencies: [
                "heedaudit", "Auditing", "Templates", "Analysis", "Evidence", "CloudHeed", "TestSupport",
            ]
        ),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "CloudHeed", "TestSupport"]),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: ["heedaudit", "Evidence", "TestSupport"],
            exclude: ["Oracle", "Servers"]
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
// https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
for target in package.targets where target.type != .system && !target.name.hasPrefix("C") || target.name == "CloudHeed"
{
    target.swiftSettings = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
}
