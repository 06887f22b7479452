/// A compressed body that is small on the wire and large in memory, made without a compressor.
enum Deflated {
    /// So many MiB of spaces, as zlib (RFC 1950) with one DEFLATE block (RFC 1951) of fixed codes.
    static func blanks(mebibytes: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.bytes = [0x78, 0x9c]
        bits.write(1, count: 1)
        bits.write(1, count: 2)
        let total = mebibytes << 20
        // One literal blank, then copies of 258 bytes from one byte back: length code 285, distance code 0.
        bits.writeCode(0x30 + 32, count: 8)
        var written = 1
        while written + 258 <= total {
            bits.writeCode(0b1100_0101, count: 8)
            bits.writeCode(0, count: 5)
            written += 258
        }
        while written < total {
            bits.writeCode(0x30 + 32, count: 8)
            written += 1
        }
        bits.writeCode(0, count: 7)
        bits.finish()
        let sum = adler32(ofBlanks: total)
        bits.bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
        return bits.bytes
    }

    private static func adler32(ofBlanks count: Int) -> UInt32 {
        let modulus = 65_521
        let low = (1 + 32 * (count % modulus)) % modulus
        let pairs =
            count.isMultiple(of: 2)
            ? (count / 2 % modulus) * ((count + 1) % modulus) : ((count + 1) / 2 % modulus) * (count % modulus)
        let high = (count % modulus + 32 * (pairs % modulus)) % modulus
        return UInt32(high) << 16 | UInt32(low)
    }

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var pending: UInt32 = 0
        private var held = 0

        /// Least significant bit first.
        mutating func write(_ value: UInt32, count: Int) {
            pending |= value << UInt32(held)
            held += count
            while held >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                held -= 8
            }
        }

        /// A Huffman code: most significant bit first.
        mutating func writeCode(_ code: UInt32, count: Int) {
            for bit in (0..<count).reversed() { write(code >> UInt32(bit) & 1, count: 1) }
        }

        mutating func finish() {
            if held > 0 { write(0, count: 8 - held) }
        }
    }
}
