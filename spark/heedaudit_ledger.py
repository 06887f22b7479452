"""An organization's ledger, as docs/archive-format.md describes it: which segments count, and what is superseded."""
import hashlib
import json
import re

from heedaudit_events import encoded, read_time

NEWEST_FORMAT = 2
ZEROS = "0" * 64
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PATHS = {room: re.compile(room + r"/[0-9]{1,15}\.ndjson") for room in ("events", "variants", "unreadable")}
_MOST = 1 << 40


class Stopped(Exception):
    """Why an organization's tables can't be made."""


def folder_name(organization):
    """An organization's id, made safe."""
    name = ""
    for index, byte in enumerate(organization.encode()):
        char = chr(byte)
        plain = char.isascii() and (char.isalnum() or char in "-_" or (char == "." and index > 0))
        name += char if plain else "%%%02X" % byte
    if not name:
        return "%"
    return name if len(name) <= 200 else name[:130] + "%" + hashlib.sha256(organization.encode()).hexdigest()


def _number(value):
    return type(value) is int and 0 <= value <= _MOST


def _files(entry, number, room, named, newer):
    """The files of a room that an entry names, looked at."""
    found = entry.get(room if room != "events" else "segments") or []
    for file in found:
        path = file.get("file")
        told = f"ledger.ndjson:{number}"
        if not isinstance(path, str) or not _PATHS[room].fullmatch(path):
            raise Stopped(f"{told} names a file that is none of its archive's {room}")
        if path in named:
            raise Stopped(f"{told} names {path}, which is named already")
        named.add(path)
        if not _DIGEST.fullmatch(str(file.get("sha256"))):
            raise Stopped(f"{told} tells no digest of {path}")
        if not _number(file.get("count")) or not _number(file.get("bytes", 0)) or (newer and "bytes" not in file):
            raise Stopped(f"{told} tells no size of {path}")
        ends = [file.get("first_at"), file.get("last_at")]
        if (ends[0] is None) != (ends[1] is None) or any(end is not None and not read_time(end.encode()) for end in ends):
            raise Stopped(f"{told} tells a time of {path} that is none")
    return found


def _instant(text):
    return read_time(text.encode())[:2] if text is not None else None


def _segment(file, entry):
    first, last = _instant(file.get("first_at")), _instant(file.get("last_at"))
    placed = "bytes" in file or first is not None
    return {"file": file["file"], "sha256": file["sha256"], "count": file["count"], "bytes": file.get("bytes"),
            "first": first, "last": last, "placed": placed, "entry": entry}


def _identity(item):
    """The sorting key of an event that an entry names."""
    received = b""
    text = item.get("identity")
    if isinstance(text, str) and len(text) % 2 == 0 and re.fullmatch("[0-9a-fA-F]*", text):
        received = bytes.fromhex(text)
    shown = encoded(item["event"].encode("utf-8", "replace"))
    return shown + encoded(received) if received[:1] == b"\xff" else shown


def read_ledger(data, folder):
    """Segments and superseded events of a ledger, and what it proves.

    Bytes behind the last line feed are handed back as `tail`, with the entry that they may be, for whoever can look
    whether its files stand in their places.
    """
    *lines, tail = data.split(b"\n")
    ledger = {"entry": 0, "head": ZEROS, "at": "", "organization": None, "segments": [], "superseded": [], "proven": [],
              "tail": None}
    named, form = set(), 1
    for number, line in enumerate(lines, 1):
        form = _take(ledger, line, number, folder, named, form)
    if tail:
        try:
            after = {**ledger, "segments": [], "superseded": [], "proven": []}
            _take(after, tail, len(lines) + 1, folder, set(named), form)
            ledger["tail"] = after
        except Stopped:
            pass
    return ledger


def _take(ledger, line, number, folder, named, form):
    told = f"ledger.ndjson:{number}"
    try:
        entry = json.loads(line.decode())
        if entry["previous"] != ledger["head"]:
            raise Stopped(f"{told} does not follow the line before: the chain is broken")
        if entry["entry"] != number:
            raise Stopped(f"{told} is entry {entry['entry']}, expected {number}")
        organization, kind, newer = entry["organization"], entry.get("kind"), entry.get("format", 1)
        if newer > NEWEST_FORMAT or kind not in ("pull", "import", "acknowledgement"):
            raise Stopped(f"{told} was written by a newer version, {entry.get('tool')}")
        if newer < form:
            raise Stopped(f"{told} is of format {newer}, where format {form} is due")
        if ledger["organization"] is None and folder_name(organization) != folder:
            raise Stopped(f"{told} is of organization '{organization}', whose folder is not named '{folder}'")
        if ledger["organization"] not in (None, organization):
            raise Stopped(f"{told} names another organization than the entries before it")
        segments = _files(entry, number, "events", named, newer > 1)
        for room in ("variants", "unreadable"):
            _files(entry, number, room, named, newer > 1)
        if newer > 1 and sum(file["count"] for file in segments) != entry["new"]:
            raise Stopped(f"{told} adds another number of events than it tells")
        if newer > 1 and sum(file["count"] for file in segments if file.get("first_at") is None) != entry["undated"]:
            raise Stopped(f"{told} adds another number of undated events than it tells")
        ledger["segments"] += [_segment(file, number) for file in segments]
        ledger["superseded"] += [(item["file"], _identity(item), newer > 1) for item in entry.get("superseded") or []]
        span = entry.get("proven")
        if kind == "pull" and entry.get("complete") and span and _instant(span["from"]) < _instant(span["to"]):
            _prove(ledger["proven"], span["from"], span["to"])
        ledger.update(entry=number, organization=organization, at=entry["at"], head=hashlib.sha256(line).hexdigest())
        return newer
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeError, RecursionError):
        raise Stopped(f"{told} is no ledger entry") from None


def _prove(spans, begin, end):
    """Joins a proven span with the last one where they touch."""
    if spans and _instant(spans[-1][0]) <= _instant(begin) <= _instant(spans[-1][1]):
        spans[-1][1] = max(spans[-1][1], end, key=_instant)
    elif spans and _instant(begin) <= _instant(spans[-1][0]) and _instant(end) >= _instant(spans[-1][1]):
        spans[-1] = [begin, end]
    else:
        spans.append([begin, end])
