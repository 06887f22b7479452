// The lines of a log mostly differ in the texts of their values alone. Once simdjson has read a line, another one that
// has the same bytes around its texts is read by comparing these, several times as fast.
//
// What is read is what simdjson would read: between the texts stand the same bytes, and a text that holds no quote, no
// backslash, no control character and nothing beyond ASCII is a JSON string whatever else it holds. A test compares both.
#ifndef HEEDAUDIT_LINESHAPES_HPP
#define HEEDAUDIT_LINESHAPES_HPP

#include "CSimdJSON.h"
#include "EventFields.hpp"
#include "PlainText.hpp"

#include <cstring>
#include <vector>

namespace heed {

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
            if (fields[number].bytes && !has_piece(number)) return false;
        literals.insert(literals.end(), 16, 0);
        return true;
    }

    // Reads a line of this shape; returns where it ends, or null when it has another.
    const uint8_t *read(const uint8_t *begin, const uint8_t *end, heed_event &event) const {
        const uint8_t *at = begin, *literal = literals.data();
        size_t last = pieces.size() - 1;
        for (size_t number = 0;; number++) {
            const Piece &piece = pieces[number];
            if (size_t(end - at) < piece.count || !stands(at, literal, piece.count)) return nullptr;
            at += piece.count;
            literal += piece.count;
            if (number == last) break;
            const uint8_t *text = at;
            at = plain_end(text, end);
            if (at >= end || *at != '"') return nullptr;
            if (piece.field != no_field) field(event, piece.field) = heed_text{text, uint32_t(at - text), 0};
        }
        if (at != end && *at != '\n') return nullptr;
        if (size_t(at - begin) > longest_text) return nullptr;
        event.raw = heed_text{begin, uint32_t(at - begin), 0};
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

    std::vector<Piece> pieces;
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

    // A field that is no string, or does not stand in the line as it is shown, has none.
    bool has_piece(size_t number) const {
        for (const Piece &piece : pieces) if (piece.field == number) return true;
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
