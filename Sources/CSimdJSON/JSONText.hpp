// Texts of JSON that can't be shown as they stand: escapes, unpaired surrogates, broken UTF-8.
#ifndef HEEDAUDIT_JSONTEXT_HPP
#define HEEDAUDIT_JSONTEXT_HPP

#include "CSimdJSON.h"
#include "TextStore.hpp"

#include <cstring>
#include <vector>

namespace heed {

inline size_t put_code_point(uint8_t *out, uint32_t code) {
    if (code < 0x80) { out[0] = uint8_t(code); return 1; }
    if (code < 0x800) { out[0] = uint8_t(0xC0 | code >> 6); out[1] = uint8_t(0x80 | (code & 63)); return 2; }
    if (code < 0x10000) {
        out[0] = uint8_t(0xE0 | code >> 12); out[1] = uint8_t(0x80 | (code >> 6 & 63)); out[2] = uint8_t(0x80 | (code & 63));
        return 3;
    }
    out[0] = uint8_t(0xF0 | code >> 18); out[1] = uint8_t(0x80 | (code >> 12 & 63));
    out[2] = uint8_t(0x80 | (code >> 6 & 63)); out[3] = uint8_t(0x80 | (code & 63));
    return 4;
}

inline bool read_hex4(const uint8_t *bytes, const uint8_t *end, uint32_t &code) {
    if (end - bytes < 4) return false;
    code = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = bytes[i];
        uint32_t digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
        if (digit == 16) return false;
        code = code << 4 | digit;
    }
    return true;
}

// The text between the quotes of a JSON string that holds escapes. Unpaired surrogates become U+FFFD.
inline bool unescape(TextStore &store, const uint8_t *bytes, size_t count, heed_text &text) {
    // A text never grows: \uXXXX takes six bytes and gives at most three.
    uint8_t *begin = store.reserve(count);
    uint8_t *out = begin;
    const uint8_t *end = bytes + count;
    while (bytes < end) {
        if (*bytes != '\\') { *out++ = *bytes++; continue; }
        if (++bytes == end) return false;
        uint8_t escape = *bytes++;
        switch (escape) {
        case '"': case '\\': case '/': *out++ = escape; break;
        case 'b': *out++ = 8; break;
        case 'f': *out++ = 12; break;
        case 'n': *out++ = 10; break;
        case 'r': *out++ = 13; break;
        case 't': *out++ = 9; break;
        case 'u': {
            uint32_t code = 0, low = 0;
            if (!read_hex4(bytes, end, code)) return false;
            bytes += 4;
            if (code >= 0xD800 && code < 0xDC00 && end - bytes >= 6 && bytes[0] == '\\' && bytes[1] == 'u'
                && read_hex4(bytes + 2, end, low) && low >= 0xDC00 && low < 0xE000) {
                bytes += 6;
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            } else if (code >= 0xD800 && code < 0xE000) {
                code = 0xFFFD;
                store.replacements++;
            }
            out += put_code_point(out, code);
            break;
        }
        default: return false;
        }
    }
    text.bytes = begin;
    text.count = uint32_t(out - begin);
    store.commit(size_t(out - begin));
    return true;
}

// The length of the UTF-8 sequence at `bytes`, 0 when it is broken.
inline size_t sequence_length(const uint8_t *bytes, const uint8_t *end) {
    uint8_t lead = bytes[0];
    if (lead < 0x80) return 1;
    size_t need = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (need == 0 || size_t(end - bytes) < need) return 0;
    for (size_t i = 1; i < need; i++) if ((bytes[i] & 0xC0) != 0x80) return 0;
    if (lead == 0xE0 && bytes[1] < 0xA0) return 0;
    if (lead == 0xED && bytes[1] >= 0xA0) return 0;
    if (lead == 0xF0 && bytes[1] < 0x90) return 0;
    if (lead == 0xF4 && bytes[1] >= 0x90) return 0;
    return need;
}

// A copy of a line in which broken UTF-8 is U+FFFD, padded for the parser.
inline const uint8_t *repaired(TextStore &store, const uint8_t *bytes, size_t count, size_t &repaired_count) {
    uint8_t *begin = store.reserve(count * 3 + HEED_PADDING);
    uint8_t *out = begin;
    const uint8_t *end = bytes + count;
    while (bytes < end) {
        size_t length = sequence_length(bytes, end);
        if (length == 0) {
            out += put_code_point(out, 0xFFFD);
            store.replacements++;
            bytes++;
        } else {
            memcpy(out, bytes, length);
            out += length;
            bytes += length;
        }
    }
    repaired_count = size_t(out - begin);
    memset(out, ' ', HEED_PADDING);
    store.commit(repaired_count + HEED_PADDING);
    return begin;
}

// A copy in which the escapes of unpaired surrogates read \uFFFD; every byte keeps its place. Empty when there are none.
inline std::vector<uint8_t> with_paired_surrogates(const uint8_t *bytes, size_t count) {
    std::vector<uint8_t> copy;
    const uint8_t *end = bytes + count;
    for (const uint8_t *at = bytes; end - at >= 2;) {
        if (*at != '\\') { at++; continue; }
        uint32_t code = 0, low = 0;
        if (at[1] != 'u' || !read_hex4(at + 2, end, code) || code < 0xD800 || code >= 0xE000) { at += 2; continue; }
        if (code < 0xDC00 && end - at >= 12 && at[6] == '\\' && at[7] == 'u' && read_hex4(at + 8, end, low)
            && low >= 0xDC00 && low < 0xE000) {
            at += 12;
            continue;
        }
        if (copy.empty()) copy.assign(bytes, end);
        memcpy(copy.data() + (at - bytes) + 2, "FFFD", 4);
        at += 6;
    }
    return copy;
}

} // namespace heed

#endif
