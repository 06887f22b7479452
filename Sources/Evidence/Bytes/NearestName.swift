extension String {
    /// The name with the fewest letters to change, and how many that are; of names that are equally near the first in order,
    /// nil without any.
    package func nearest(among names: some Sequence<String>) -> (name: String, distance: Int)? {
        names.map { (name: $0, distance: editDistance(self, $0)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    }
}

/// Levenshtein's distance between two short words; of longer texts, which nobody mistypes for each other, the length.
private func editDistance(_ left: String, _ right: String) -> Int {
    let longest = max(left.utf8.count, right.utf8.count)
    if longest > 256 { return longest }
    let target = Array(right)
    var previous = Array(0...target.count)
    for (row, character) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in target.enumerated() {
            let substitution = previous[column] + (character == other ? 0 : 1)
            current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[target.count]
}
