/// What is known of an element, as bytes to compare with.
final class RowElement: @unchecked Sendable {
    // Sendable: nothing is changed once it is made, and the memory is freed when nobody has the element any more.

    /// What stands before a value, ` name="`, as a part of `text`.
    struct Attribute {
        var start: Int
        var count: Int
        var value: RowSchema.Value
    }

    enum Content {
        case nothing
        case text(RowSchema.Value)
        case sequence([(element: RowElement, repeats: Bool)])
    }

    /// `<element`, behind it what stands before each value, and `</element>`.
    let text: UnsafeMutableBufferPointer<UInt8>
    let startCount: Int
    let endCount: Int
    let attributeCount: Int
    let attributes: UnsafeMutableBufferPointer<Attribute>
    let required: UInt64
    let content: Content

    init?(_ schema: RowSchema) {
        guard schema.attributes.count <= 64 else { return nil }
        var text = [UInt8(ascii: "<")] + schema.element
        startCount = text.count
        let attributes = schema.attributes.map { attribute in
            let before = [UInt8(ascii: " ")] + attribute.name + Array("=\"".utf8)
            text += before
            return Attribute(start: text.count - before.count, count: before.count, value: attribute.value)
        }
        let end = Array("</".utf8) + schema.element + [UInt8(ascii: ">")]
        endCount = end.count
        text += end
        self.text = .allocate(capacity: text.count)
        _ = self.text.initialize(from: text)
        self.attributes = .allocate(capacity: attributes.count)
        _ = self.attributes.initialize(from: attributes)
        attributeCount = attributes.count
        required = schema.attributes.enumerated().reduce(0) { $0 | ($1.element.isRequired ? 1 << $1.offset : 0) }
        switch schema.content {
        case .nothing: content = .nothing
        case .text(let value): content = .text(value)
        case .sequence(let particles):
            let parts = particles.compactMap { part in
                RowElement(part.element).map { (element: $0, repeats: part.repeats) }
            }
            guard parts.count == particles.count else { return nil }
            content = .sequence(parts)
        }
    }

    deinit {
        text.deallocate()
        attributes.deinitialize()
        attributes.deallocate()
    }
}
