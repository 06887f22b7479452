// Any JSON that RFC 8259 knows, a token after the other: numbers of any size, nesting of any depth, and texts whose bytes
// beyond ASCII nobody looks at. For what simdjson refuses, and for answers, of which only the outermost levels matter.
#ifndef HEEDAUDIT_JSONREADER_HPP
#define HEEDAUDIT_JSONREADER_HPP

#include "PlainText.hpp"

#include <cstring>
#include <vector>

namespace heed {

inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

inline bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

inline bool is_hex(uint8_t byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// Whether each open level is an object, a bit a level: a text may open a million of them.
class Nesting {
public:
    size_t depth = 0;

    bool is_object() const { return top & 1; }

    void open(bool is_object) {
        if (depth % 64 == 0 && depth > 0) {
            below.push_back(top);
            top = 0;
        }
        top = top << 1 | uint64_t(is_object);
        depth++;
    }

    void close() {
        depth--;
        top >>= 1;
        if (depth % 64 == 0 && depth > 0) {
            top = below.back();
            below.pop_back();
        }
    }

private:
    uint64_t top = 0;
    std::vector<uint64_t> below;
};

// Reads one JSON text; nothing behind `end` is looked at.
class JSONReader {
public:
    enum Token : int32_t { broken, finished, object, object_end, array, array_end, key, text, number, word };

    JSONReader(const uint8_t *begin, const uint8_t *end) : at(begin), end(end) {}

    // Where the last token begins, and what stands behind it (behind a key: its colon). Keys and texts have their quotes.
    const uint8_t *begin() const { return token_begin; }
    const uint8_t *behind() const { return token_end; }
    size_t count() const { return size_t(token_end - token_begin); }

    // The next token; `broken` for what is no JSON, from then on, too.
    Token next() {
        skip_space();
        if (expected == Expected::follow) {
            if (nesting.depth == 0) return at == end ? finished : fail();
            if (at == end) return fail();
            if (*at == ',') {
                at++;
                expected = nesting.is_object() ? Expected::key : Expected::value;
                skip_space();
            } else {
                return close();
            }
        }
        if (at == end) return fail();
        switch (expected) {
        case Expected::first_key: return *at == '}' ? close() : read_key();
        case Expected::key: return read_key();
        case Expected::first_value: return *at == ']' ? close() : read_value();
        case Expected::value: return read_value();
        default: return fail();
        }
    }

    // Passes over the rest of the value whose first token was read last; `behind` is then what stands behind the value.
    bool pass_over(Token first) {
        if (first == broken || first == finished) return false;
        if (first != object && first != array) return true;
        size_t outer = nesting.depth - 1;
        while (nesting.depth > outer) if (next() == broken) return false;
        return true;
    }

private:
    enum class Expected { value, first_value, first_key, key, follow, nothing };

    const uint8_t *at, *end;
    const uint8_t *token_begin = nullptr, *token_end = nullptr;
    Expected expected = Expected::value;
    Nesting nesting;

    void skip_space() { while (at < end && is_space(*at)) at++; }

    Token fail() {
        expected = Expected::nothing;
        return broken;
    }

    Token take(Token token, const uint8_t *stop) {
        token_begin = at;
        token_end = at = stop;
        expected = Expected::follow;
        return token;
    }

    Token close() {
        bool is_object = nesting.is_object();
        if (*at != (is_object ? '}' : ']')) return fail();
        nesting.close();
        return take(is_object ? object_end : array_end, at + 1);
    }

    Token read_key() {
        const uint8_t *stop = *at == '"' ? text_end(at + 1) : nullptr;
        if (!stop) return fail();
        take(key, stop);
        skip_space();
        if (at == end || *at != ':') return fail();
        at++;
        expected = Expected::value;
        return key;
    }

    Token read_value() {
        switch (*at) {
        case '{':
            nesting.open(true);
            take(object, at + 1);
            expected = Expected::first_key;
            return object;
        case '[':
            nesting.open(false);
            take(array, at + 1);
            expected = Expected::first_value;
            return array;
        case '"': {
            const uint8_t *stop = text_end(at + 1);
            return stop ? take(text, stop) : fail();
        }
        case 't': return read_word("true", 4);
        case 'f': return read_word("false", 5);
        case 'n': return read_word("null", 4);
        default: {
            const uint8_t *stop = number_end(at);
            return stop ? take(number, stop) : fail();
        }
        }
    }

    Token read_word(const char *word_bytes, size_t count) {
        return size_t(end - at) >= count && memcmp(at, word_bytes, count) == 0 ? take(word, at + count) : fail();
    }

    // Behind the closing quote of a text whose content begins here; null when it has none, or holds what it must not.
    const uint8_t *text_end(const uint8_t *from) const {
        while (true) {
            from = plain_end_within(from, end);
            if (from == end || *from < ' ') return nullptr;
            if (*from == '"') return from + 1;
            if (*from != '\\') { from++; continue; }
            if (end - from < 2) return nullptr;
            if (from[1] == 'u') {
                if (end - from < 6) return nullptr;
                for (int i = 2; i < 6; i++) if (!is_hex(from[i])) return nullptr;
                from += 6;
            } else {
                if (!from[1] || !strchr("\"\\/bfnrt", from[1])) return nullptr;
                from += 2;
            }
        }
    }

    const uint8_t *number_end(const uint8_t *from) const {
        if (*from == '-') from++;
        if (from == end || !is_digit(*from)) return nullptr;
        if (*from == '0') from++;
        else from = digits_end(from);
        if (from < end && *from == '.') {
            if (++from == end || !is_digit(*from)) return nullptr;
            from = digits_end(from);
        }
        if (from < end && (*from == 'e' || *from == 'E')) {
            if (++from < end && (*from == '+' || *from == '-')) from++;
            if (from == end || !is_digit(*from)) return nullptr;
            from = digits_end(from);
        }
        return from;
    }

    const uint8_t *digits_end(const uint8_t *from) const {
        while (from < end && is_digit(*from)) from++;
        return from;
    }
};

} // namespace heed

#endif
