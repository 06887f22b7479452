// Reads a line as an event where simdjson can't.
#ifndef HEEDAUDIT_PLAINEVENT_HPP
#define HEEDAUDIT_PLAINEVENT_HPP

#include "CSimdJSON.h"
#include "EventFields.hpp"
#include "JSONReader.hpp"
#include "JSONText.hpp"
#include "TextStore.hpp"

namespace heed {

// Reads the members of an object whose brace was read.
inline bool read_members(JSONReader &reader, TextStore &store, std::string_view object, heed_event &event) {
    Members members(object);
    while (true) {
        JSONReader::Token token = reader.next();
        if (token == JSONReader::object_end) return true;
        if (token != JSONReader::key) return false;
        size_t number = members.field(reader.begin() + 1, reader.count() - 2);
        std::string_view inner = number < field_count ? "" : members.inner(reader.begin() + 1, reader.count() - 2);
        token = reader.next();
        if (!inner.empty() && token == JSONReader::object) {
            if (!read_members(reader, store, inner, event)) return false;
            continue;
        }
        const uint8_t *begin = reader.begin();
        if (!reader.pass_over(token)) return false;
        if (number < field_count
            && !take_scalar(store, begin, size_t(reader.behind() - begin), false, field(event, number)))
            return false;
    }
}

// Reads a whole line; `created_at` stays as received.
inline int32_t read_plainly(TextStore &store, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    JSONReader reader(bytes, bytes + count);
    JSONReader::Token first = reader.next();
    if (first != JSONReader::object)
        return reader.pass_over(first) && reader.next() == JSONReader::finished ? HEED_LINE_NOT_OBJECT : HEED_LINE_NOT_JSON;
    if (!read_members(reader, store, "", event) || reader.next() != JSONReader::finished) return HEED_LINE_NOT_JSON;
    return is_string(event.action) || !validate ? HEED_LINE_OK : HEED_LINE_NOT_EVENT;
}

} // namespace heed

#endif
