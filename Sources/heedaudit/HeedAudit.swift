import ArgumentParser
import Configuration
import Logging

@main
struct HeedAudit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "heedaudit")
}
