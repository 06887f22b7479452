#include "CSimdJSON.h"
#include "LineShapes.hpp"

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

namespace {

using heed::longest_text;

// Memory for texts that can't point into the input. Blocks never move, so texts stay where they are.
class TextStore {
public:
    uint8_t *reserve(size_t count) {
        if (blocks.empty() || used + count > size) {
            // The size is set last: a failed allocation must not leave one that no block has.
            size_t larger = count > minimum ? count : minimum;
            blocks.push_back(std::unique_ptr<uint8_t[]>(new uint8_t[larger]));
            size = larger;
            used = 0;
        }
        return blocks.back().get() + used;
    }
    void commit(size_t count) { used += count; }
    void clear() {
        if (blocks.size() > 1 || size > minimum) {
            blocks.clear();
            size = 0;
        }
        used = 0;
    }

private:
    static const size_t minimum = 1 << 16;
    std::vector<std::unique_ptr<uint8_t[]>> blocks;
    size_t used = 0;
    size_t size = 0;
};

} // namespace

struct heed_parser {
    ondemand::parser on_demand;
    dom::parser dom;
    TextStore store;
    std::vector<heed_text> page_events;
    std::vector<uint8_t> page_copy;
    heed::LineShapes shapes;
    uint64_t replacements = 0;
};

namespace {

bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

size_t put_code_point(uint8_t *out, uint32_t code) {
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

bool read_hex4(const uint8_t *bytes, const uint8_t *end, uint32_t &code) {
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
bool unescape(heed_parser &parser, const uint8_t *bytes, size_t count, heed_text &text) {
    // A text never grows: \uXXXX takes six bytes and gives at most three.
    uint8_t *begin = parser.store.reserve(count);
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
                parser.replacements++;
            }
            out += put_code_point(out, code);
            break;
        }
        default: return false;
        }
    }
    text.bytes = begin;
    text.count = uint32_t(out - begin);
    parser.store.commit(size_t(out - begin));
    return true;
}

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
        if (count > longest_text) return false;
        if (memchr(bytes, '\\', count)) return unescape(parser, bytes, count, text);
    }
    if (count > longest_text) return false;
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
            if (!unescape(parser, reinterpret_cast<const uint8_t *>(begin), size_t(stop - begin), text)) return false;
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

bool two_digits(const uint8_t *bytes, int &value) {
    if (bytes[0] < '0' || bytes[0] > '9' || bytes[1] < '0' || bytes[1] > '9') return false;
    value = (bytes[0] - '0') * 10 + (bytes[1] - '0');
    return true;
}

// Days since 1970-01-01 of a civil date (Howard Hinnant's days_from_civil).
int64_t days_from_civil(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_days(int64_t days, int64_t &year, int &month, int &day) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    day = int(day_of_year - (153 * shifted + 2) / 5 + 1);
    month = int(shifted < 10 ? shifted + 3 : shifted - 9);
    year = year_of_era + era * 400 + (month <= 2);
}

int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

void put_digits(uint8_t *out, int64_t value, int count) {
    for (int i = count - 1; i >= 0; i--) { out[i] = uint8_t('0' + value % 10); value /= 10; }
}

// Reads an RFC 3339 time. A leap second (:60) is the first instant of the next minute. Sets the printed text, which
// points into the input when that is already what we print.
bool read_time(heed_parser &parser, heed_text text, heed_event &event) {
    const uint8_t *b = text.bytes;
    size_t count = text.count;
    if (count < 20 || count > 64) return false;
    int century, low, month, day, hour, minute, second;
    if (!two_digits(b, century) || !two_digits(b + 2, low) || b[4] != '-' || !two_digits(b + 5, month) || b[7] != '-'
        || !two_digits(b + 8, day) || (b[10] != 'T' && b[10] != 't' && b[10] != ' ') || !two_digits(b + 11, hour)
        || b[13] != ':' || !two_digits(b + 14, minute) || b[16] != ':' || !two_digits(b + 17, second))
        return false;
    int year = century * 100 + low;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60)
        return false;
    size_t at = 19;
    uint32_t nanoseconds = 0;
    int digits = 0, kept = 0;
    if (b[at] == '.') {
        at++;
        while (at < count && b[at] >= '0' && b[at] <= '9') {
            if (digits < 9) { nanoseconds = nanoseconds * 10 + (b[at] - '0'); kept++; }
            digits++;
            at++;
        }
        if (digits == 0) return false;
    }
    for (int i = kept; i < 9; i++) nanoseconds *= 10;
    if (at >= count) return false;
    int64_t offset = 0;
    bool is_zulu = b[at] == 'Z';
    if (b[at] == 'Z' || b[at] == 'z') {
        at++;
    } else if ((b[at] == '+' || b[at] == '-') && count - at == 6) {
        int hours, minutes;
        if (!two_digits(b + at + 1, hours) || b[at + 3] != ':' || !two_digits(b + at + 4, minutes) || hours > 23 || minutes > 59)
            return false;
        offset = (hours * 60 + minutes) * 60 * (b[at] == '-' ? -1 : 1);
        at += 6;
    }
    if (at != count) return false;
    int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    event.seconds = seconds;
    event.nanoseconds = nanoseconds;
    event.fraction_digits = uint8_t(kept);
    if (is_zulu && b[10] == 'T' && second < 60 && digits == kept) {
        event.created_at = text;
        return true;
    }
    int64_t civil_year;
    int64_t day_number = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
    int64_t of_day = seconds - day_number * 86400;
    civil_from_days(day_number, civil_year, month, day);
    if (civil_year < 0 || civil_year > 9999) return false;
    uint8_t *out = parser.store.reserve(40);
    memcpy(out, "0000-00-00T00:00:00", 19);
    put_digits(out, civil_year, 4); put_digits(out + 5, month, 2); put_digits(out + 8, day, 2);
    put_digits(out + 11, of_day / 3600, 2); put_digits(out + 14, of_day / 60 % 60, 2); put_digits(out + 17, of_day % 60, 2);
    size_t length = 19;
    if (kept > 0) {
        out[length++] = '.';
        uint32_t fraction = nanoseconds;
        for (int i = kept; i < 9; i++) fraction /= 10;
        put_digits(out + length, fraction, kept);
        length += size_t(kept);
    }
    out[length++] = 'Z';
    event.created_at = heed_text{out, uint32_t(length)};
    parser.store.commit(length);
    return true;
}

// The length of the UTF-8 sequence at `bytes`, 0 when it is broken.
size_t sequence_length(const uint8_t *bytes, const uint8_t *end) {
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
const uint8_t *repaired(heed_parser &parser, const uint8_t *bytes, size_t count, size_t &repaired_count) {
    uint8_t *begin = parser.store.reserve(count * 3 + HEED_PADDING);
    uint8_t *out = begin;
    const uint8_t *end = bytes + count;
    while (bytes < end) {
        size_t length = sequence_length(bytes, end);
        if (length == 0) {
            out += put_code_point(out, 0xFFFD);
            parser.replacements++;
            bytes++;
        } else {
            memcpy(out, bytes, length);
            out += length;
            bytes += length;
        }
    }
    repaired_count = size_t(out - begin);
    memset(out, ' ', HEED_PADDING);
    parser.store.commit(repaired_count + HEED_PADDING);
    return begin;
}

// A copy in which the escapes of unpaired surrogates read \uFFFD; every byte keeps its place. Empty when there are none.
std::vector<uint8_t> with_paired_surrogates(const uint8_t *bytes, size_t count) {
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

// Checks a whole text. simdjson refuses unpaired surrogates, which JSON's grammar allows and reports show as U+FFFD.
bool parse_whole(heed_parser &parser, const uint8_t *bytes, size_t count, dom::element &element) {
    if (!parser.dom.parse(bytes, count, true).get(element)) return true;
    std::vector<uint8_t> mended = with_paired_surrogates(bytes, count);
    return !mended.empty() && !parser.dom.parse(mended.data(), count, true).get(element);
}

// Takes the time of an event as received; one that is no time leaves the event undated.
void set_time(heed_parser &parser, heed_text created_at, heed_event &event) {
    if (created_at.count > 0 && read_time(parser, created_at, event)) return;
    event.undated = 1;
    event.seconds = 0;
    event.nanoseconds = 0;
    event.created_at = heed_text{nullptr, 0};
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
    if (count > longest_text) return HEED_LINE_NOT_JSON;
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
        const uint8_t *mended = repaired(parser, bytes, count, mended_count);
        status = parse_object(parser, mended, mended_count, validate, event);
    }
    if (status != HEED_LINE_OK) {
        memset(&event, 0, sizeof event);
        event.raw = heed_text{bytes, uint32_t(count)};
    } else {
        set_time(parser, event.created_at, event);
    }
    return status;
}

// Reads a line like one that was read before; null when there was none like it.
const uint8_t *parse_alike(heed_parser &parser, const uint8_t *begin, const uint8_t *end, bool validate, heed_event &event) {
    memset(&event, 0, sizeof event);
    const uint8_t *line_end = parser.shapes.read(begin, end, validate, event);
    if (line_end) set_time(parser, event.created_at, event);
    return line_end;
}

} // namespace

extern "C" {

heed_parser *heed_parser_create(void) { return new (std::nothrow) heed_parser(); }

void heed_parser_free(heed_parser *parser) { delete parser; }

void heed_parser_reset(heed_parser *parser) { parser->store.clear(); }

uint64_t heed_parser_replacements(const heed_parser *parser) { return parser->replacements; }

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
            const uint8_t *mended = repaired(*parser, bytes, count, repaired_count);
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
