/// How many line breaks there are, counted without a branch so that many bytes are looked at together.
func lineBreaks(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in bytes { count &+= byte == 10 ? 1 : 0 }
    return count
}
