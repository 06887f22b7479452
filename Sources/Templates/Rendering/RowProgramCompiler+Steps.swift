/// Adding steps to the program.
extension RowProgramCompiler {
    /// Ends the present part of the document; what follows is another.
    mutating func cut() {
        guard !program.steps.isEmpty else { return }
        parts.append(.fixed(program))
        program = RowProgram(format: program.format, shape: program.shape)
        barrier = 0
    }

    @discardableResult
    mutating func add(_ step: RowProgram.Step) -> Int {
        isBehindReturn = false
        program.steps.append(step == .endCell ? endOfCell() : step)
        return program.steps.count - 1
    }

    /// The end of a cell, which takes in a text that stands right before it.
    private mutating func endOfCell() -> RowProgram.Step {
        let last = program.steps[min(barrier, program.steps.count)...].suffix(2)
        guard case .text(let cell)? = last.last else { return .endCell }
        let isTime = last.count == 2 && last.first == .cellTimeFollows
        program.steps.removeLast(isTime ? 2 : 1)
        return .field(cell: cell, isTime: isTime)
    }

    /// Makes one step of a jump over a text and what stands around it.
    private mutating func wrap(_ jump: Int) {
        guard program.steps.count == jump + 4, case .jump(let cell, true, _) = program.steps[jump],
            case .literal(let before, let beforeCount) = program.steps[jump + 1],
            program.steps[jump + 2] == .text(cell: cell),
            case .literal(let after, let afterCount) = program.steps[jump + 3]
        else { return }
        program.steps.removeLast(4)
        program.steps.append(
            .wrapped(cell: cell, before: before, beforeCount: beforeCount, after: after, afterCount: afterCount)
        )
        barrier = program.steps.count
    }

    /// Lets a jump go on behind the last step.
    mutating func land(_ jump: Int) {
        let target = Int32(program.steps.count)
        barrier = program.steps.count
        defer { wrap(jump) }
        program.steps[jump] =
            switch program.steps[jump] {
            case .jump(let cell, let ifEmpty, _): .jump(cell: cell, ifEmpty: ifEmpty, to: target)
            case .jumpOn(let flag, let inList, let ifHolds, _):
                .jumpOn(flag, inList: inList, ifHolds: ifHolds, to: target)
            case .jumpUnlessListEmpty(let list, _): .jumpUnlessListEmpty(list: list, to: target)
            case .beginList(let list, _): .beginList(list: list, end: target)
            case let other: other
            }
    }

    mutating func addBytes(_ bytes: [UInt8]) -> Int32 {
        program.literals += bytes
        return Int32(program.literals.count - bytes.count)
    }

    mutating func addLiteral(_ text: String) {
        addLiteral { literals, _ in literals += text.utf8 }
    }

    /// Adds the bytes that `append` puts behind the literals.
    mutating func addLiteral(_ append: (inout [UInt8], inout EscapingCounts) -> Void) {
        let end = program.literals.count
        append(&program.literals, &program.constantCounts)
        let added = Int32(program.literals.count - end)
        guard added > 0 else { return }
        let isAtEnd = program.steps.count > barrier
        if isAtEnd, case .literal(let start, let count)? = program.steps.last, Int(start + count) == end {
            program.steps[program.steps.count - 1] = .literal(start: start, count: count + added)
        } else {
            add(.literal(start: Int32(end), count: added))
        }
    }

    mutating func addTemplateText(_ text: String) {
        guard program.format == .csv else { return addLiteral(text) }
        var content: [UInt8] = []
        func flush(_ compiler: inout Self) {
            guard !content.isEmpty else { return }
            compiler.add(.cellContent(start: compiler.addBytes(content), count: Int32(content.count)))
            content = []
        }
        for byte in text.utf8 {
            let before = csv
            csv = CSVText.state(after: byte, in: before)
            switch CSVText.meaning(of: byte, in: before) {
            case .quote:
                break
            case .content:
                content.append(byte)
            case .delimiter:
                flush(&self)
                add(.endCell)
            case .lineEnd where byte == UInt8(ascii: "\n") && isBehindReturn:
                break
            case .lineEnd:
                flush(&self)
                add(.endRecord)
            }
            isBehindReturn = byte == UInt8(ascii: "\r") && csv == .cellStart
            isAtRecordStart = csv == .cellStart && byte != UInt8(ascii: ",")
        }
        flush(&self)
    }

    /// A value that is the same in every row.
    mutating func addConstant(_ value: TemplateValue, isBare: Bool) {
        let text: String
        // Numbers and flags of ours need no quotes; a text that looks like one is still a text.
        var isOurs = true
        switch value {
        case .text(let value):
            text = value
            isOurs = false
        case .number(let number):
            if program.format == .csv { add(.cellNumberFollows) }
            text = String(number)
        case .time(let time):
            if program.format == .csv { add(.cellTimeFollows) }
            text = time
            isOurs = false
        case .flag(let flag): text = String(flag)
        case .list(let elements): text = String(elements.count)
        case .texts(let texts, _): text = String(texts.count)
        case .made(let count, _): text = String(count)
        case .object:
            // It has members and no text of its own: an empty one, where JSON needs a value.
            if isBare { addLiteral("\"\"") }
            return
        case .missing: text = ""
        }
        guard !text.isEmpty else {
            if isBare { addLiteral("null") }
            return
        }
        if program.format == .csv {
            let start = program.literals.count
            escaping.append(text, to: &program.literals, counts: &program.constantCounts)
            add(.cellContent(start: Int32(start), count: Int32(program.literals.count - start)))
        } else {
            let rule = isBare && !isOurs ? bareEscaping : escaping
            addLiteral { literals, counts in rule.append(text, to: &literals, counts: &counts) }
        }
    }
}
