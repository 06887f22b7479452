import CLibCurl
import Foundation
import Synchronization

/// Moves any number of transfers on one thread of its own, which does nothing else: what libcurl waits for blocks nobody.
final class TransferLoop: Sendable {
    /// What is to be sent.
    struct Request: Sendable {
        var method: String
        var url: String
        var headers: [String]
        var body: [UInt8]?
        /// The longest body that is taken.
        var limit: Int
        /// Sets what all transfers have in common.
        var prepare: @Sendable (UnsafeMutableRawPointer) -> Void
    }

    /// How a transfer ended.
    struct Outcome: Sendable {
        /// libcurl's code; `CURLE_ABORTED_BY_CALLBACK` for one that was cancelled.
        var code: CURLcode
        /// libcurl's words for it, empty where it has none.
        var message = ""
        var status = 0
        /// The proxy's status where it was asked for a tunnel, else 0.
        var proxyStatus = 0
        /// Whether it ended while TLS with the proxy itself was made.
        var isAtProxy = false
        /// By name in small letters; of several alike the first.
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// Whether the body was longer than the limit, and was not read on.
        var isTooLarge = false
        /// The bound that the headers went over, in KiB, where they did, and were not read on.
        var headerLimit: Int?
        /// The system's reason why there is no connection, else 0.
        var systemError = 0
    }

    private typealias Completion = CheckedContinuation<Outcome, Never>

    private struct State: Sendable {
        var waiting: [(id: UInt64, request: Request, completion: Completion)] = []
        var cancelled: Set<UInt64> = []
        var nextID: UInt64 = 0
        var isRunning = false
        var isClosed = false
        var onEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// Sendable: all but `curl_multi_wakeup`, which any thread may call, is called by the loop's thread.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

    /// `connections`: how many there are to one host at most.
    init(connections: Int) throws {
        _ = Self.library
        guard let multi = curl_multi_init() else {
            throw ServiceError(.unavailable, "no memory for a connection", hint: "free some and run again")
        }
        self.multi = multi
        heed_curl_multi_set_number(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        heed_curl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, connections)
    }

    /// libcurl's own state, once a process.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    deinit { curl_multi_cleanup(multi) }

    /// Sends a request and waits for the whole answer; a task that is cancelled ends it at once.
    func perform(_ request: Request) async -> Outcome {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { completion in
                let (starts, isClosed) = state.withLock { state in
                    guard !state.isClosed, !state.cancelled.contains(id) else { return (false, true) }
                    state.waiting.append((id, request, completion))
                    defer { state.isRunning = true }
                    return (!state.isRunning, false)
                }
                if isClosed { return completion.resume(returning: Outcome(code: CURLE_ABORTED_BY_CALLBACK)) }
                if starts { Thread.detachNewThread { [self] in run() } }
                curl_multi_wakeup(multi)
            }
        } onCancel: {
            state.withLock { _ = $0.cancelled.insert(id) }
            curl_multi_wakeup(multi)
        }
    }

    /// Ends every transfer and the thread.
    func close() async {
        await withCheckedContinuation { ended in
            let isRunning = state.withLock { state in
                state.isClosed = true
                if state.isRunning { state.onEnd.append(ended) }
                return state.isRunning
            }
            if !isRunning { ended.resume() }
            curl_multi_wakeup(multi)
        }
    }

    // MARK: The thread

    private func run() {
        var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
        while true {
            let (waiting, cancelled, isClosed) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.cancelled, state.isClosed)
            }
            for item in waiting { begin(Transfer(item.id, item.request, item.completion), &transfers) }
            for (handle, transfer) in transfers where isClosed || cancelled.contains(transfer.id) {
                end(handle, CURLE_ABORTED_BY_CALLBACK, &transfers)
            }
            if isClosed { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            endFinished(&transfers)
            curl_multi_poll(multi, nil, 0, 1_000, nil)
        }
        let onEnd = state.withLock { state in
            state.isRunning = false
            return state.onEnd
        }
        for ended in onEnd { ended.resume() }
    }

    private func begin(_ transfer: Transfer, _ transfers: inout [UnsafeMutableRawPointer: Transfer]) {
        guard let handle = transfer.makeHandle() else { return transfer.finish(CURLE_OUT_OF_MEMORY, nil) }
        transfers[handle] = transfer
        if curl_multi_add_handle(multi, handle) != CURLM_OK { end(handle, CURLE_FAILED_INIT, &transfers) }
    }

    private func endFinished(_ transfers: inout [UnsafeMutableRawPointer: Transfer]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            var code = CURLE_OK
            if let handle = heed_curl_done(message, &code) { end(handle, code, &transfers) }
        }
    }

    private func end(
        _ handle: UnsafeMutableRawPointer,
        _ code: CURLcode,
        _ transfers: inout [UnsafeMutableRawPointer: Transfer]
    ) {
        guard let transfer = transfers.removeValue(forKey: handle) else { return }
        curl_multi_remove_handle(multi, handle)
        transfer.finish(code, handle)
        curl_easy_cleanup(handle)
    }
}

/// One transfer while it is under way; the loop's thread alone has it.
private final class Transfer {
    let id: UInt64
    private let request: TransferLoop.Request
    private let completion: CheckedContinuation<TransferLoop.Outcome, Never>
    private var outcome = TransferLoop.Outcome(code: CURLE_OK)
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Header lines longer in all are cut off: whoever sends so many means nothing good.
    private static let mostHeaderBytes = 1 << 18
    /// libcurl takes no line longer than this.
    private static let mostLineBytes = 100 << 10
    private var headerBytes = 0
    private var isInHeaders = false

    init(
        _ id: UInt64,
        _ request: TransferLoop.Request,
        _ completion: CheckedContinuation<TransferLoop.Outcome, Never>
    ) {
        self.id = id
        self.request = request
        self.completion = completion
        words[0] = 0
    }

    deinit {
        words.deallocate()
        curl_slist_free_all(headerList)
    }

    /// A handle that is ready to go; nil when memory is short.
    func makeHandle() -> UnsafeMutableRawPointer? {
        guard let handle = curl_easy_init() else { return nil }
        for header in request.headers { headerList = curl_slist_append(headerList, header) }
        heed_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
        heed_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
        heed_curl_set_text(handle, CURLOPT_URL, request.url)
        request.prepare(handle)
        if let body = request.body {
            heed_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = body.withUnsafeBytes { bytes in
                heed_curl_set_pointer(
                    handle,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
            }
        }
        heed_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
        let context = Unmanaged.passUnretained(self).toOpaque()
        heed_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        heed_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        heed_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        heed_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.of(context)?.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        return handle
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Takes a part of the body; another number than was given ends the transfer.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard outcome.body.count + bytes.count <= request.limit else {
            outcome.isTooLarge = true
            return 0
        }
        outcome.body.append(contentsOf: bytes)
        return bytes.count
    }

    private func receive(header bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.mostHeaderBytes else {
            outcome.headerLimit = Self.mostHeaderBytes >> 10
            return 0
        }
        // An empty line ends them.
        isInHeaders = bytes.contains { $0 != 13 && $0 != 10 }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // The last of several answers counts: one of 100 to 199 comes before it.
            outcome.headers = [:]
        } else if let colon = line.firstIndex(of: ":") {
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
            if outcome.headers[name] == nil { outcome.headers[name] = value }
        }
        return bytes.count
    }

    func finish(_ code: CURLcode, _ handle: UnsafeMutableRawPointer?) {
        outcome.code = code
        outcome.message = String(cString: words)
        // To libcurl a line that is too long is a buffer that can't grow; others tell it in words.
        if isInHeaders, code == CURLE_OUT_OF_MEMORY || outcome.message.contains("Too large response headers") {
            outcome.headerLimit = Self.mostLineBytes >> 10
        }
        if let handle {
            outcome.status = heed_curl_number(handle, CURLINFO_RESPONSE_CODE)
            outcome.proxyStatus = heed_curl_number(handle, CURLINFO_HTTP_CONNECTCODE)
            // 0 as well where no proxy was spoken to by TLS.
            outcome.isAtProxy = heed_curl_number(handle, CURLINFO_PROXY_SSL_VERIFYRESULT) != 0
            outcome.systemError = heed_curl_number(handle, CURLINFO_OS_ERRNO)
        }
        completion.resume(returning: outcome)
    }
}
