// Times of events: RFC 3339 as received, and as instants.
#ifndef HEEDAUDIT_EVENTTIME_HPP
#define HEEDAUDIT_EVENTTIME_HPP

#include "CSimdJSON.h"
#include "TextStore.hpp"

#include <cstring>

namespace heed {

inline bool two_digits(const uint8_t *bytes, int &value) {
    if (bytes[0] < '0' || bytes[0] > '9' || bytes[1] < '0' || bytes[1] > '9') return false;
    value = (bytes[0] - '0') * 10 + (bytes[1] - '0');
    return true;
}

// Days since 1970-01-01 of a civil date (Howard Hinnant's days_from_civil).
inline int64_t days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

inline void civil_from_days(int64_t days, int64_t &year, int &month, int &day) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    day = int(day_of_year - (153 * shifted + 2) / 5 + 1);
    month = int(shifted < 10 ? shifted + 3 : shifted - 9);
    year = year_of_era + era * 400 + (month <= 2);
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
    day.seconds = days_from_civil(year, month, of_month) * 86400;
    return true;
}

// Reads an RFC 3339 time; `latest` is the date of the time read before, and of this one afterwards. A leap second (:60) is
// the first instant of the next minute. Sets the printed text, which points into the input when that is already what we
// print.
inline bool read_time(TextStore &store, Day &latest, heed_text text, heed_event &event) {
    const uint8_t *b = text.bytes;
    size_t count = text.count;
    if (count < 20 || count > 64) return false;
    int hour, minute, second;
    if (memcmp(b, latest.text, sizeof latest.text) != 0 && !read_day(b, latest)) return false;
    if ((b[10] != 'T' && b[10] != 't' && b[10] != ' ') || !two_digits(b + 11, hour) || b[13] != ':'
        || !two_digits(b + 14, minute) || b[16] != ':' || !two_digits(b + 17, second))
        return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    size_t at = 19;
    uint32_t nanoseconds = 0;
    int digits = 0, kept = 0;
    if (b[at] == '.') {
        at++;
        while (at < count && b[at] >= '0' && b[at] <= '9') {
            if (digits < 9) { nanoseconds = nanoseconds * 10 + (b[at] - '0'); kept++; }
            digits++;
            at++;
        }
        if (digits == 0) return false;
    }
    for (int i = kept; i < 9; i++) nanoseconds *= 10;
    if (at >= count) return false;
    int64_t offset = 0;
    bool is_zulu = b[at] == 'Z';
    if (b[at] == 'Z' || b[at] == 'z') {
        at++;
    } else if ((b[at] == '+' || b[at] == '-') && count - at == 6) {
        int hours, minutes;
        if (!two_digits(b + at + 1, hours) || b[at + 3] != ':' || !two_digits(b + at + 4, minutes) || hours > 23 || minutes > 59)
            return false;
        offset = (hours * 60 + minutes) * 60 * (b[at] == '-' ? -1 : 1);
        at += 6;
    }
    if (at != count) return false;
    int64_t seconds = latest.seconds + hour * 3600 + minute * 60 + second - offset;
    event.seconds = seconds;
    event.nanoseconds = nanoseconds;
    event.fraction_digits = uint8_t(kept);
    if (is_zulu && b[10] == 'T' && second < 60 && digits == kept) {
        event.created_at = text;
        return true;
    }
    int64_t civil_year;
    int month, day;
    int64_t day_number = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
    int64_t of_day = seconds - day_number * 86400;
    civil_from_days(day_number, civil_year, month, day);
    if (civil_year < 0 || civil_year > 9999) return false;
    uint8_t *out = store.reserve(40);
    memcpy(out, "0000-00-00T00:00:00", 19);
    put_digits(out, civil_year, 4); put_digits(out + 5, month, 2); put_digits(out + 8, day, 2);
    put_digits(out + 11, of_day / 3600, 2); put_digits(out + 14, of_day / 60 % 60, 2); put_digits(out + 17, of_day % 60, 2);
    size_t length = 19;
    if (kept > 0) {
        out[length++] = '.';
        uint32_t fraction = nanoseconds;
        for (int i = kept; i < 9; i++) fraction /= 10;
        put_digits(out + length, fraction, kept);
        length += size_t(kept);
    }
    out[length++] = 'Z';
    event.created_at = heed_text{out, uint32_t(length)};
    store.commit(length);
    return true;
}

// Takes the time of an event as received; one that is no time leaves the event undated.
inline void set_time(TextStore &store, Day &latest, heed_text created_at, heed_event &event) {
    if (created_at.count > 0 && read_time(store, latest, created_at, event)) return;
    event.undated = 1;
    event.seconds = 0;
    event.nanoseconds = 0;
    event.created_at = heed_text{nullptr, 0};
}

} // namespace heed

#endif
