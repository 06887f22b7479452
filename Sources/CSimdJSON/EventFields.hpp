// Where the members of an event's objects go, by the list of fields in CSimdJSON.h.
#ifndef HEEDAUDIT_EVENTFIELDS_HPP
#define HEEDAUDIT_EVENTFIELDS_HPP

#include "CSimdJSON.h"
#include "JSONText.hpp"

#include <string_view>

namespace heed {

const size_t field_count = HEED_FIELD_COUNT;

#define HEED_FIELD_LINE(name, object, key, tells) {#name, object, key, tells},
inline constexpr heed_event_field fields[field_count] = {HEED_EVENT_FIELDS(HEED_FIELD_LINE)};

static_assert(offsetof(heed_event, id) + field_count * sizeof(heed_text) == offsetof(heed_event, seconds),
              "the texts of an event stand one behind the other");

// An event's text by the number of its field.
inline heed_text &field(heed_event &event, size_t number) { return *const_cast<heed_text *>(heed_event_text(&event, number)); }

// What an object's members are: looked for by the name of the object, "" for the event itself.
class Members {
public:
    explicit Members(std::string_view object) : object(object) {}

    // The field that a key stands for; field_count for none, and for one that was met before, for of two equal keys the first
    // counts.
    size_t field(const uint8_t *key, size_t count) {
        for (size_t number = 0; number < field_count; number++)
            if (fields[number].object == object && is_key(key, count, fields[number].key)) return first(number);
        return field_count;
    }

    // The name of the object inside this one that a key stands for; empty as above.
    std::string_view inner(const uint8_t *key, size_t count) {
        if (!object.empty()) return {};
        for (size_t number = 0; number < field_count; number++)
            if (*fields[number].object && is_key(key, count, fields[number].object))
                return first(number) < field_count ? fields[number].object : std::string_view();
        return {};
    }

private:
    std::string_view object;
    bool is_met[field_count] = {};

    size_t first(size_t number) {
        if (is_met[number]) return field_count;
        is_met[number] = true;
        return number;
    }
};

} // namespace heed

#endif
