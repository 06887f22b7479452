// Reads a line as an event where simdjson can't.
#ifndef HEEDAUDIT_PLAINEVENT_HPP
#define HEEDAUDIT_PLAINEVENT_HPP

#include "CSimdJSON.h"
#include "JSONReader.hpp"
#include "JSONText.hpp"
#include "TextStore.hpp"

namespace heed {

// A member that is looked for: a scalar to take, or an object with members of its own.
struct Member {
    std::string_view name;
    heed_text *text;
    Member *members;
    size_t count;
    bool is_seen;
};

// Reads the members of an object whose brace was read; the first of two equal keys counts.
inline bool read_members(JSONReader &reader, TextStore &store, Member *members, size_t count) {
    while (true) {
        JSONReader::Token token = reader.next();
        if (token == JSONReader::object_end) return true;
        if (token != JSONReader::key) return false;
        Member *found = nullptr;
        for (size_t i = 0; i < count && !found; i++)
            if (is_key(reader.begin() + 1, reader.count() - 2, members[i].name)) found = &members[i];
        token = reader.next();
        const uint8_t *begin = reader.begin();
        bool is_wanted = found && !found->is_seen;
        if (is_wanted) found->is_seen = true;
        if (is_wanted && found->members && token == JSONReader::object) {
            if (!read_members(reader, store, found->members, found->count)) return false;
            continue;
        }
        if (!reader.pass_over(token)) return false;
        if (is_wanted && found->text && !take_scalar(store, begin, size_t(reader.behind() - begin), false, *found->text))
            return false;
    }
}

// Reads a whole line; `created_at` stays as received.
inline int32_t read_plainly(TextStore &store, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    Member actor[] = {{"id", &event.actor_id, nullptr, 0, false}, {"email", &event.actor_email, nullptr, 0, false}};
    Member resource[] = {{"type", &event.resource_type, nullptr, 0, false}, {"id", &event.resource_id, nullptr, 0, false},
                         {"name", &event.resource_name, nullptr, 0, false}};
    Member top[] = {{"id", &event.id, nullptr, 0, false}, {"created_at", &event.created_at, nullptr, 0, false},
                    {"action", &event.action, nullptr, 0, false}, {"ip_address", &event.ip_address, nullptr, 0, false},
                    {"actor", nullptr, actor, 2, false}, {"resource", nullptr, resource, 3, false}};
    JSONReader reader(bytes, bytes + count);
    JSONReader::Token first = reader.next();
    if (first != JSONReader::object)
        return reader.pass_over(first) && reader.next() == JSONReader::finished ? HEED_LINE_NOT_OBJECT : HEED_LINE_NOT_JSON;
    if (!read_members(reader, store, top, 6) || reader.next() != JSONReader::finished) return HEED_LINE_NOT_JSON;
    return is_string(event.action) || !validate ? HEED_LINE_OK : HEED_LINE_NOT_EVENT;
}

} // namespace heed

#endif
