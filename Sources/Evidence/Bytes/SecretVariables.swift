import Foundation

/// The variable of the environment that holds a secret, and what a program that is started may know of the environment.
package enum SecretVariables {
    /// The variable that holds the token.
    package static let token = "CLOUDHEED_TOKEN"

    /// The variables without those that hold secrets: what another program is started with.
    static func without(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String: String] { environment.filter { $0.key != token } }
}
