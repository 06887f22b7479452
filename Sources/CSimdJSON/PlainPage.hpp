// Takes an audit-log answer apart in one pass, whatever its events hold.
#ifndef HEEDAUDIT_PLAINPAGE_HPP
#define HEEDAUDIT_PLAINPAGE_HPP

#include "CSimdJSON.h"
#include "Decimal.hpp"
#include "JSONReader.hpp"
#include "JSONText.hpp"

#include <algorithm>
#include <vector>

namespace heed {

// Whether a value of checked JSON is null, false, 0 or empty, whatever blanks stand where something could.
inline bool says_nothing(const uint8_t *begin, const uint8_t *end) {
    std::string_view value(reinterpret_cast<const char *>(begin), size_t(end - begin));
    for (std::string_view nothing : {"null", "false", "0", "\"\""}) if (value == nothing) return true;
    bool may_be_empty = value.size() > 1 && (*begin == '{' || *begin == '[');
    return may_be_empty && std::all_of(begin + 1, end - 1, is_space);
}

// Reads the elements of an array whose bracket was read.
inline int32_t read_elements(JSONReader &reader, std::vector<heed_text> &elements) {
    while (true) {
        JSONReader::Token token = reader.next();
        if (token == JSONReader::array_end) return HEED_PAGE_OK;
        const uint8_t *begin = reader.begin();
        if (!reader.pass_over(token)) return HEED_PAGE_NOT_JSON;
        if (elements.size() == HEED_PAGE_MOST_EVENTS) return HEED_PAGE_TOO_LARGE;
        elements.push_back(heed_text{begin, uint32_t(reader.behind() - begin), 0});
    }
}

// What is found in an answer that is an object, or in its "data": the first of two equal keys counts.
class PageMembers {
public:
    heed_page page = {HEED_PAGE_WITHOUT_EVENTS, -1, -1, -1, 0, 0, 0};

    // Reads the members of the object whose brace was read.
    int32_t read(JSONReader &reader) {
        int32_t status = read_members(reader, answer, true);
        return status == HEED_PAGE_OK && !list() ? HEED_PAGE_WITHOUT_EVENTS : status;
    }

    // The events are those of "events", wherever it stands, else those of "data", or of the "events" inside of it.
    std::vector<heed_text> *list() {
        for (List *found : {&answer.events, &answer.data, &inner.events}) if (found->is_there) return &found->elements;
        return nullptr;
    }

private:
    struct List {
        std::vector<heed_text> elements;
        bool is_seen = false, is_there = false;
    };

    // Where events may stand in an object.
    struct Place {
        List events, data;
        bool saw_meta = false, saw_pagination = false;
    };

    Place answer, inner;

    static bool is_named(const JSONReader &reader, std::string_view name) {
        return is_key(reader.begin() + 1, reader.count() - 2, name);
    }

    static bool is_first(const JSONReader &reader, std::string_view name, bool &is_seen) {
        if (is_seen || !is_named(reader, name)) return false;
        is_seen = true;
        return true;
    }

    // What a member's name says of the answer where its value says anything; null for any other name.
    int32_t *remark(const JSONReader &reader) {
        for (std::string_view name : {"has_more", "next", "next_cursor"}) if (is_named(reader, name)) return &page.has_more;
        for (std::string_view name : {"error", "errors"}) if (is_named(reader, name)) return &page.has_error;
        return nullptr;
    }

    // Passes over the value of a member, and notes what it says.
    static int32_t read_remark(JSONReader &reader, JSONReader::Token token, int32_t *remark) {
        const uint8_t *begin = reader.begin();
        if (!reader.pass_over(token)) return HEED_PAGE_NOT_JSON;
        if (!remark) return HEED_PAGE_OK;
        if (!says_nothing(begin, reader.behind())) *remark = 1;
        return HEED_PAGE_OK;
    }

    int32_t read_members(JSONReader &reader, Place &place, bool is_outermost) {
        while (true) {
            JSONReader::Token token = reader.next();
            if (token == JSONReader::object_end) return HEED_PAGE_OK;
            if (token != JSONReader::key) return HEED_PAGE_NOT_JSON;
            bool is_events = is_first(reader, "events", place.events.is_seen);
            bool is_data = is_outermost && is_first(reader, "data", place.data.is_seen);
            bool is_meta = is_first(reader, "meta", place.saw_meta) || is_first(reader, "pagination", place.saw_pagination);
            int32_t *said = remark(reader);
            token = reader.next();
            int32_t status = HEED_PAGE_OK;
            if (is_events) status = read_list(reader, token, place.events);
            else if (is_data && token != JSONReader::object) status = read_list(reader, token, place.data);
            else if (is_data) status = read_members(reader, inner, false);
            else if (is_meta && token == JSONReader::object) status = read_meta(reader, true);
            else status = read_remark(reader, token, said);
            if (status != HEED_PAGE_OK) return status;
        }
    }

    // Null is a list without events.
    int32_t read_list(JSONReader &reader, JSONReader::Token token, List &list) {
        list.is_there = token == JSONReader::array || (token == JSONReader::word && *reader.begin() == 'n');
        if (token == JSONReader::array) return read_elements(reader, list.elements);
        return reader.pass_over(token) ? HEED_PAGE_OK : HEED_PAGE_NOT_JSON;
    }

    // The meta of an envelope may hold a request id alone: a number is what the first meta says that tells it. Of two totals the
    // larger counts, for with the smaller one a part would be taken for the whole.
    int32_t read_meta(JSONReader &reader, bool is_outermost) {
        struct Number {
            std::string_view name;
            int64_t *value;
            bool is_seen;
        } numbers[] = {{"per_page", &page.per_page, false}, {"total", &page.total, false},
                       {"total_pages", &page.total_pages, false}};
        bool saw_pagination = !is_outermost;
        while (true) {
            JSONReader::Token token = reader.next();
            if (token == JSONReader::object_end) return HEED_PAGE_OK;
            if (token != JSONReader::key) return HEED_PAGE_NOT_JSON;
            int64_t *value = nullptr;
            for (Number &number : numbers) if (is_first(reader, number.name, number.is_seen)) value = number.value;
            bool is_meta = is_first(reader, "pagination", saw_pagination);
            int32_t *said = remark(reader);
            token = reader.next();
            bool may_be_number = token == JSONReader::number || token == JSONReader::text;
            if (value && may_be_number && (*value < 0 || value == &page.total))
                *value = std::max(*value, whole_number(reader.begin(), reader.count()));
            int32_t status = is_meta && token == JSONReader::object ? read_meta(reader, false) : read_remark(reader, token, said);
            if (status != HEED_PAGE_OK) return status;
        }
    }
};

// Splits an answer; `events` are its elements as received.
inline heed_page read_page(const uint8_t *bytes, size_t count, std::vector<heed_text> &events) {
    PageMembers members;
    heed_page &page = members.page;
    if (count > HEED_PAGE_MOST_BYTES) {
        page.status = HEED_PAGE_TOO_LARGE;
        return page;
    }
    JSONReader reader(bytes, bytes + count);
    std::vector<heed_text> bare;
    JSONReader::Token first = reader.next();
    if (first == JSONReader::object) page.status = members.read(reader);
    else if (first == JSONReader::array) page.status = read_elements(reader, bare);
    else page.status = reader.pass_over(first) ? HEED_PAGE_WITHOUT_EVENTS : HEED_PAGE_NOT_JSON;
    if (page.status != HEED_PAGE_TOO_LARGE && page.status != HEED_PAGE_NOT_JSON && reader.next() != JSONReader::finished)
        page.status = HEED_PAGE_NOT_JSON;
    if (page.status != HEED_PAGE_OK) return page;
    events = std::move(first == JSONReader::array ? bare : *members.list());
    page.event_count = events.size();
    return page;
}

} // namespace heed

#endif
