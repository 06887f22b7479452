// What JSON's scalars say: texts with escapes, unpaired surrogates and broken UTF-8 included.
#ifndef HEEDAUDIT_JSONTEXT_HPP
#define HEEDAUDIT_JSONTEXT_HPP

#include "CSimdJSON.h"
#include "JSONReader.hpp"
#include "TextStore.hpp"

#include <cstring>
#include <string_view>

namespace heed {

// A longer line is no event: its texts' lengths would not fit.
const size_t longest_text = 0xFFFFFFF0u;

// A longer text that has to be copied is missing.
const size_t longest_copied = 0x10000000u;

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
        if (!is_hex(c)) return false;
        code = code << 4 | uint32_t(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
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

inline bool is_whole_utf8(const uint8_t *bytes, const uint8_t *end) {
    while (bytes < end) {
        size_t length = sequence_length(bytes, end);
        if (length == 0) return false;
        bytes += length;
    }
    return true;
}

// How what is no character is written: as U+FFFD, for showing; or so that no two texts become one. Then an unpaired
// surrogate is the three bytes that UTF-8 would give it, and a byte that is no UTF-8 is FE and the byte less 80. `mended`
// shows the bytes that are no UTF-8 as U+FFFD and keeps surrogates apart.
enum Writing : int32_t { shown = 0, exact = 1, mended = 2 };

const size_t no_text = SIZE_MAX;

// Writes the text between the quotes of a JSON string; returns how many bytes it has, at most three times `count`, or
// `no_text` for an escape that JSON does not have. `odd` grows by the characters that are none.
inline size_t write_text(const uint8_t *bytes, size_t count, Writing writing, uint8_t *begin, uint64_t &odd) {
    uint8_t *out = begin;
    const uint8_t *end = bytes + count;
    while (bytes < end) {
        if (*bytes >= 0x80) {
            size_t length = sequence_length(bytes, end);
            if (length > 0) {
                memcpy(out, bytes, length);
                out += length;
                bytes += length;
                continue;
            }
            odd++;
            if (writing == exact) {
                *out++ = 0xFE;
                *out++ = *bytes & 0x7F;
            } else {
                out += put_code_point(out, 0xFFFD);
            }
            bytes++;
            continue;
        }
        if (*bytes != '\\') { *out++ = *bytes++; continue; }
        if (++bytes == end) return no_text;
        uint8_t escape = *bytes++;
        switch (escape) {
        case 'b': *out++ = 8; break;
        case 'f': *out++ = 12; break;
        case 'n': *out++ = 10; break;
        case 'r': *out++ = 13; break;
        case 't': *out++ = 9; break;
        case 'u': {
            uint32_t code = 0, low = 0;
            if (!read_hex4(bytes, end, code)) return no_text;
            bytes += 4;
            if (code >= 0xD800 && code < 0xDC00 && end - bytes >= 6 && bytes[0] == '\\' && bytes[1] == 'u'
                && read_hex4(bytes + 2, end, low) && low >= 0xDC00 && low < 0xE000) {
                bytes += 6;
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            } else if (code >= 0xD800 && code < 0xE000) {
                odd++;
                if (writing == shown) code = 0xFFFD;
            }
            out += put_code_point(out, code);
            break;
        }
        case '"': case '\\': case '/': *out++ = escape; break;
        default: return no_text;
        }
    }
    return size_t(out - begin);
}

// What tells an odd text from others that are shown alike: FF, which UTF-8 never has, then what kind of value was received.
const uint8_t apart = 0xFF, kind_text = 's', kind_token = 'v';

// A scalar that is no string: shown as its token, and not the same as a string that reads so.
inline void take_token(TextStore &store, const uint8_t *bytes, size_t count, heed_text &text) {
    if (count > longest_copied) return;
    uint8_t *out = store.reserve(2 * count + 2);
    memcpy(out, bytes, count);
    out[count] = apart;
    out[count + 1] = kind_token;
    memcpy(out + count + 2, bytes, count);
    text = heed_text{out, uint32_t(count), uint32_t(count + 2)};
    store.commit(2 * count + 2);
}

// A string's content. It stays where it is, unless it holds escapes or, where that was not ruled out, broken UTF-8.
inline bool take_text(TextStore &store, const uint8_t *bytes, size_t count, bool is_utf8, heed_text &text) {
    bool is_whole = is_utf8 || is_whole_utf8(bytes, bytes + count);
    if (is_whole && !memchr(bytes, '\\', count)) {
        text = heed_text{bytes, uint32_t(count), 0};
        return true;
    }
    if (count > longest_copied) { text = heed_text{bytes, 0, 0}; return true; }
    // Of a text that is whole, only escapes change, and they never grow.
    uint8_t *out = store.reserve(is_whole ? 2 * count + 2 : 5 * count + 2);
    uint64_t odd = 0, ignored = 0;
    size_t length = write_text(bytes, count, shown, out, odd), suffix = 0;
    if (length == no_text) return false;
    if (odd > 0) {
        out[length] = apart;
        out[length + 1] = kind_text;
        suffix = 2 + write_text(bytes, count, exact, out + length + 2, ignored);
        store.replacements += odd;
    }
    text = heed_text{out, uint32_t(length), uint32_t(suffix)};
    store.commit(length + suffix);
    return true;
}

// Takes a scalar by its JSON; null, objects and arrays are missing. False for what is no JSON.
inline bool take_scalar(TextStore &store, const uint8_t *bytes, size_t count, bool is_utf8, heed_text &text) {
    if (count == 0 || count > longest_text) return false;
    switch (bytes[0]) {
    case '{': case '[': case 'n': return true;
    case '"': return count >= 2 && bytes[count - 1] == '"' && take_text(store, bytes + 1, count - 2, is_utf8, text);
    default: take_token(store, bytes, count, text); return true;
    }
}

// Whether a scalar that was taken is a string.
inline bool is_string(heed_text text) { return text.bytes && (text.suffix == 0 || text.bytes[text.count + 1] == kind_text); }

// Whether a key, given without its quotes, is a name; names are short and plain, keys may be written with escapes.
inline bool is_key(const uint8_t *bytes, size_t count, std::string_view name) {
    if (count == name.size()) return memcmp(bytes, name.data(), count) == 0;
    uint8_t plain[3 * 64];
    if (count < name.size() || count > 64 || !memchr(bytes, '\\', count)) return false;
    uint64_t odd = 0;
    size_t length = write_text(bytes, count, exact, plain, odd);
    return length == name.size() && memcmp(plain, name.data(), length) == 0;
}

} // namespace heed

#endif
