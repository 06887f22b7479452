// simdjson behind a C interface: reads events and audit-log answers without copying what it need not copy.
//
// Texts are borrowed: they point into the input, or into the parser's side buffer when a string held an escape or the
// line was not UTF-8. They live until the input goes, or the parser parses its next block.
#ifndef HEEDAUDIT_CSIMDJSON_H
#define HEEDAUDIT_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How many bytes behind an input must be readable. Their content does not matter.
#define HEED_PADDING 64

// UTF-8 text; count 0 means that the value is missing, null or empty.
typedef struct {
    const uint8_t *bytes;
    uint32_t count;
} heed_text;

// One event. `created_at` is RFC 3339 in UTC with the digits of fraction received (at most nine).
typedef struct {
    heed_text raw;
    heed_text id;
    heed_text created_at;
    heed_text action;
    heed_text actor_id;
    heed_text actor_email;
    heed_text resource_type;
    heed_text resource_id;
    heed_text resource_name;
    heed_text ip_address;
    int64_t seconds;       // since 1970-01-01T00:00:00Z
    uint32_t nanoseconds;
    uint8_t fraction_digits;
    uint8_t undated;       // 1: no usable time; seconds and nanoseconds are 0
    uint32_t marks[2];     // 0; for whoever reads the event to note something of its own
} heed_event;

// Why a line is not an event.
enum { HEED_LINE_OK = 0, HEED_LINE_NOT_JSON = 1, HEED_LINE_NOT_OBJECT = 2 };

// What an audit-log answer is.
enum { HEED_PAGE_OK = 0, HEED_PAGE_NOT_JSON = 1, HEED_PAGE_WITHOUT_EVENTS = 2 };

// The facts of an audit-log answer beside its events; -1 stands for a number that is absent or not a whole number.
typedef struct {
    int32_t status;
    int32_t has_meta;
    int64_t page;
    int64_t per_page;
    int64_t total;
    int64_t total_pages;
    size_t event_count;
} heed_page;

typedef struct heed_parser heed_parser;

// A parser may be used by one thread at a time. NULL when memory is short.
heed_parser *heed_parser_create(void);
void heed_parser_free(heed_parser *parser);

// Reads the first line of `bytes` (up to a newline or `count`) as one event.
// `validate` 1: the whole line is checked, values that are not looked at included.
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

// How many unpaired surrogates and broken UTF-8 sequences were shown as U+FFFD since the parser was made.
uint64_t heed_parser_replacements(const heed_parser *parser);

// Splits an audit-log answer: {"events":[…],"meta":{…}}, or "data" in place of "events", or a bare array.
// The raw text of event number i is read with heed_page_event after this call and until the next.
heed_page heed_parse_page(heed_parser *parser, const uint8_t *bytes, size_t count);
heed_text heed_page_event(const heed_parser *parser, size_t index);

// The library's version, such as "3.0.1".
const char *heed_simdjson_version(void);

#ifdef __cplusplus
}
#endif
#endif
