#include "CSimdJSON.h"
#include "EventTime.hpp"
#include "JSONText.hpp"
#include "LineShapes.hpp"
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
    std::vector<uint8_t> page_copy;
    heed::LineShapes shapes;
    heed::Day day;
};

namespace {

bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

// A scalar's text: a string's content, a number's or boolean's JSON text. Null, objects and arrays are missing.
bool read_scalar(heed_parser &parser, ondemand::value value, heed_text &text) {
    ondemand::json_type type;
    if (value.type().get(type)) return false;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array || type == ondemand::json_type::null) return true;
    std::string_view token = value.raw_json_token();
    const uint8_t *bytes = reinterpret_cast<const uint8_t *>(token.data());
    size_t count = token.size();
    while (count > 0 && is_space(bytes[count - 1])) count--;
    if (type == ondemand::json_type::string) {
        if (count < 2 || bytes[count - 1] != '"') return false;
        bytes++;
        count -= 2;
        if (count > heed::longest_text) return false;
        if (memchr(bytes, '\\', count)) return heed::unescape(parser.store, bytes, count, text);
    }
    if (count > heed::longest_text) return false;
    text.bytes = bytes;
    text.count = uint32_t(count);
    return true;
}

// A key's text; keys with escapes are rare and go through the store.
bool read_key(heed_parser &parser, ondemand::field &field, std::string_view &key) {
    const char *begin = field.key().raw();
    const char *end = begin;
    while (*end != '"') {
        if (*end == '\\') {
            const char *stop = end;
            while (*stop != '"') stop += *stop == '\\' ? 2 : 1;
            heed_text text{nullptr, 0};
            if (!heed::unescape(parser.store, reinterpret_cast<const uint8_t *>(begin), size_t(stop - begin), text)) return false;
            key = std::string_view(reinterpret_cast<const char *>(text.bytes), text.count);
            return true;
        }
        end++;
    }
    key = std::string_view(begin, size_t(end - begin));
    return true;
}

struct Slot {
    std::string_view name;
    heed_text *text;
    bool seen;
};

// Fills slots from an object's members; the first of two equal keys wins.
bool read_members(heed_parser &parser, ondemand::object object, Slot *slots, size_t slot_count) {
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field)) return false;
        std::string_view key;
        if (!read_key(parser, field, key)) return false;
        for (size_t i = 0; i < slot_count; i++) {
            if (slots[i].name == key) {
                if (!slots[i].seen) {
                    slots[i].seen = true;
                    if (!read_scalar(parser, field.value(), *slots[i].text)) return false;
                }
                break;
            }
        }
    }
    return true;
}

// Checks a whole text. simdjson refuses unpaired surrogates, which JSON's grammar allows and reports show as U+FFFD.
bool parse_whole(heed_parser &parser, const uint8_t *bytes, size_t count, dom::element &element) {
    if (!parser.dom.parse(bytes, count, true).get(element)) return true;
    std::vector<uint8_t> mended = heed::with_paired_surrogates(bytes, count);
    return !mended.empty() && !parser.dom.parse(mended.data(), count, true).get(element);
}

// Leaves `created_at` as received.
int32_t parse_object(heed_parser &parser, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    padded_string_view view(bytes, count, count + HEED_PADDING);
    if (validate) {
        dom::element element;
        if (!parse_whole(parser, bytes, count, element)) return HEED_LINE_NOT_JSON;
        if (!element.is_object()) return HEED_LINE_NOT_OBJECT;
    }
    ondemand::document document;
    if (parser.on_demand.iterate(view).get(document)) return HEED_LINE_NOT_JSON;
    ondemand::object object;
    if (document.get_object().get(object)) return HEED_LINE_NOT_OBJECT;

    Slot top[] = {{"id", &event.id, false}, {"created_at", &event.created_at, false}, {"action", &event.action, false},
                  {"ip_address", &event.ip_address, false}};
    bool has_actor = false, has_resource = false;
    for (auto result : object) {
        ondemand::field field;
        if (std::move(result).get(field)) return HEED_LINE_NOT_JSON;
        std::string_view key;
        if (!read_key(parser, field, key)) return HEED_LINE_NOT_JSON;
        bool is_actor = key == "actor", is_resource = key == "resource";
        if ((is_actor && !has_actor) || (is_resource && !has_resource)) {
            (is_actor ? has_actor : has_resource) = true;
            ondemand::json_type type;
            if (field.value().type().get(type)) return HEED_LINE_NOT_JSON;
            if (type != ondemand::json_type::object) continue;
            ondemand::object nested;
            if (field.value().get_object().get(nested)) return HEED_LINE_NOT_JSON;
            Slot actor[] = {{"id", &event.actor_id, false}, {"email", &event.actor_email, false}};
            Slot resource[] = {{"type", &event.resource_type, false}, {"id", &event.resource_id, false},
                               {"name", &event.resource_name, false}};
            bool read = is_actor ? read_members(parser, nested, actor, 2) : read_members(parser, nested, resource, 3);
            if (!read) return HEED_LINE_NOT_JSON;
            continue;
        }
        for (auto &slot : top) {
            if (slot.name == key) {
                if (!slot.seen) {
                    slot.seen = true;
                    if (!read_scalar(parser, field.value(), *slot.text)) return HEED_LINE_NOT_JSON;
                }
                break;
            }
        }
    }
    return HEED_LINE_OK;
}

int32_t parse_trimmed(heed_parser &parser, const uint8_t *bytes, size_t count, bool validate, heed_event &event) {
    memset(&event, 0, sizeof event);
    if (count > heed::longest_text) return HEED_LINE_NOT_JSON;
    event.raw = heed_text{bytes, uint32_t(count)};
    if (count == 0) return HEED_LINE_NOT_JSON;
    int32_t status = parse_object(parser, bytes, count, validate, event);
    if (status == HEED_LINE_OK) {
        heed_text fields[heed::field_count];
        for (size_t number = 0; number < heed::field_count; number++) fields[number] = heed::field(event, number);
        parser.shapes.learn(bytes, count, validate, fields);
    }
    // Broken UTF-8 stops simdjson's first stage; the line is evidence all the same and is read from a mended copy.
    if (status == HEED_LINE_NOT_JSON && !validate_utf8(reinterpret_cast<const char *>(bytes), count)) {
        memset(&event, 0, sizeof event);
        event.raw = heed_text{bytes, uint32_t(count)};
        size_t mended_count = 0;
        const uint8_t *mended = heed::repaired(parser.store, bytes, count, mended_count);
        status = parse_object(parser, mended, mended_count, validate, event);
    }
    if (status != HEED_LINE_OK) {
        memset(&event, 0, sizeof event);
        event.raw = heed_text{bytes, uint32_t(count)};
    } else {
        heed::set_time(parser.store, parser.day, event.created_at, event);
    }
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

heed_parser *heed_parser_create(void) { return new (std::nothrow) heed_parser(); }

void heed_parser_free(heed_parser *parser) { delete parser; }

void heed_parser_reset(heed_parser *parser) { parser->store.clear(); }

uint64_t heed_parser_replacements(const heed_parser *parser) { return parser->store.replacements; }

int32_t heed_parse_line(heed_parser *parser, const uint8_t *bytes, size_t count, int32_t validate, heed_event *event) {
    if (parse_alike(*parser, bytes, bytes + count, validate != 0, *event)) return HEED_LINE_OK;
    const uint8_t *newline = static_cast<const uint8_t *>(memchr(bytes, '\n', count));
    if (newline) count = size_t(newline - bytes);
    while (count > 0 && is_space(bytes[0])) { bytes++; count--; }
    while (count > 0 && is_space(bytes[count - 1])) count--;
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
        while (length > 0 && is_space(begin[0])) { begin++; length--; }
        while (length > 0 && is_space(begin[length - 1])) length--;
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

static int64_t whole_number(dom::object object, std::string_view name) {
    int64_t value;
    if (object.at_key(name).get_int64().get(value) || value < 0) return -1;
    return value;
}

heed_page heed_parse_page(heed_parser *parser, const uint8_t *bytes, size_t count) {
    heed_page page = {HEED_PAGE_NOT_JSON, 0, -1, -1, -1, -1, 0};
    parser->page_events.clear();
    try {
        // The whole answer is checked by the DOM parser; On-Demand then gives each event's text as received.
        parser->page_copy.assign(bytes, bytes + count);
        if (!validate_utf8(reinterpret_cast<const char *>(bytes), count)) {
            size_t repaired_count;
            const uint8_t *mended = heed::repaired(parser->store, bytes, count, repaired_count);
            parser->page_copy.assign(mended, mended + repaired_count);
        }
        size_t size = parser->page_copy.size();
        parser->page_copy.resize(size + HEED_PADDING, ' ');
        const uint8_t *text = parser->page_copy.data();
        dom::element root;
        if (!parse_whole(*parser, text, size, root)) return page;
        page.status = HEED_PAGE_WITHOUT_EVENTS;
        const char *list_name = nullptr;
        dom::object object;
        if (!root.get_object().get(object)) {
            if (object.at_key("events").is_array()) list_name = "events";
            else if (object.at_key("data").is_array()) list_name = "data";
            else return page;
            dom::object meta;
            if (!object.at_key("meta").get_object().get(meta)) {
                page.has_meta = 1;
                page.page = whole_number(meta, "page");
                page.per_page = whole_number(meta, "per_page");
                page.total = whole_number(meta, "total");
                page.total_pages = whole_number(meta, "total_pages");
            }
        } else if (!root.is_array()) {
            return page;
        }
        ondemand::document document;
        if (parser->on_demand.iterate(padded_string_view(text, size, size + HEED_PADDING)).get(document)) return page;
        ondemand::array events;
        if (list_name ? document.find_field_unordered(list_name).get_array().get(events) : document.get_array().get(events))
            return page;
        for (auto result : events) {
            ondemand::value element;
            if (std::move(result).get(element)) { page.status = HEED_PAGE_NOT_JSON; return page; }
            std::string_view raw;
            ondemand::json_type type;
            if (element.type().get(type)) { page.status = HEED_PAGE_NOT_JSON; return page; }
            if (type == ondemand::json_type::object) {
                ondemand::object member;
                if (element.get_object().get(member) || member.raw_json().get(raw)) { page.status = HEED_PAGE_NOT_JSON; return page; }
            } else if (type == ondemand::json_type::array) {
                ondemand::array member;
                if (element.get_array().get(member) || member.raw_json().get(raw)) { page.status = HEED_PAGE_NOT_JSON; return page; }
            } else {
                raw = element.raw_json_token();
                while (!raw.empty() && is_space(uint8_t(raw.back()))) raw.remove_suffix(1);
            }
            // The same place in what was received, unless a broken sequence moved it.
            parser->page_events.push_back(heed_text{reinterpret_cast<const uint8_t *>(raw.data()), uint32_t(raw.size())});
        }
        page.event_count = parser->page_events.size();
        page.status = HEED_PAGE_OK;
    } catch (const std::exception &) {
        parser->page_events.clear();
        page.status = HEED_PAGE_NOT_JSON;
    }
    return page;
}

heed_text heed_page_event(const heed_parser *parser, size_t index) { return parser->page_events[index]; }

const char *heed_simdjson_version(void) { return SIMDJSON_VERSION_TEXT; }

} // extern "C"
