// Where a text that is its own JSON ends: one without quotes, backslashes, control characters and anything beyond ASCII.
#ifndef HEEDAUDIT_PLAINTEXT_HPP
#define HEEDAUDIT_PLAINTEXT_HPP

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heed {

// The first byte that can't stand in a text that is its own JSON: a quote, a backslash, a control character, the first
// of a character beyond ASCII; `end` or a place behind it when there is none before. Reads up to fifteen bytes behind `end`.
inline const uint8_t *plain_end(const uint8_t *at, const uint8_t *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
    for (; at < end; at += 16) {
        __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        // As signed numbers, bytes beyond ASCII are less than a space, too.
        __m128i found = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(part, quote), _mm_cmpeq_epi8(part, backslash)), _mm_cmplt_epi8(part, space));
        unsigned mask = unsigned(_mm_movemask_epi8(found));
        if (mask != 0) return at + __builtin_ctz(mask);
    }
#else
    while (at < end && *at >= ' ' && *at < 0x80 && *at != '"' && *at != '\\') at++;
#endif
    return at;
}

// The same for bytes behind which nothing may be read; never behind `end`.
inline const uint8_t *plain_end_within(const uint8_t *at, const uint8_t *end) {
    if (end - at >= 16) at = plain_end(at, end - 15);
    while (at < end && *at >= ' ' && *at < 0x80 && *at != '"' && *at != '\\') at++;
    return at;
}

} // namespace heed

#endif
