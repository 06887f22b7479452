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
            let (step, count) = fusedStep(at: next)
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
    private func fusedStep(at place: Int) -> (step: Step?, count: Int) {
        let rest = Array(steps[place..<min(place + 4, steps.count)])
        switch (rest.first, rest.dropFirst().first, rest.dropFirst(2).first, rest.dropFirst(3).first) {
        case (
            .jumpIfEmpty(let cell, let target), .literal(let before, let beforeCount), .text(let shown),
            .literal(let after, let afterCount)
        ) where format != .csv && shown == cell && target == Int32(place + 4):
            return (
                .wrapped(cell: cell, before: before, beforeCount: beforeCount, after: after, afterCount: afterCount), 4
            )
        case (.cellTimeFollows, .text(let cell), .endCell, _):
            return (.field(cell: cell, isTime: true, endsRecord: false), 3)
        case (.cellTimeFollows, .text(let cell), .endRecord, _):
            return (.field(cell: cell, isTime: true, endsRecord: true), 3)
        case (.text(let cell), .endCell, _, _):
            return (.field(cell: cell, isTime: false, endsRecord: false), 2)
        case (.text(let cell), .endRecord, _, _):
            return (.field(cell: cell, isTime: false, endsRecord: true), 2)
        default:
            return (nil, 1)
        }
    }
}

extension RowProgram.Step {
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
