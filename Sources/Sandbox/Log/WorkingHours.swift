/// When people work: mostly on weekdays by day, hardly at night and at weekends, and more from month to month.
enum WorkingHours {
    /// So many times in order over the 18 months before `until`, seconds since 1970.
    static func times(_ count: Int, until: Int64, _ random: inout SeededRandom) -> [Int64] {
        let hours = 540 * 24
        let begin = until - Int64(hours) * 3600
        var weights: [Double] = []
        var total = 0.0
        for hour in 0..<hours {
            let at = begin + Int64(hour) * 3600
            let weekday = ((at / 86_400) + 3) % 7
            let ofDay = (at / 3600) % 24
            let isWork = weekday < 5 && ofDay >= 7 && ofDay < 18
            let growth = 0.6 + 0.8 * Double(hour) / Double(hours)
            total += (isWork ? 1 : 0.03) * growth
            weights.append(total)
        }
        var times: [Int64] = []
        times.reserveCapacity(count)
        var hour = 0
        for index in 0..<count {
            let target = (Double(index) + random.unit()) / Double(count) * total
            while hour < hours - 1, weights[hour] < target { hour += 1 }
            let before = hour == 0 ? 0 : weights[hour - 1]
            let share = max(0, min(0.999, (target - before) / (weights[hour] - before)))
            let at = begin + Int64(hour) * 3600 + Int64(share * 3600)
            times.append(max(at, times.last ?? at))
        }
        return times
    }
}
