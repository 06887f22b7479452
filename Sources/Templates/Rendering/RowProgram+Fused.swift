extension RowProgram {
    /// The same program with fewer steps: those that mostly follow one another are made one.
    func fused() -> RowProgram {
        var fused = self
        fused.steps = []
        /// Where each step is now.
        var places = [Int32](repeating: 0, count: steps.count + 1)
        let targets = Set(steps.compactMap(\.target))
        var next = 0
        while next < steps.count {
            places[next] = Int32(fused.steps.count)
            let (step, count) = fusedStep(at: next, targets)
            // Nobody may come in between.
            if let step, !(1..<count).contains(where: { targets.contains(Int32(next + $0)) }) {
                fused.steps.append(step)
                next += count
            } else {
                fused.steps.append(steps[next])
                next += 1
            }
        }
        places[steps.count] = Int32(fused.steps.count)
        fused.steps = fused.steps.map { $0.going { places[Int($0)] } }
        return fused
    }

    /// One step that stands for some, and for how many; nil where there is none.
    private func fusedStep(at place: Int, _ targets: Set<Int32>) -> (step: Step?, count: Int) {
        if format == .csv { return fields(at: place, targets) }
        let rest = Array(steps[place..<min(place + 4, steps.count)])
        guard rest.count == 4, case .jumpIfEmpty(let cell, let target) = rest[0],
            case .literal(let before, let beforeCount) = rest[1], rest[2] == .text(cell: cell),
            case .literal(let after, let afterCount) = rest[3], target == Int32(place + 4)
        else { return (nil, 1) }
        let step = Step.wrapped(
            cell: cell,
            before: before,
            beforeCount: beforeCount,
            after: after,
            afterCount: afterCount
        )
        return (step, 4)
    }

    /// The longest run of cells from a step on that follow one another and hold a column each.
    private func fields(at place: Int, _ targets: Set<Int32>) -> (step: Step?, count: Int) {
        var (next, cells, endsRecord) = (place, 0, false)
        var first: Int32?
        while !endsRecord, next < steps.count, next == place || !targets.contains(Int32(next)) {
            let start = steps[next] == .cellTimeFollows ? next + 1 : next
            guard start + 1 < steps.count, let (cell, isNumber) = steps[start].shownCell,
                isNumber == shape.isNumber(Int(cell)), cell == first.map({ $0 + Int32(cells) }) ?? cell,
                [.endCell, .endRecord].contains(steps[start + 1]),
                shape.isTime(Int(cell)) == (start > next)
            else { break }
            first = first ?? cell
            cells += 1
            endsRecord = steps[start + 1] == .endRecord
            next = start + 2
        }
        guard let first else { return (nil, 1) }
        return (.fields(first: first, count: Int32(cells), endsRecord: endsRecord), next - place)
    }
}

extension RowProgram.Step {
    /// The cell whose text or number the step writes.
    fileprivate var shownCell: (cell: Int32, isNumber: Bool)? {
        switch self {
        case .text(let cell): (cell, false)
        case .number(let cell): (cell, true)
        default: nil
        }
    }

    /// The step that this one may go on with instead of the next.
    fileprivate var target: Int32? {
        switch self {
        case .jumpIfEmpty(_, let target), .jumpUnlessEmpty(_, let target), .jumpUnless(_, _, let target),
            .jumpIf(_, _, let target), .jumpUnlessListEmpty(_, let target), .beginList(_, let target),
            .nextElement(let target):
            target
        default: nil
        }
    }

    /// The same step where all steps have other places.
    fileprivate func going(_ place: (Int32) -> Int32) -> Self {
        switch self {
        case .jumpIfEmpty(let cell, let target): .jumpIfEmpty(cell: cell, to: place(target))
        case .jumpUnlessEmpty(let cell, let target): .jumpUnlessEmpty(cell: cell, to: place(target))
        case .jumpUnless(let flag, let inList, let target): .jumpUnless(flag, inList: inList, to: place(target))
        case .jumpIf(let flag, let inList, let target): .jumpIf(flag, inList: inList, to: place(target))
        case .jumpUnlessListEmpty(let list, let target): .jumpUnlessListEmpty(list: list, to: place(target))
        case .beginList(let list, let end): .beginList(list: list, end: place(end))
        case .nextElement(let start): .nextElement(start: place(start))
        default: self
        }
    }
}
