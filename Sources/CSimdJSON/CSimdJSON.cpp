#include "CSimdJSON.h"
#include "EventFields.hpp"
#include "EventTime.hpp"
#include "JSONReader.hpp"
#include "JSONText.hpp"
#include "LineShapes.hpp"
#include "PlainEvent.hpp"
#include "PlainPage.hpp"
#include "TextStore.hpp"

#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <simdjson.h>

#define HEED_TEXT(value) #value
#define HEED_TEXT_OF(value) HEED_TEXT(value)
#define SIMDJSON_VERSION_TEXT HEED_TEXT_OF(SIMDJSON_VERSION)

using namespace simdjson;

struct heed_parser {
    ondemand::parser on_demand;
    dom::parser dom;
    heed::TextStore store;
    std::vector<heed_text> page_events;
    heed::LineShapes shapes;
    heed::Day day;
};

struct heed_json {
    heed::JSONReader reader;
};

namespace {

// Of a longer line simdjson would take twenty times its memory.
const size_t longest_for_simdjson = 4 << 20;

bool read_scalar(heed_parser &parser, ondemand::value value, heed_text &text) {
    ondemand::json_type type;
    if (value.type().get(type)) return false;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array || type == ondemand::json_type::null) return true;
    std::string_view token = value.raw_json_token();
    while (!token.empty() && heed::is_space(uint8_t(token.back()))) token.remove_suffix(1);
    return heed::take_scalar(parser.store, reinterpret_cast<const uint8_t *>(token.data()), token.size(), true, text);
}

// A key as it stands between its quotes.
std::string_view raw_key(ondemand::field &field) {
    const char *begin = field.key().raw();
    const char *end = begin;
    while (*end != '"') end += *end == '\\' ? 2 : 1;
    return std::string_view(begin, size_t(end - begin));
}

// Fills the event's texts from an object's members.
bool read_members(heed_parser &parser, ondemand::object object, std::string_view name, heed_event &event) {
    heed::Members members(name);
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field)) return false;
        std::string_view raw = raw_key(field);
        const uint8_t *key = reinterpret_cast<const uint8_t *>(raw.data());
        size_t number = members.field(key, raw.size());
        if (number < heed::field_count) {
            if (!read_scalar(parser, field.value(), heed::field(event, number))) return false;
            continue;
        }
        std::string_view inner = members.inner(key, raw.size());
        if (inner.empty()) continue;
        ondemand::json_type type;
        if (field.value().type().get(type)) return false;
        if (type != ondemand::json_type::object) continue;
        ondemand::object nested;
        if (field.value().get_object().get(nested) || !read_members(parser, nested, inner, event)) return false;
    }
    return true;
}

// Leaves `created_at` as received.
int32_t parse_object(heed_parser &parser, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    padded_string_view view(bytes, count, count + HEED_PADDING);
    if (validate) {
        dom::element element;
        if (parser.dom.parse(bytes, count, true).get(element)) return HEED_LINE_NOT_JSON;
        if (!element.is_object()) return HEED_LINE_NOT_OBJECT;
    }
    ondemand::document document;
    if (parser.on_demand.iterate(view).get(document)) return HEED_LINE_NOT_JSON;
    ondemand::object object;
    if (document.get_object().get(object)) return HEED_LINE_NOT_OBJECT;

    if (!read_members(parser, object, "", event)) return HEED_LINE_NOT_JSON;
    return heed::is_string(event.action) || !validate ? HEED_LINE_OK : HEED_LINE_NOT_EVENT;
}

void set_line(const uint8_t *bytes, size_t count, heed_event &event) {
    memset(&event, 0, sizeof event);
    event.raw = heed_text{bytes, uint32_t(count), 0};
}

int32_t parse_trimmed(heed_parser &parser, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    set_line(bytes, count, event);
    if (count == 0 || count > heed::longest_text) return HEED_LINE_NOT_JSON;
    int32_t status = HEED_LINE_NOT_JSON;
    if (count <= longest_for_simdjson) status = parse_object(parser, bytes, count, validate, event);
    if (status == HEED_LINE_OK) {
        heed_text fields[heed::field_count];
        for (size_t number = 0; number < heed::field_count; number++) fields[number] = heed::field(event, number);
        parser.shapes.learn(bytes, count, validate, fields);
    } else if (status == HEED_LINE_NOT_JSON) {
        set_line(bytes, count, event);
        status = heed::read_plainly(parser.store, bytes, count, validate, event);
    }
    if (status == HEED_LINE_OK) heed::set_time(parser.store, parser.day, event.created_at, event);
    else set_line(bytes, count, event);
    return status;
}

// Reads a line like one that was read before; null when there was none like it.
const uint8_t *parse_alike(heed_parser &parser, const uint8_t *begin, const uint8_t *end, bool validate, heed_event &event) {
    memset(&event, 0, sizeof event);
    const uint8_t *line_end = parser.shapes.read(begin, end, validate, event);
    if (line_end) heed::set_time(parser.store, parser.day, event.created_at, event);
    return line_end;
}

} // namespace

extern "C" {

const heed_event_field *heed_event_fields(void) { return heed::fields; }

heed_parser *heed_parser_create(void) { return new (std::nothrow) heed_parser(); }

void heed_parser_free(heed_parser *parser) { delete parser; }

void heed_parser_reset(heed_parser *parser) { parser->store.clear(); }

uint64_t heed_parser_replacements(const heed_parser *parser) { return parser->store.replacements; }

int32_t heed_parse_line(heed_parser *parser, const uint8_t *bytes, size_t count, int32_t validate, heed_event *event) {
    if (parse_alike(*parser, bytes, bytes + count, validate != 0, *event)) return HEED_LINE_OK;
    const uint8_t *newline = static_cast<const uint8_t *>(memchr(bytes, '\n', count));
    if (newline) count = size_t(newline - bytes);
    while (count > 0 && heed::is_space(bytes[0])) { bytes++; count--; }
    while (count > 0 && heed::is_space(bytes[count - 1])) count--;
    try {
        return parse_trimmed(*parser, bytes, count, validate != 0, *event);
    } catch (const std::exception &) {
        return HEED_LINE_NOT_JSON;
    }
}

size_t heed_parse_lines(
    heed_parser *parser, const uint8_t *bytes, size_t count, int32_t validate, heed_event *events, uint8_t *statuses,
    size_t capacity, size_t *consumed) {
    size_t read = 0, at = 0;
    while (read < capacity && at < count) {
        const uint8_t *begin = bytes + at;
        if (const uint8_t *end = parse_alike(*parser, begin, bytes + count, validate != 0, events[read])) {
            at = size_t(end - bytes) + (end < bytes + count ? 1 : 0);
            statuses[read++] = HEED_LINE_OK;
            continue;
        }
        const uint8_t *newline = static_cast<const uint8_t *>(memchr(begin, '\n', count - at));
        size_t length = newline ? size_t(newline - begin) : count - at;
        at += length + (newline ? 1 : 0);
        while (length > 0 && heed::is_space(begin[0])) { begin++; length--; }
        while (length > 0 && heed::is_space(begin[length - 1])) length--;
        if (length == 0) continue;
        try {
            statuses[read] = uint8_t(parse_trimmed(*parser, begin, length, validate != 0, events[read]));
        } catch (const std::exception &) {
            statuses[read] = HEED_LINE_NOT_JSON;
        }
        read++;
    }
    *consumed = at;
    return read;
}

int32_t heed_parse_line_plainly(heed_parser *parser, const uint8_t *bytes, size_t count, heed_event *event) {
    set_line(bytes, count, *event);
    if (count == 0 || count > heed::longest_text) return HEED_LINE_NOT_JSON;
    try {
        int32_t status = heed::read_plainly(parser->store, bytes, count, true, *event);
        if (status == HEED_LINE_OK) heed::set_time(parser->store, parser->day, event->created_at, *event);
        else set_line(bytes, count, *event);
        return status;
    } catch (const std::exception &) {
        set_line(bytes, count, *event);
        return HEED_LINE_NOT_JSON;
    }
}

int32_t heed_read_time(
    const uint8_t *bytes, size_t count, int32_t is_number, int64_t *seconds, uint32_t *nanoseconds) {
    heed::Day day;
    heed::Time time;
    try {
        if (is_number ? !heed::read_epoch(bytes, count, time) : !heed::read_time(bytes, count, day, time)) return 0;
    } catch (const std::exception &) {
        return 0;
    }
    *seconds = time.seconds;
    *nanoseconds = time.nanoseconds;
    return 1;
}

heed_date heed_date_of_day(int64_t day) { return heed::civil_from_days(day); }

int64_t heed_day_of_date(heed_date date) { return heed::days_from_civil(date); }

heed_page heed_parse_page(heed_parser *parser, const uint8_t *bytes, size_t count) {
    parser->page_events.clear();
    try {
        return heed::read_page(bytes, count, parser->page_events);
    } catch (const std::exception &) {
        parser->page_events.clear();
        return heed_page{HEED_PAGE_NOT_JSON, -1, -1, -1, 0, 0, 0};
    }
}

heed_text heed_page_event(const heed_parser *parser, size_t index) { return parser->page_events[index]; }

heed_json *heed_json_create(const uint8_t *bytes, size_t count) {
    return new (std::nothrow) heed_json{heed::JSONReader(bytes, bytes + count)};
}

void heed_json_free(heed_json *json) { delete json; }

int32_t heed_json_next(heed_json *json, const uint8_t **token, size_t *count) {
    heed::JSONReader::Token next;
    try {
        next = json->reader.next();
    } catch (const std::exception &) {
        next = heed::JSONReader::broken;
    }
    *token = json->reader.begin();
    *count = json->reader.count();
    return next;
}

size_t heed_json_write(const uint8_t *content, size_t count, int32_t writing, uint8_t *out) {
    uint64_t odd = 0;
    size_t length = heed::write_text(content, count, heed::Writing(writing), out, odd);
    return length == heed::no_text ? 0 : length;
}

int32_t heed_says_nothing(const uint8_t *value, size_t count) { return heed::says_nothing(value, value + count); }

int64_t heed_whole_number(const uint8_t *value, size_t count) { return heed::whole_number(value, count); }

const char *heed_simdjson_version(void) { return SIMDJSON_VERSION_TEXT; }

} // extern "C"
