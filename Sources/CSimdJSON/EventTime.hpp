// Times of events: as received, and as instants.
#ifndef HEEDAUDIT_EVENTTIME_HPP
#define HEEDAUDIT_EVENTTIME_HPP

#include "CSimdJSON.h"
#include "Decimal.hpp"
#include "JSONText.hpp"
#include "TextStore.hpp"

#include <cstring>

namespace heed {

inline bool two_digits(const uint8_t *bytes, int &value) {
    if (bytes[0] < '0' || bytes[0] > '9' || bytes[1] < '0' || bytes[1] > '9') return false;
    value = (bytes[0] - '0') * 10 + (bytes[1] - '0');
    return true;
}

// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant's days_from_civil), and the other way round.
inline int64_t days_from_civil(heed_date date) {
    int64_t year = date.year - (date.month <= 2), month = date.month, day = date.day;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

inline heed_date civil_from_days(int64_t days) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int32_t day = int32_t(day_of_year - (153 * shifted + 2) / 5 + 1);
    int32_t month = int32_t(shifted < 10 ? shifted + 3 : shifted - 9);
    return heed_date{year_of_era + era * 400 + (month <= 2), month, day};
}

inline int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

inline void put_digits(uint8_t *out, int64_t value, int count) {
    for (int i = count - 1; i >= 0; i--) { out[i] = uint8_t('0' + value % 10); value /= 10; }
}

// A date that exists, as text, and when it begins in seconds since 1970. Events come in order, and most have the date of the
// one before.
struct Day {
    uint8_t text[10] = {'1', '9', '7', '0', '-', '0', '1', '-', '0', '1'};
    int64_t seconds = 0;
};

// Reads a date; one that does not exist leaves `day` as it was.
inline bool read_day(const uint8_t *bytes, Day &day) {
    int century, low, month, of_month;
    if (!two_digits(bytes, century) || !two_digits(bytes + 2, low) || bytes[4] != '-' || !two_digits(bytes + 5, month)
        || bytes[7] != '-' || !two_digits(bytes + 8, of_month))
        return false;
    int year = century * 100 + low;
    if (month < 1 || month > 12 || of_month < 1 || of_month > days_in_month(year, month)) return false;
    memcpy(day.text, bytes, sizeof day.text);
    day.seconds = days_from_civil(heed_date{year, month, of_month}) * 86400;
    return true;
}

// An instant, and how it was written.
struct Time {
    int64_t seconds = 0;
    uint32_t nanoseconds = 0;
    // Digits of fraction received, nine at most.
    uint8_t digits = 0;
    // Whether the text received is the one that we print.
    bool is_printed = false;
};

// The years 0 to 9999: what a time is printed with has four digits.
const int64_t first_second = -62167219200, last_second = 253402300799;

// Digits of fraction at `at`, any number of them; what is behind the ninth is cut off. False without one.
inline bool read_fraction(const uint8_t *&at, const uint8_t *end, Time &time, bool &is_cut) {
    const uint8_t *begin = at;
    while (at < end && is_digit(*at)) {
        if (time.digits < 9) { time.nanoseconds = time.nanoseconds * 10 + (*at - '0'); time.digits++; }
        at++;
    }
    is_cut = at - begin > 9;
    for (int i = time.digits; i < 9; i++) time.nanoseconds *= 10;
    return at > begin;
}

// Reads the distance from UTC in seconds: Z, z, +hh:mm, +hhmm or +hh up to `end`.
inline bool read_offset(const uint8_t *at, const uint8_t *end, int64_t &offset) {
    size_t count = size_t(end - at);
    offset = 0;
    if (count == 1) return *at == 'Z' || *at == 'z';
    int hours, minutes = 0;
    if ((count != 3 && count != 5 && count != 6) || (*at != '+' && *at != '-') || !two_digits(at + 1, hours)) return false;
    if (count == 6 && at[3] != ':') return false;
    if (count > 3 && !two_digits(end - 2, minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    offset = (hours * 60 + minutes) * 60 * (*at == '-' ? -1 : 1);
    return true;
}

// Reads RFC 3339 in every form that is in use: T, t or a blank between date and time, a point or a comma before any number of
// digits, and the offsets above. `latest` is the date of the time read before, and of this one afterwards. A leap second
// (:60) is the first instant of the next minute.
inline bool read_time(const uint8_t *b, size_t count, Day &latest, Time &time) {
    if (count < 20) return false;
    int hour, minute, second;
    if (memcmp(b, latest.text, sizeof latest.text) != 0 && !read_day(b, latest)) return false;
    if ((b[10] != 'T' && b[10] != 't' && b[10] != ' ') || !two_digits(b + 11, hour) || b[13] != ':'
        || !two_digits(b + 14, minute) || b[16] != ':' || !two_digits(b + 17, second))
        return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    const uint8_t *at = b + 19, *end = b + count;
    bool has_comma = *at == ',', is_cut = false;
    if (*at == '.' || has_comma) if (!read_fraction(++at, end, time, is_cut)) return false;
    int64_t offset;
    if (at == end || !read_offset(at, end, offset)) return false;
    time.seconds = latest.seconds + hour * 3600 + minute * 60 + second - offset;
    time.is_printed = *at == 'Z' && b[10] == 'T' && second < 60 && !is_cut && !has_comma;
    return time.seconds >= first_second && time.seconds <= last_second;
}

// Reads a JSON number as seconds of the epoch, or as milliseconds from 10^11 on.
inline bool read_epoch(const uint8_t *bytes, size_t count, Time &time) {
    JSONReader reader(bytes, bytes + count);
    if (reader.next() != JSONReader::number || reader.next() != JSONReader::finished) return false;
    Decimal number(bytes, bytes + count);
    const int64_t least_milliseconds = 100000000000;
    // More digits before the point are beyond every year.
    if (!number.is_zero() && number.point > 15) return false;
    const uint8_t *at = number.digits;
    auto next_digit = [&]() -> int64_t {
        if (at < number.end && *at == '.') at++;
        return at < number.end ? *at++ - '0' : 0;
    };
    int64_t whole = 0, scale = 1;
    for (int64_t place = 0; !number.is_zero() && place < number.point; place++) whole = whole * 10 + next_digit();
    int64_t behind = number.behind(), rest = 0;
    if (whole >= least_milliseconds && !number.is_negative) {
        rest = whole % 1000;
        whole /= 1000;
        behind = number.count > number.point - 3 ? number.count - (number.point - 3) : 0;
        scale = 1000;
    }
    time.digits = uint8_t(behind < 9 ? behind : 9);
    // Zeros between the point and the first digit.
    int64_t gap = number.is_zero() || number.point >= 0 ? 0 : -number.point;
    uint64_t nanoseconds = uint64_t(rest);
    for (int place = scale == 1000 ? 3 : 0; place < 9; place++) {
        nanoseconds *= 10;
        if (gap > 0) gap--;
        else nanoseconds += uint64_t(next_digit());
    }
    time.seconds = whole;
    time.nanoseconds = uint32_t(nanoseconds);
    if (number.is_negative) {
        time.seconds = -whole - (nanoseconds > 0 ? 1 : 0);
        time.nanoseconds = nanoseconds > 0 ? uint32_t(1000000000 - nanoseconds) : 0;
    }
    return time.seconds >= first_second && time.seconds <= last_second;
}

// Writes a time in UTC with the digits of fraction received.
inline heed_text print_time(TextStore &store, const Time &time) {
    int64_t day_number = time.seconds >= 0 ? time.seconds / 86400 : -((-time.seconds + 86399) / 86400);
    int64_t of_day = time.seconds - day_number * 86400;
    heed_date date = civil_from_days(day_number);
    uint8_t *out = store.reserve(40);
    memcpy(out, "0000-00-00T00:00:00", 19);
    put_digits(out, date.year, 4); put_digits(out + 5, date.month, 2); put_digits(out + 8, date.day, 2);
    put_digits(out + 11, of_day / 3600, 2); put_digits(out + 14, of_day / 60 % 60, 2); put_digits(out + 17, of_day % 60, 2);
    size_t length = 19;
    if (time.digits > 0) {
        out[length++] = '.';
        uint32_t fraction = time.nanoseconds;
        for (int i = time.digits; i < 9; i++) fraction /= 10;
        put_digits(out + length, fraction, time.digits);
        length += size_t(time.digits);
    }
    out[length++] = 'Z';
    store.commit(length);
    return heed_text{out, uint32_t(length), 0};
}

// Takes the time of an event as received; one that is no time leaves the event undated.
inline void set_time(TextStore &store, Day &latest, heed_text received, heed_event &event) {
    Time time;
    bool is_read = received.suffix > 0
        ? received.bytes[received.count + 1] == kind_token && read_epoch(received.bytes, received.count, time)
        : received.count > 0 && read_time(received.bytes, received.count, latest, time);
    if (!is_read) {
        event.undated = 1;
        event.created_at = heed_text{nullptr, 0, 0};
        return;
    }
    event.seconds = time.seconds;
    event.nanoseconds = time.nanoseconds;
    event.fraction_digits = time.digits;
    event.created_at = time.is_printed ? received : print_time(store, time);
}

} // namespace heed

#endif
