/// How strong numbers of events are shown: 0 for none, 1 to 5 for more.
///
/// The classes are whole numbers, so that a legend can name them. Few events are never shown as many: the darkest
/// shade needs a number that is far from the least, and numbers that are about equal are all of the middle shade.
struct HeatScale {
    /// A shade, and the numbers that it stands for.
    struct Class: Hashable {
        var level: Int
        var least: Int
        var most: Int
    }

    /// From the fewest to the most events; empty where there is none.
    let classes: [Class]

    private static let middle = 3

    /// A scale for numbers of which those that are zero don't count.
    init(_ counts: some Sequence<Int>) {
        let counts = counts.filter { $0 > 0 }
        guard let least = counts.min(), let most = counts.max() else {
            classes = []
            return
        }
        // A fifth more or less is no difference that a colour should tell.
        if least >= most - most / 5 {
            classes = [Class(level: Self.middle, least: least, most: most)]
        } else if most < 5 {
            // Two numbers are the second and the fourth shade, three the second to the fourth, four the second to the fifth.
            let levels = most == 2 ? [2, 4] : Array(2...most + 1)
            classes = levels.enumerated().map { Class(level: $1, least: $0 + 1, most: $0 + 1) }
        } else {
            // Steps that grow: the few and the very few are apart as well as the many and the very many.
            let ends = (1...5).map { step in
                let fiftieths = 5 * step + step * step
                return max(step, most / 50 * fiftieths + most % 50 * fiftieths / 50)
            }
            classes = ends.enumerated().map {
                Class(level: $0 + 1, least: $0 == 0 ? 1 : ends[$0 - 1] + 1, most: $1)
            }
        }
    }

    /// The shade of a number.
    func level(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        return classes.first { count <= $0.most }?.level ?? classes.last?.level ?? 0
    }
}
