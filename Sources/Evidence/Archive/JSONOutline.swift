import CSimdJSON
import Foundation

/// A JSON object as a tree of members that two contents of an event are compared by: values are known by hashes of what they
/// say, and only objects inside of objects are taken apart.
///
/// How deep it goes is up to whoever wrote the line, so nothing here calls itself.
struct JSONOutline {
    /// 128 bits that are equal for values that say the same: texts by their bytes once their escapes are read, numbers by what they
    /// are worth, objects by their members in whatever order, the first of two equal keys.
    typealias Hash = Hash128

    /// What a value is, as far as the comparison asks.
    enum Kind {
        case object, null, emptyText, other
    }

    /// A member of an object.
    struct Member {
        var key: Hash
        var value: Hash
        var kind: Kind
        /// Its place among the members as written.
        var place: Int
        /// Where its own members stand in `members`, by the order of their keys' hashes; empty for what is no object, or stands in
        /// an array.
        var inner: Range<Int>
        /// Where its value stands in the line.
        var text: Range<Int>
    }

    private(set) var members: [Member] = []
    /// The outermost object's members.
    private(set) var outermost = 0..<0

    /// How a text is written where it holds what is no character.
    enum Writing: Int32 {
        /// So that no two become one.
        case exact = 1
        /// With U+FFFD for bytes that are no UTF-8.
        case mended = 2
    }

    /// Lines beyond that are not taken apart: their members would take many times the memory.
    private static let longest = 16 << 20

    /// Outlines a line; nil for one that is no JSON object, or too long.
    init?(_ line: UnsafeBufferPointer<UInt8>, _ writing: Writing) {
        guard line.count <= Self.longest, let start = line.baseAddress,
            let json = heed_json_create(start, line.count)
        else { return nil }
        defer { heed_json_free(json) }
        var builder = Builder(line: line, writing: writing)
        while true {
            var (token, count) = (UnsafePointer<UInt8>?.none, 0)
            let kind = Int(heed_json_next(json, &token, &count))
            guard kind != HEED_JSON_BROKEN, let token else { return nil }
            if kind == HEED_JSON_FINISHED { break }
            builder.take(kind, token - start..<token - start + count)
        }
        guard let whole = builder.whole, whole.kind == .object else { return nil }
        members = builder.members
        outermost = whole.inner
    }

    /// The hash of a key that is known by name.
    static func hash(ofKey name: String) -> Hash { hash(tag: UInt8(ascii: "s"), Array(name.utf8)) }

    /// What the content of a JSON string says.
    static func text(_ content: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: content.count * 3 + 1) { out, count in
            count = heed_json_write(content.baseAddress, content.count, Int32(HEED_WRITING_EXACT), out.baseAddress)
        }
    }

    fileprivate static func hash(tag: UInt8, _ bytes: [UInt8]) -> Hash {
        ([tag] + bytes).withUnsafeBufferPointer { Hash($0) }
    }
}

extension JSONOutline {
    /// Puts tokens together.
    private struct Builder {
        let line: UnsafeBufferPointer<UInt8>
        let writing: Writing
        var members: [Member] = []
        /// Values whose object or array is open.
        var pending: [Member] = []
        /// Where the values of each open object and array begin, and the key that it stands under.
        var open: [(first: Int, key: Hash, begin: Int)] = []
        var openArrays = 0
        var key = Builder.none
        var scratch: [UInt8] = []

        static let none = JSONOutline.hash(tag: 0, [])

        var whole: Member? { pending.count == 1 && open.isEmpty ? pending[0] : nil }

        mutating func take(_ token: Int, _ place: Range<Int>) {
            switch token {
            case HEED_JSON_OBJECT, HEED_JSON_ARRAY:
                open.append((first: pending.count, key: key, begin: place.lowerBound))
                if token == HEED_JSON_ARRAY { openArrays += 1 }
                key = Builder.none
            case HEED_JSON_OBJECT_END: closeObject(place)
            case HEED_JSON_ARRAY_END: closeArray(place)
            case HEED_JSON_KEY: key = text(place)
            case HEED_JSON_TEXT: add(text(place), place.count == 2 ? .emptyText : .other, place)
            case HEED_JSON_NUMBER:
                add(JSONOutline.hash(tag: UInt8(ascii: "n"), DecimalForm(line[place]).bytes), .other, place)
            default:
                let isNull = line[place.lowerBound] == UInt8(ascii: "n")
                add(JSONOutline.hash(tag: UInt8(ascii: "w"), Array(line[place])), isNull ? .null : .other, place)
            }
        }

        private mutating func add(_ value: Hash, _ kind: Kind, _ place: Range<Int>, inner: Range<Int> = 0..<0) {
            pending.append(
                Member(key: key, value: value, kind: kind, place: pending.count, inner: inner, text: place)
            )
        }

        private mutating func closeArray(_ place: Range<Int>) {
            guard let array = open.popLast() else { return }
            openArrays -= 1
            let values = pending[array.first...].map(\.value)
            pending.removeSubrange(array.first...)
            key = array.key
            add(Self.hash(tag: UInt8(ascii: "a"), values), .other, array.begin..<place.upperBound)
        }

        private mutating func closeObject(_ place: Range<Int>) {
            guard let object = open.popLast() else { return }
            var own = pending[object.first...].sorted { $0.key != $1.key ? $0.key < $1.key : $0.place < $1.place }
            pending.removeSubrange(object.first...)
            var kept = 0
            for index in own.indices where index == 0 || own[index].key != own[kept - 1].key {
                own[kept] = own[index]
                kept += 1
            }
            own.removeSubrange(kept...)
            let value = Self.hash(tag: UInt8(ascii: "o"), own.flatMap { [$0.key, $0.value] })
            let first = members.count
            // Inside of arrays nobody asks for members.
            if openArrays == 0 { members += own }
            key = object.key
            add(value, .object, object.begin..<place.upperBound, inner: first..<members.count)
        }

        /// The hash of a text between quotes.
        private mutating func text(_ place: Range<Int>) -> Hash {
            let content = UnsafeBufferPointer(rebasing: line[place.lowerBound + 1..<place.upperBound - 1])
            let room = content.count * 3 + 1
            if scratch.count < room { scratch = [UInt8](repeating: 0, count: room) }
            let writing = writing.rawValue
            return scratch.withUnsafeMutableBufferPointer { out in
                guard let start = out.baseAddress else { return Builder.none }
                out[0] = UInt8(ascii: "s")
                let count = heed_json_write(content.baseAddress, content.count, writing, start + 1)
                return Hash(UnsafeBufferPointer(UnsafeMutableBufferPointer(rebasing: out[...count])))
            }
        }

        private static func hash(tag: UInt8, _ values: [Hash]) -> Hash {
            var bytes = [tag]
            bytes.reserveCapacity(1 + values.count * 16)
            values.withUnsafeBytes { bytes += $0 }
            return bytes.withUnsafeBufferPointer { Hash($0) }
        }
    }
}

/// A JSON number in the one form that all spellings of it share: 1, 1.0 and 10e-1 are the same.
private struct DecimalForm {
    let bytes: [UInt8]

    init(_ token: Slice<UnsafeBufferPointer<UInt8>>) {
        let (minus, point, zero) = (UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0"))
        let parts = token.split(maxSplits: 1) { $0 | 0x20 == UInt8(ascii: "e") }
        let mantissa = (parts.first ?? token).drop { $0 == minus }
        let whole = mantissa.prefix { $0 != point }
        let all = mantissa.filter { $0 != point }
        let digits = all.drop { $0 == zero }
        let significant = digits.count - digits.reversed().prefix { $0 == zero }.count
        guard significant > 0 else {
            bytes = [zero]
            return
        }
        // An exponent of more digits stays as it is written.
        let exponent = String(decoding: parts.dropFirst().first ?? token.prefix(0), as: UTF8.self)
        guard let power = exponent.isEmpty ? 0 : Int(exponent), power.magnitude < 1 << 50 else {
            bytes = Array(token)
            return
        }
        let place = whole.count - (all.count - digits.count) + power
        bytes = (token.first == minus ? [minus] : []) + digits.prefix(significant) + Array("e\(place)".utf8)
    }
}
