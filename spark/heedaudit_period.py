"""The period that is asked for, as the tool reads it: names of months, quarters and years, dates in a time zone, times."""
import re
from datetime import datetime, timezone

import heedaudit_events as events


def period_of(arguments):
    """(from, to) as (seconds, nanoseconds), None for an open end."""
    from zoneinfo import ZoneInfo
    zone = ZoneInfo(arguments.time_zone)

    def offset(seconds):
        moment = datetime.fromtimestamp(seconds // 900 * 900, timezone.utc).astimezone(zone)
        return int(moment.utcoffset().total_seconds())

    def start(year, month, day=1):
        midnight = events.day_number(year, month, day) * 86400
        before, after = (midnight - offset(midnight + step) for step in (-86400, 86400))
        # Where the clock is set back there can be two midnights, and the first counts; set forward, there can be none.
        return next((at for at in sorted((before, after)) if at + offset(at) == midnight), before), 0

    def months(first, count):
        return tuple(start(number // 12, number % 12 + 1) for number in (first, first + count))

    def end(text):
        found = events.read_time(text.encode())
        if found:
            return found[:2]
        year, month, day = (int(part) for part in text.split("-"))
        if events.civil_date(events.day_number(year, month, day)) != (year, month, day):
            raise ValueError(text)
        return start(year, month, day)

    name = arguments.period
    if arguments.begin or arguments.end:
        if name != "all":
            raise ValueError("--period does not go with --from and --to")
        span = tuple(end(text) if text else None for text in (arguments.begin, arguments.end))
        if None not in span and span[0] >= span[1]:
            raise ValueError("--from is not before --to")
        return span
    if not re.fullmatch(r"all|[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?", name):
        raise ValueError(f"{name} is none of 2026-03, 2026-Q1, 2026 and all")
    if name == "all":
        return None, None
    year, _, part = name.partition("-")
    first = int(year) * 12
    if not part:
        return months(first, 12)
    return months(first + int(part[1:]) * 3 - 3, 3) if part[0] == "Q" else months(first + int(part) - 1, 1)


def overlaps(segment, span):
    """Whether a segment may hold events of a span."""
    begin, end = span
    if not segment["placed"] or span == (None, None):
        return True
    if segment["first"] is None:
        return False
    return not (begin and tuple(segment["last"]) < begin) and not (end and tuple(segment["first"]) >= end)
