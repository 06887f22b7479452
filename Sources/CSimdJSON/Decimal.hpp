// Numbers of JSON as they are written, of any size.
#ifndef HEEDAUDIT_DECIMAL_HPP
#define HEEDAUDIT_DECIMAL_HPP

#include "JSONReader.hpp"

namespace heed {

// A JSON number as its digits and where its point stands among them: 1.5e2 is 15, the point behind three.
struct Decimal {
    bool is_negative = false;
    // The digits, a point perhaps among them, without zeros in front.
    const uint8_t *digits = nullptr, *end = nullptr;
    int64_t count = 0, point = 0;

    Decimal(const uint8_t *at, const uint8_t *stop) {
        if (at < stop && *at == '-') { is_negative = true; at++; }
        const uint8_t *mantissa = at;
        int64_t before = 0, all = 0, zeros = 0;
        bool is_behind = false, is_leading = true;
        for (; at < stop && (is_digit(*at) || *at == '.'); at++) {
            if (*at == '.') { is_behind = true; continue; }
            all++;
            if (!is_behind) before++;
            if (is_leading && *at == '0') zeros++;
            else if (is_leading) { is_leading = false; mantissa = at; }
        }
        digits = is_leading ? at : mantissa;
        end = at;
        count = all - zeros;
        point = before - zeros + exponent(at, stop);
    }

    bool is_zero() const { return count == 0; }

    // Digits behind the point.
    int64_t behind() const { return count > point ? count - point : 0; }

private:
    // Far beyond what any digits can make up for, and far from what could overflow.
    static const int64_t largest = int64_t(1) << 40;

    static int64_t exponent(const uint8_t *at, const uint8_t *stop) {
        if (at == stop) return 0;
        at++;
        bool is_below = at < stop && *at == '-';
        if (at < stop && (*at == '-' || *at == '+')) at++;
        int64_t value = 0;
        for (; at < stop; at++) if (value < largest) value = value * 10 + (*at - '0');
        return is_below ? -value : value;
    }
};

// What a JSON number or a text of digits says where that is a whole number from 0 to 2^63 - 1: 250, 250.0, 2.5e2 and "250" are
// one. -1 for anything else.
inline int64_t whole_number(const uint8_t *value, size_t count) {
    const uint8_t *begin = value, *end = value + count;
    if (count > 2 && *begin == '"') {
        begin++;
        end--;
        for (const uint8_t *at = begin; at < end; at++) if (!is_digit(*at)) return -1;
    } else if (count == 0 || (*begin != '-' && !is_digit(*begin))) {
        return -1;
    }
    Decimal number(begin, end);
    if (number.is_zero()) return 0;
    if (number.is_negative || number.point <= 0) return -1;
    const uint8_t *at = number.digits;
    int64_t whole = 0;
    // More digits than an integer has overflow it: the first is no zero.
    for (int64_t place = 0; place < number.point; place++) {
        if (at < number.end && *at == '.') at++;
        int64_t digit = at < number.end ? *at++ - '0' : 0;
        if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, digit, &whole)) return -1;
    }
    for (; at < number.end; at++) if (*at != '.' && *at != '0') return -1;
    return whole;
}

} // namespace heed

#endif
