import Analysis
import Evidence

/// What rows of events tell besides the fields received, for pivot tables.
///
/// Who, in one column, and month, weekday and hour where the report's days begin.
final class EventMoments {
    /// The columns, which follow those of the fields.
    static let columns: [RowProgram.Shape.Column] = [
        .init(name: "actor", isNumber: false), .init(name: "month", isNumber: false, isTime: true),
        .init(name: "weekday", isNumber: false), .init(name: "hour", isNumber: true),
    ]

    /// Monday first; the number sorts them, whatever the language of the program.
    private static let weekdays: [StaticString] = ["1 Mon", "2 Tue", "3 Wed", "4 Thu", "5 Fri", "6 Sat", "7 Sun"]

    private var zone: CalendarZone
    private let month: UnsafeMutableBufferPointer<UInt8>
    /// The day that month and weekday are of.
    private var day: Int64?
    private var weekday = TextView(start: nil, count: 0)

    init(zone: CalendarZone) {
        self.zone = zone
        month = .allocate(capacity: "0000-00".utf8.count)
        month.initialize(repeating: UInt8(ascii: "0"))
    }

    deinit { month.deallocate() }

    /// Fills the cells of an event; the texts live until the next one's are filled, or as long as the event.
    func fill(_ cells: UnsafeMutableBufferPointer<RowCell>, _ event: borrowing EventView) {
        let first = EventField.count
        cells[first].text = event.actorEmail.isEmpty ? event.actorID : event.actorEmail
        guard !event.isUndated else {
            let none = TextView(start: nil, count: 0)
            cells[first + 1].text = none
            cells[first + 2].text = none
            cells[first + 3].number = 0
            return
        }
        let seconds = event.instant.seconds
        let local = seconds + zone.offset(at: seconds)
        let today = floorDivide(local, Self.secondsOfDay)
        if day != today { note(today) }
        cells[first + 1].text = TextView(start: UnsafePointer(month.baseAddress), count: month.count)
        cells[first + 2].text = weekday
        cells[first + 3].number = floorModulo(local, Self.secondsOfDay) / 3600
    }

    private func note(_ today: Int64) {
        day = today
        let date = CivilDate(daysSince1970: today)
        var year = date.year
        for place in stride(from: 3, through: 0, by: -1) {
            month[place] = UInt8(ascii: "0") + UInt8(floorModulo(year, 10))
            year = floorDivide(year, 10)
        }
        month[4] = UInt8(ascii: "-")
        month[5] = UInt8(ascii: "0") + UInt8(date.month / 10)
        month[6] = UInt8(ascii: "0") + UInt8(date.month % 10)
        // 1970-01-01 was a Thursday.
        let name = Self.weekdays[Int(floorModulo(today + 3, 7))]
        weekday = TextView(start: name.utf8Start, count: name.utf8CodeUnitCount)
    }

    private static let secondsOfDay: Int64 = 86_400
}
