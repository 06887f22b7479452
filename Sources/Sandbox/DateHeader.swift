import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Writes another `Date` into answers, or none: the server's framework gives each the true one when nothing else can.
final class DateHeader: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let date: FaultPlan.DateHeader

    init(_ date: FaultPlan.DateHeader) {
        self.date = date
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), date != .off(0) else {
            return context.write(data, promise: promise)
        }
        switch date {
        case .off(let seconds): head.headerFields[.date] = SandboxServer.httpDate(after: Double(seconds))
        case .none: head.headerFields[.date] = nil
        case .garbled: head.headerFields[.date] = "the day after tomorrow"
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
