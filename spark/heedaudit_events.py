"""Lines of an archive's segments as events: docs/archive-format.md in Python, without Spark.

Texts are bytes of UTF-8. A text that was received as something else than it is shown (`1` is no `"1"`; unpaired surrogates and
bytes that are no UTF-8 are shown as U+FFFD) has a suffix that tells it apart, as the format says.
"""
import hashlib
import json
import re

OBJECTS = {b"actor": (b"id", b"email"), b"resource": (b"type", b"id", b"name")}
TOP = (b"id", b"created_at", b"action", b"ip_address")
SPACE = b" \t\r\n"

_STRING = re.compile(rb'"([^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)"')
_SCALAR = re.compile(rb'-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null')
_SKIP = re.compile(rb'[ \t\r\n]*')
_TIME = re.compile(
    rb'([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?'
    rb'(?:[Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?)')
_PRINTED = re.compile(rb'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,9})?Z')
_NUMBER = re.compile(rb'(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?')
FIRST_SECOND, LAST_SECOND = -62167219200, 253402300799
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class NotJSON(ValueError):
    """A line that is no JSON object."""


# MARK: Texts


class Token(str):
    """A number's token as it stands in the line."""


def _first_counts(pairs):
    found = dict(pairs)
    return found if len(found) == len(pairs) else dict(reversed(pairs))


def _no_number(word):
    raise NotJSON()


_decoder = json.JSONDecoder(object_pairs_hook=_first_counts, parse_int=Token, parse_float=Token, parse_constant=_no_number)


def text_of(value):
    """(as shown, suffix) of a value as the fast reader gives it."""
    kind = type(value)
    if kind is str:
        try:
            return value.encode(), b""
        except UnicodeEncodeError:
            return (re.sub("[\ud800-\udfff]", "\ufffd", value).encode(), b"\xffs" + value.encode("utf-8", "surrogatepass"))
    if kind is Token:
        token = value.encode()
    elif kind is bool:
        token = b"true" if value else b"false"
    else:
        return b"", b""
    return token, b"\xffv" + token


def _string(content):
    """(as shown, suffix) of what stands between a string's quotes; any bytes beyond ASCII."""
    shown, exact, odd = [], [], False
    at = 0
    units = re.split(rb'(\\u[0-9a-fA-F]{4}|\\.)', content)
    while at < len(units):
        unit = units[at]
        at += 1
        if at % 2 == 1:
            # Between escapes: bytes, of which each that is no UTF-8 stands for itself.
            text = unit.decode("utf-8", "surrogateescape")
            if any("\udc80" <= c <= "\udcff" for c in text):
                odd = True
                shown.append(re.sub("[\udc80-\udcff]", "\ufffd", text).encode())
                exact.append(b"".join(
                    bytes((0xFE, ord(c) - 0xDC80)) if "\udc80" <= c <= "\udcff" else c.encode() for c in text))
            else:
                shown.append(unit)
                exact.append(unit)
            continue
        if unit[1:2] != b"u":
            plain = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(unit[1:2], unit[1:2])
            shown.append(plain)
            exact.append(plain)
            continue
        code = int(unit[2:], 16)
        if 0xD800 <= code < 0xDC00 and at + 1 < len(units) and units[at] == b"" and units[at + 1][1:2] == b"u":
            low = int(units[at + 1][2:], 16)
            if 0xDC00 <= low < 0xE000:
                code = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
                at += 2
        if 0xD800 <= code < 0xE000:
            odd = True
            shown.append("\ufffd".encode())
        else:
            shown.append(chr(code).encode())
        exact.append(chr(code).encode("utf-8", "surrogatepass"))
    return b"".join(shown), (b"\xffs" + b"".join(exact) if odd else b"")


class _Slow:
    """Reads any line of RFC 8259, whatever its depth and its bytes."""

    def __init__(self, line):
        self.line, self.at = line, 0

    def peek(self):
        self.at = _SKIP.match(self.line, self.at).end()
        return self.line[self.at:self.at + 1]

    def take(self, pattern):
        found = pattern.match(self.line, self.at)
        if not found or found.end() == self.at:
            raise NotJSON()
        self.at = found.end()
        return found

    def expect(self, byte):
        if self.peek() != byte:
            raise NotJSON()
        self.at += 1

    def pass_over(self):
        """Passes over a value; its scalar's text, and missing for objects, arrays and null."""
        first = self.peek()
        if first == b'"':
            return _string(self.take(_STRING).group(1))
        if first not in (b"{", b"["):
            token = self.take(_SCALAR).group()
            return (b"", b"") if token == b"null" else (token, b"\xffv" + token)
        open_ = []
        while True:
            byte = self.peek()
            if byte in (b"{", b"["):
                open_.append(byte)
                self.at += 1
                continue
            if byte in (b"}", b"]"):
                if not open_ or (open_.pop() == b"{") != (byte == b"}"):
                    raise NotJSON()
                self.at += 1
            elif byte in (b",", b":"):
                self.at += 1
            else:
                self.take(_STRING if byte == b'"' else _SCALAR)
            if not open_:
                return b"", b""

    def members(self, wanted, objects):
        found, met = {}, set()
        self.expect(b"{")
        if self.peek() == b"}":
            self.at += 1
            return found
        while True:
            self.peek()
            key, odd = _string(self.take(_STRING).group(1))
            self.expect(b":")
            first = not odd and key not in met
            met.add(key if not odd else None)
            if first and key in objects and self.peek() == b"{":
                found[key] = self.members(objects[key], {})
            else:
                value = self.pass_over()
                if first and key in wanted:
                    found[key] = value
            if self.peek() == b"}":
                self.at += 1
                return found
            self.expect(b",")


_MISSING = (b"", b"")


def fields(line):
    """The nine texts of a line, each (as shown, suffix): id, created_at, action, actor's id and e-mail, resource's type, id and
    name, address."""
    try:
        top = _decoder.decode(line.decode())
        if type(top) is not dict:
            raise NotJSON()
        get = top.get
        actor, resource = get("actor"), get("resource")
        actor = actor.get if type(actor) is dict else {}.get
        resource = resource.get if type(resource) is dict else {}.get
        return (text_of(get("id")), text_of(get("created_at")), text_of(get("action")),
                text_of(actor("id")), text_of(actor("email")),
                text_of(resource("type")), text_of(resource("id")), text_of(resource("name")), text_of(get("ip_address")))
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError):  # a reader of all JSON decides
        pass
    slow = _Slow(line)
    top = slow.members(TOP, OBJECTS)
    if slow.peek():
        raise NotJSON()
    actor, resource = top.get(b"actor", {}), top.get(b"resource", {})
    return (top.get(b"id", _MISSING), top.get(b"created_at", _MISSING), top.get(b"action", _MISSING),
            actor.get(b"id", _MISSING), actor.get(b"email", _MISSING), resource.get(b"type", _MISSING),
            resource.get(b"id", _MISSING), resource.get(b"name", _MISSING), top.get(b"ip_address", _MISSING))


def identity_of_missing(line):
    """What an event without an id is known by."""
    return b"sha256:" + hashlib.sha256(line).hexdigest().encode()


# MARK: Times


def day_number(year, month, day):
    """Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant's days_from_civil)."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def civil_date(days):
    """Year, month and day of a day since 1970-01-01."""
    days += 719468
    era = days // 146097
    of_era = days - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def time_text(seconds, nanoseconds, digits):
    """RFC 3339 in UTC with so many digits of fraction."""
    days, rest = divmod(seconds, 86400)
    fraction = b".%0*d" % (digits, nanoseconds // 10 ** (9 - digits)) if digits else b""
    return b"%04d-%02d-%02dT%02d:%02d:%02d%sZ" % (
        *civil_date(days), rest // 3600, rest // 60 % 60, rest % 60, fraction)


_days = {}


def _midnight(year, month, day):
    """Seconds since 1970 at which a day begins; None for one that the calendar does not have."""
    key = (year, month, day)
    found = _days.get(key)
    if found is None and key not in _days:
        year, month, day = int(year), int(month), int(day)
        leap = year % 4 == 0 and year % 100 != 0 or year % 400 == 0
        if 1 <= month <= 12 and 1 <= day <= _MONTHS[month - 1] + (month == 2 and leap):
            found = day_number(year, month, day) * 86400
        if len(_days) > 10000:
            _days.clear()
        _days[key] = found
    return found


def read_time(text):
    """(seconds, nanoseconds, digits) of a text; None for one that is no time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    midnight = _midnight(year, month, day)
    hour, minute, second = int(hour), int(minute), int(second)
    if midnight is None or hour > 23 or minute > 59 or second > 60:
        return None
    seconds = midnight + hour * 3600 + minute * 60 + second
    if sign:
        hours, minutes = int(hours), int(minutes or 0)
        if hours > 23 or minutes > 59:
            return None
        seconds -= (hours * 60 + minutes) * (-60 if sign == b"-" else 60)
    if not FIRST_SECOND <= seconds <= LAST_SECOND:
        return None
    fraction = (fraction or b"")[:9]
    return seconds, int(fraction.ljust(9, b"0")), len(fraction)


def read_epoch(token):
    """The same of a JSON number: seconds since 1970, from 10^11 on milliseconds."""
    found = _NUMBER.fullmatch(token)
    if not found:
        return None
    minus, before, behind, below, power = found.groups()
    power = int(power.lstrip(b"0")[:14] or 0) if power else 0
    digits = before + (behind or b"")
    significant = digits.lstrip(b"0")
    point = len(before) - (len(digits) - len(significant)) + (-power if below == b"-" else power)
    count = len(significant)
    if count and point > 15:
        return None
    whole = int(significant[:point].ljust(point, b"0")) if count and point > 0 else 0
    shift = 3 if whole >= 10 ** 11 and not minus else 0
    places = max(0, count - (point - shift))
    # Digits behind the point, twelve at most: what is behind the ninth of a second is cut off.
    rest = significant[point:] if point > 0 else b"0" * min(-point, 12) + significant if count else b""
    nanoseconds = int(rest[:9 - shift].ljust(9 - shift, b"0"))
    if shift:
        nanoseconds += whole % 1000 * 10 ** 6
        whole //= 1000
    if minus:
        whole = -whole
        if nanoseconds:
            whole, nanoseconds = whole - 1, 10 ** 9 - nanoseconds
    return (whole, nanoseconds, min(places, 9)) if FIRST_SECOND <= whole <= LAST_SECOND else None


def event_time(received):
    """((seconds, nanoseconds), text) of a `created_at` as received; None for an undated event."""
    text, suffix = received
    if suffix:
        found = read_epoch(text) if suffix[1:2] == b"v" else None
    else:
        found = read_time(text)
    if not found:
        return None
    if not suffix and _PRINTED.fullmatch(text):
        return found[:2], text
    return found[:2], time_text(*found)


# MARK: Keys


def encoded(*parts):
    """Texts as one, which sorts as they do part after part, and from which they can be taken again."""
    return b"".join([part.replace(b"\0", b"\0\1") + b"\0\0" for part in parts])


def decoded(key):
    """The texts of a key."""
    return [part.replace(b"\0\1", b"\0") for part in key.split(b"\0\0")[:-1]]


def key(*texts):
    """What tells a thing from all others, and sorts as the tables do: by what is shown, then by suffixes, where one has any."""
    shown = encoded(*[text[0] for text in texts])
    return shown + encoded(*[text[1] for text in texts]) if any(text[1] for text in texts) else shown


def time_key(moment):
    """Eleven bytes that sort as times do, undated events first."""
    if moment is None:
        return bytes(11)
    return b"\1" + (moment[0] + (1 << 40)).to_bytes(6, "big") + moment[1].to_bytes(4, "big")


# MARK: Cells of CSV

_LARGEST = 1 << 20
_LOOKED_AT = re.compile(rb"""[\x00,;|\t\r\n"]|\A[ '+\-=@\xc2\xef]""")
_FORMULA = re.compile(
    rb"(?:\A|(?<=[,;|\t\r\n]))(?='*(?: |\xc2\xa0)*(?:[=+\-@\t\r\n]|\xef\xbc[\x9d\x8b\x8d\xa0]))")
_QUOTED = re.compile(rb'[,"\r\n]')


def cell(text):
    """A text as a cell: cut above 1 MiB, apostrophes before formulas, quotes where they are needed."""
    if len(text) > _LARGEST:
        end = _LARGEST
        while end > 0 and text[end] & 0xC0 == 0x80:
            end -= 1
        text = text[:end] + "… (cut: %d of %d bytes)".encode() % (end, len(text))
    if not _LOOKED_AT.search(text):
        return text
    text = _FORMULA.sub(b"'", text.replace(b"\0", b"\xef\xbf\xbd"))
    return b'"' + text.replace(b'"', b'""') + b'"' if _QUOTED.search(text) else text
