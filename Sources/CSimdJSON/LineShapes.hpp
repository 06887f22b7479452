// The lines of a log mostly differ in the texts of their values alone. Once simdjson has read a line, another one that
// has the same bytes around its texts is read by comparing these, several times as fast.
//
// What is read is what simdjson would read: between the texts stand the same bytes, and a text that holds no quote, no
// backslash, no control character and nothing beyond ASCII is a JSON string whatever else it holds. A test compares both.
#ifndef HEEDAUDIT_LINESHAPES_HPP
#define HEEDAUDIT_LINESHAPES_HPP

#include "CSimdJSON.h"

#include <cstring>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heed {

// A longer line is no event: its texts' lengths would not fit.
const size_t longest_text = 0xFFFFFFF0u;

const size_t field_count = 9;

// An event's text by the number of its field.
inline heed_text &field(heed_event &event, size_t number) {
    static const size_t offsets[field_count] = {
        offsetof(heed_event, id), offsetof(heed_event, created_at), offsetof(heed_event, action),
        offsetof(heed_event, actor_id), offsetof(heed_event, actor_email), offsetof(heed_event, resource_type),
        offsetof(heed_event, resource_id), offsetof(heed_event, resource_name), offsetof(heed_event, ip_address)};
    return *reinterpret_cast<heed_text *>(reinterpret_cast<char *>(&event) + offsets[number]);
}

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

// Whether the bytes are these. Reads up to fifteen bytes behind both.
inline bool stands(const uint8_t *at, const uint8_t *bytes, size_t count) {
#if defined(__SSE2__)
    while (true) {
        __m128i left = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        __m128i right = _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes));
        unsigned mask = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(left, right)));
        if (count <= 16) return (~mask & ((1u << count) - 1)) == 0;
        if (mask != 0xFFFF) return false;
        at += 16; bytes += 16; count -= 16;
    }
#else
    return memcmp(at, bytes, count) == 0;
#endif
}

// What the lines of one shape have in common.
class LineShape {
public:
    // Takes the shape of a line that simdjson has read. `fields` are its texts by field, `created_at` as received.
    // False for a line whose shape tells too little.
    bool learn(const uint8_t *line, size_t count, const heed_text *fields) {
        if (count > longest_line) return false;
        size_t literal_begin = 0;
        for (size_t at = 0; at < count; at++) {
            if (line[at] < ' ' || line[at] >= 0x80 || line[at] == '\\') return false;
            if (line[at] != '"') continue;
            size_t begin = at + 1, end = begin;
            while (end < count && line[end] >= ' ' && line[end] < 0x80 && line[end] != '"' && line[end] != '\\') end++;
            if (end >= count || line[end] != '"') return false;
            size_t next = end + 1;
            while (next < count && line[next] == ' ') next++;
            at = end;
            if (next < count && line[next] == ':') continue;
            if (pieces.size() == most_pieces) return false;
            // The quotes belong to what stays the same.
            add_piece(line, literal_begin, begin, field_at(fields, line + begin, end - begin));
            literal_begin = end;
        }
        add_piece(line, literal_begin, count, no_field);
        for (size_t number = 0; number < field_count; number++)
            if (!note_constant(fields[number], number, line, count)) return false;
        literals.insert(literals.end(), 16, 0);
        return true;
    }

    // Reads a line of this shape; returns where it ends, or null when it has another.
    const uint8_t *read(const uint8_t *begin, const uint8_t *end, heed_event &event) const {
        const uint8_t *at = begin, *literal = literals.data();
        const uint8_t *starts[most_pieces + 1];
        size_t last = pieces.size() - 1;
        for (size_t number = 0;; number++) {
            const Piece &piece = pieces[number];
            if (size_t(end - at) < piece.count || !stands(at, literal, piece.count)) return nullptr;
            starts[number] = at;
            at += piece.count;
            literal += piece.count;
            if (number == last) break;
            const uint8_t *text = at;
            at = plain_end(text, end);
            if (at >= end || *at != '"') return nullptr;
            if (piece.field != no_field) field(event, piece.field) = heed_text{text, uint32_t(at - text)};
        }
        if (at != end && *at != '\n') return nullptr;
        if (size_t(at - begin) > longest_text) return nullptr;
        for (const Constant &constant : constants)
            field(event, constant.field) = heed_text{starts[constant.piece] + constant.offset, constant.count};
        event.raw = heed_text{begin, uint32_t(at - begin)};
        return at;
    }

    // Whether the line that taught the shape was checked as a whole.
    bool is_validated = false;

private:
    static const size_t most_pieces = 24, longest_line = 4096;
    static const uint8_t no_field = 0xFF;

    // Bytes that stay the same, and the field of the text that follows them.
    struct Piece {
        uint16_t count;
        uint8_t field;
    };

    // A field that is no string (a number, say), and so belongs to the bytes that stay the same.
    struct Constant {
        uint32_t count;
        uint16_t offset;
        uint8_t piece, field;
    };

    std::vector<Piece> pieces;
    std::vector<Constant> constants;
    std::vector<uint8_t> literals;

    void add_piece(const uint8_t *line, size_t begin, size_t end, uint8_t field) {
        literals.insert(literals.end(), line + begin, line + end);
        pieces.push_back(Piece{uint16_t(end - begin), field});
    }

    static uint8_t field_at(const heed_text *fields, const uint8_t *bytes, size_t count) {
        for (size_t number = 0; number < field_count; number++)
            if (fields[number].bytes == bytes && fields[number].count == count) return uint8_t(number);
        return no_field;
    }

    // False for a text that stands nowhere in the line.
    bool note_constant(heed_text text, size_t number, const uint8_t *line, size_t count) {
        if (!text.bytes) return true;
        for (const Piece &piece : pieces) if (piece.field == number) return true;
        if (text.bytes < line || text.bytes + text.count > line + count) return false;
        // Number the pieces as they stand in the line that taught the shape.
        const uint8_t *at = line;
        for (size_t piece = 0; piece < pieces.size(); piece++) {
            const uint8_t *end = at + pieces[piece].count;
            if (text.bytes >= at && text.bytes + text.count <= end) {
                constants.push_back(Constant{text.count, uint16_t(text.bytes - at), uint8_t(piece), uint8_t(number)});
                return true;
            }
            if (end >= line + count) break;
            at = plain_end(end, line + count);
        }
        return false;
    }
};

// The shapes of the lines that were met last.
class LineShapes {
public:
    // Reads a line of a shape that is known; returns where it ends, or null. The fields of `event` are empty before, and
    // of no meaning when there is none.
    const uint8_t *read(const uint8_t *begin, const uint8_t *end, bool validate, heed_event &event) {
        if (rest > 0) { rest--; return nullptr; }
        for (size_t number = 0; number < shapes.size(); number++) {
            const LineShape &shape = shapes[(latest + number) % shapes.size()];
            if (validate && !shape.is_validated) continue;
            const uint8_t *line_end = shape.read(begin, end, event);
            if (!line_end) {
                std::memset(static_cast<void *>(&event), 0, sizeof event);
                continue;
            }
            latest = (latest + number) % shapes.size();
            if (patience < most_patience) patience++;
            return line_end;
        }
        patience -= 4;
        if (patience < 0) { rest = longest_rest; patience = first_patience; }
        return nullptr;
    }

    // Keeps the shape of a line that simdjson has read.
    void learn(const uint8_t *line, size_t count, bool validated, const heed_text *fields) {
        if (rest > 0) return;
        LineShape shape;
        if (!shape.learn(line, count, fields)) return;
        shape.is_validated = validated;
        if (shapes.size() < most_shapes) {
            latest = shapes.size();
            shapes.push_back(std::move(shape));
        } else {
            oldest = (oldest + 1) % most_shapes;
            latest = oldest;
            shapes[oldest] = std::move(shape);
        }
    }

private:
    static const size_t most_shapes = 8;
    // Where every line has a shape of its own, trying them is given up for a while.
    static const int first_patience = 256, most_patience = 4096, longest_rest = 1024;

    std::vector<LineShape> shapes;
    size_t latest = 0, oldest = 0;
    int patience = first_patience, rest = 0;
};

} // namespace heed

#endif
