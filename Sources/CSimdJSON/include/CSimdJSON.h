// simdjson behind a C interface: reads events and audit-log answers without copying what it need not copy.
//
// Whatever RFC 8259 calls JSON is read, bytes inside of texts that are no UTF-8 included: what simdjson refuses (numbers beyond
// 64 bits, deep nesting, unpaired surrogates, broken UTF-8) by a reader of our own.
//
// Texts are borrowed: they point into the input, or into the parser's side buffer when they do not stand in the line as they
// are shown. They live until the input goes, or the parser parses its next block.
#ifndef HEEDAUDIT_CSIMDJSON_H
#define HEEDAUDIT_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many bytes behind an input must be readable. Their content does not matter.
#define HEED_PADDING 64

// UTF-8 text as it is shown; count 0 means that the value is missing, null or empty.
//
// Texts that are shown alike may have been received as different values: `1` and `"1"`, two unpaired surrogates, two bytes
// that are no UTF-8. An odd one has a suffix behind it, which tells it from the others: FF (no byte of UTF-8), `s` for a string
// or `v` for another scalar, then the string with each unpaired surrogate as three bytes and each byte that is no UTF-8 as FE
// and the byte less 80, or the scalar's token.
typedef struct {
    const uint8_t *bytes;
    uint32_t count;
    uint32_t suffix;       // how many bytes more
} heed_text;

// What a field tells of an event: which it is, when it happened, what happened (which never changes), or what something was
// called at that time.
enum { HEED_TELLS_IDENTITY = 0, HEED_TELLS_TIME = 1, HEED_TELLS_CORE = 2, HEED_TELLS_LABEL = 3 };

// The fields of an event in the order of events.csv: the name of the column, the object in the event that holds it ("" for the
// event itself), its key there, and what it tells. Everything that goes through the fields of an event goes by this list.
#define HEED_EVENT_FIELDS(FIELD)                                  \
    FIELD(id, "", "id", HEED_TELLS_IDENTITY)                      \
    FIELD(created_at, "", "created_at", HEED_TELLS_TIME)          \
    FIELD(action, "", "action", HEED_TELLS_CORE)                  \
    FIELD(actor_id, "actor", "id", HEED_TELLS_CORE)               \
    FIELD(actor_email, "actor", "email", HEED_TELLS_LABEL)        \
    FIELD(resource_type, "resource", "type", HEED_TELLS_CORE)     \
    FIELD(resource_id, "resource", "id", HEED_TELLS_CORE)         \
    FIELD(resource_name, "resource", "name", HEED_TELLS_LABEL)    \
    FIELD(ip_address, "", "ip_address", HEED_TELLS_CORE)

#define HEED_FIELD_NUMBER(name, object, key, tells) HEED_FIELD_##name,
enum { HEED_EVENT_FIELDS(HEED_FIELD_NUMBER) HEED_FIELD_COUNT };

// A line of the list.
typedef struct {
    const char *name;
    const char *object;
    const char *key;
    int32_t tells;
} heed_event_field;

// The list: HEED_FIELD_COUNT lines.
const heed_event_field *heed_event_fields(void);

// One event: its line, the text of each field, and its time. `created_at` is RFC 3339 in UTC with the digits of fraction
// received (at most nine).
#define HEED_FIELD_TEXT(name, object, key, tells) heed_text name;
typedef struct {
    heed_text raw;
    HEED_EVENT_FIELDS(HEED_FIELD_TEXT)
    int64_t seconds;       // since 1970-01-01T00:00:00Z
    uint32_t nanoseconds;
    uint8_t fraction_digits;
    uint8_t undated;       // 1: no usable time; seconds and nanoseconds are 0
} heed_event;

// The text of a field by its number; the texts stand one behind the other, as in the list.
static inline const heed_text *heed_event_text(const heed_event *event, size_t number) {
    return (const heed_text *)(const void *)((const char *)event + offsetof(heed_event, id) + number * sizeof(heed_text));
}

// Why a line is not an event: it is no JSON, no object, or has no `action` that is a string.
enum { HEED_LINE_OK = 0, HEED_LINE_NOT_JSON = 1, HEED_LINE_NOT_OBJECT = 2, HEED_LINE_NOT_EVENT = 3 };

// What an audit-log answer is.
enum { HEED_PAGE_OK = 0, HEED_PAGE_NOT_JSON = 1, HEED_PAGE_WITHOUT_EVENTS = 2, HEED_PAGE_TOO_LARGE = 3 };

// An answer of more bytes, or of more elements, is not taken apart.
#define HEED_PAGE_MOST_BYTES 67108864
#define HEED_PAGE_MOST_EVENTS 100000

// The facts of an audit-log answer beside its events; -1 stands for a number that is absent, or not read by
// heed_whole_number.
typedef struct {
    int32_t status;
    int64_t per_page;
    int64_t total;
    int64_t total_pages;
    size_t event_count;
    // Whether the answer says that more follow the page (has_more, next, next_cursor), and that something went wrong.
    int32_t has_more;
    int32_t has_error;
} heed_page;

typedef struct heed_parser heed_parser;

// A parser may be used by one thread at a time. NULL when memory is short.
heed_parser *heed_parser_create(void);
void heed_parser_free(heed_parser *parser);

// Reads the first line of `bytes` (up to a newline or `count`) as one event.
// `validate` 1: for what was never archived; the whole line is checked, values that are not looked at included, and an object
// without an `action` that is a string is no event.
// Texts stay valid until heed_parser_reset.
int32_t heed_parse_line(heed_parser *parser, const uint8_t *bytes, size_t count, int32_t validate, heed_event *event);

// Reads lines until `capacity` lines are read or the input ends; a last line without newline counts as a line, blank
// lines are passed over. `statuses` holds one HEED_LINE_ value an event; for a line that is no event only `raw` is set.
// Returns how many were read; `consumed` says how far. Texts stay valid until heed_parser_reset.
size_t heed_parse_lines(
    heed_parser *parser, const uint8_t *bytes, size_t count, int32_t validate, heed_event *events, uint8_t *statuses,
    size_t capacity, size_t *consumed);

// Gives the side buffer's texts up.
void heed_parser_reset(heed_parser *parser);

// Reads a line, without white space around it, by our own reader alone, as `validate` 1 does: what simdjson reads it must read
// alike.
int32_t heed_parse_line_plainly(heed_parser *parser, const uint8_t *bytes, size_t count, heed_event *event);

// How many unpaired surrogates and bytes that are no UTF-8 were shown as U+FFFD since the parser was made.
uint64_t heed_parser_replacements(const heed_parser *parser);

// Reads the time that a text is, or with `is_number` a JSON number; false for one that is none.
int32_t heed_read_time(
    const uint8_t *bytes, size_t count, int32_t is_number, int64_t *seconds, uint32_t *nanoseconds);

// A day of the proleptic Gregorian calendar; month and day from 1.
typedef struct {
    int64_t year;
    int32_t month;
    int32_t day;
} heed_date;

// The date of a day counted from 1970-01-01, and the other way round; parts are not checked.
heed_date heed_date_of_day(int64_t day);
int64_t heed_day_of_date(heed_date date);

// Splits an audit-log answer: {"events":[…],"meta":{…}}, or "data" in place of "events", or a bare array.
// The raw text of event number i is read with heed_page_event after this call and until the next; it points into `bytes`, of
// which nothing behind `count` is looked at.
heed_page heed_parse_page(heed_parser *parser, const uint8_t *bytes, size_t count);
heed_text heed_page_event(const heed_parser *parser, size_t index);

// A JSON text's tokens, one after the other. Keys and strings have their quotes.
typedef struct heed_json heed_json;
enum {
    HEED_JSON_BROKEN = 0, HEED_JSON_FINISHED = 1, HEED_JSON_OBJECT = 2, HEED_JSON_OBJECT_END = 3, HEED_JSON_ARRAY = 4,
    HEED_JSON_ARRAY_END = 5, HEED_JSON_KEY = 6, HEED_JSON_TEXT = 7, HEED_JSON_NUMBER = 8, HEED_JSON_WORD = 9
};

// NULL when memory is short. `bytes` must stay until heed_json_free; nothing behind `count` is looked at.
heed_json *heed_json_create(const uint8_t *bytes, size_t count);
void heed_json_free(heed_json *json);

// The next token and where it stands; broken for what is no JSON, from then on, too.
int32_t heed_json_next(heed_json *json, const uint8_t **token, size_t *count);

// Whether a value of checked JSON, as written, is null, false, 0 or empty.
int32_t heed_says_nothing(const uint8_t *value, size_t count);

// A value of checked JSON, as written, that is a whole number from 0 to 2^63 - 1, also as 250.0, 2.5e2 or "250"; -1 for another.
int64_t heed_whole_number(const uint8_t *value, size_t count);

// Writes what the content of a checked string says, at most three bytes for each of it. 1: so that no two strings become one, as
// in a suffix (see heed_text); 2: with U+FFFD for a byte that is no UTF-8.
enum { HEED_WRITING_SHOWN = 0, HEED_WRITING_EXACT = 1, HEED_WRITING_MENDED = 2 };
size_t heed_json_write(const uint8_t *content, size_t count, int32_t writing, uint8_t *out);

// The library's version, such as "3.0.1".
const char *heed_simdjson_version(void);

#ifdef __cplusplus
}
#endif
#endif
