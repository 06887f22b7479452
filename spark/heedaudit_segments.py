"""A row an event of the segments that ledgers name, read by the executors and compared with what the ledgers say of them."""
import hashlib

import pyarrow as pa
from pyspark.sql import functions as F

import heedaudit_events as events
from heedaudit_ledger import Stopped
from heedaudit_period import overlaps

# What sorts and counts (`o` by time and id; the keys of actor, resource and action; the address), the record of events.csv, and
# the texts of the columns that only Parquet or the latest e-mails and names need. `bad` tells damage, in a row of its own.
SCHEMA = pa.schema(
    [("org", pa.string()), ("bad", pa.string()), ("seg", pa.int64()), ("o", pa.binary()), ("line", pa.string())]
    + [(name, pa.binary()) for name in ("ak", "rk", "ck", "ip")]
    + [(name, pa.string()) for name in (
        "id", "at", "action", "actor_id", "actor_email", "resource_type", "resource_id", "resource_name", "ip_address")])
DDL = ", ".join(
    f"{field.name} {'bigint' if pa.types.is_int64(field.type) else 'binary' if pa.types.is_binary(field.type) else 'string'}"
    for field in SCHEMA)
BATCH = 20_000
_NONE = (b"", b"")


def event_rows(spark, plans, span, whole):
    """A row an event of every organization's segments that may hold some of the span, and rows that tell damage.

    `whole`: whether columns are wanted that only Parquet has.
    """
    chosen = [(segment["path"], folder, number_of(segment["file"]), segment)
              for folder, ledger in plans.items() for segment in ledger["segments"] if overlaps(segment, span)]
    if not chosen:
        return spark.createDataFrame([], DDL)
    if spark.sparkContext.getConf().get("spark.sql.shuffle.partitions") is None:
        # A task for every half of a segment: what is shuffled is about as much as what is read.
        parts = max(spark.sparkContext.defaultParallelism, sum(segment["size"] for *_, segment in chosen) // (32 << 20))
        spark.conf.set("spark.sql.shuffle.partitions", parts)
    told = ("file", "sha256", "bytes", "count", "first", "last")
    plan = spark.createDataFrame(
        [(path, folder, number, *(segment[name] for name in told)) for path, folder, number, segment in chosen],
        "path string, org string, seg long, file string, sha256 string, bytes long, count long, first array<long>, last array<long>")
    ends = [F.array(*map(F.lit, end)) if end else F.lit(None) for end in span]
    files = spark.read.format("binaryFile").load([path for path, *_ in chosen]).select("path", "content")
    read = files.join(F.broadcast(plan), "path").drop("path").select(
        "*", *[end.cast("array<bigint>").alias(name) for end, name in zip(ends, ("from", "to"))],
        F.lit(span == (None, None)).alias("all"))
    return read.mapInArrow(read_segments(whole), DDL)


def without_superseded(spark, rows, plans):
    """Leaves out the contents that a later entry replaces."""
    for exact in (True, False):
        hidden = [(folder, number_of(file), bytes.fromhex(ident)) for folder, ledger in plans.items()
                  for file, ident, is_exact in ledger["superseded"] if is_exact == exact or exact]
        if not hidden:
            continue
        hidden = spark.createDataFrame(hidden, "horg string, hseg long, ident binary")
        own = F.substring("o", 12, 1 << 30)
        same = (rows.org == hidden.horg) & (rows.seg == hidden.hseg)
        # An entry of format 1 means the event that is shown so, an odd one, too.
        rows = rows.join(hidden, same & (own == hidden.ident if exact else F.startswith(own, hidden.ident)), "left_anti")
    return rows


def number_of(file):
    """The number of `events/<number>.ndjson`."""
    return int(file[7:-7])


# MARK: On the executors


def read_segments(whole):
    """A function for mapInArrow: a row of (content, org, file, …) in, a row an event out, one with `bad` for damage."""

    def read(batches):
        reader = _Reader(whole)
        for batch in batches:
            for number in range(batch.num_rows):
                row = {name: batch.column(index)[number] for index, name in enumerate(batch.schema.names)}
                content = row.pop("content").as_buffer()
                yield from reader.batches({name: value.as_py() for name, value in row.items()}, content)

    return read


class _Rows:
    """Rows on their way to the JVM, a column each."""

    def __init__(self):
        self.columns = [[] for _ in SCHEMA]

    def append(self, values):
        for column, value in zip(self.columns, values):
            column.append(value)

    def take(self):
        columns, self.columns = self.columns, [[] for _ in SCHEMA]
        return pa.RecordBatch.from_arrays(
            [pa.array(column, type=field.type) for column, field in zip(columns, SCHEMA)], schema=SCHEMA)


class _Remembered(dict):
    """What a function makes of a value, kept for the values met of late: the same few stand in most lines."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def __missing__(self, value):
        if len(self) > 200_000:
            self.clear()
        made = self[value] = self.function(value)
        return made


class _Reader:
    """Reads segments, whose texts repeat from one to the next."""

    def __init__(self, whole):
        self.whole = whole
        self.cells = _Remembered(events.cell)
        self.keys = _Remembered(lambda parts: events.key(*parts))

    def batches(self, segment, content):
        """The segment's rows, many at a time; the last one tells what is wrong with it, if anything is."""
        rows = _Rows()
        try:
            for values in self.rows(segment, content):
                rows.append(values)
                if len(rows.columns[0]) >= BATCH:
                    yield rows.take()
        except Stopped as why:
            rows.append([segment["org"], f"{segment['file']} {why}"] + [None] * (len(SCHEMA) - 2))
        if rows.columns[0]:
            yield rows.take()

    def rows(self, segment, content):
        """A row an event of the period; raises Stopped where the segment is not what the ledger says."""
        sized = segment["bytes"] is not None
        if sized and segment["bytes"] != content.size or hashlib.sha256(content).hexdigest() != segment["sha256"]:
            raise Stopped("is not what the ledger says")
        begin, end, every = segment["from"] and tuple(segment["from"]), segment["to"] and tuple(segment["to"]), segment["all"]
        count, edges = 0, [None, None]
        for line in content.to_pybytes().split(b"\n"):
            line = line.strip(events.SPACE)
            if not line:
                continue
            count += 1
            try:
                fields = events.fields(line)
            except events.NotJSON:
                raise Stopped(f"holds a line that is no JSON object, the {count}. of it") from None
            moment, at = events.event_time(fields[1]) or (None, b"")
            if count == 1:
                edges[0] = moment
            edges[1] = moment
            if every or moment is not None and (not begin or moment >= begin) and (not end or moment < end):
                yield self.row(segment, line, fields, moment, at)
        if count != segment["count"]:
            raise Stopped(f"holds {count} events, where the ledger says {segment['count']}")
        if sized and edges != [segment[name] and tuple(segment[name]) for name in ("first", "last")]:
            raise Stopped("begins or ends at another time than the ledger says")

    def row(self, segment, line, fields, moment, at):
        """An event's columns, as SCHEMA has them."""
        ident, _, action, actor, email, kind, thing, name, address = fields
        if not ident[0]:
            ident = (events.identity_of_missing(line), b"")
        cells, keys = self.cells, self.keys
        record = b",".join((
            events.cell(ident[0]), at, cells[action[0]], cells[actor[0]], cells[email[0]], cells[kind[0]], cells[thing[0]],
            cells[name[0]], cells[address[0]]))
        columns = (
            segment["org"], None, segment["seg"], events.time_key(moment) + events.key(ident), record.decode(),
            keys[(actor, _NONE) if actor[0] else (_NONE, email)],
            keys[(kind, thing, _NONE) if thing[0] else (kind, _NONE, name)], keys[(action,)], address[0] + address[1] or None)
        if not self.whole:
            return *columns, None, _shown(at), None, None, _shown(email[0]), None, None, _shown(name[0]), None
        return *columns, *[_shown(text) for text in (
            ident[0], at, action[0], actor[0], email[0], kind[0], thing[0], name[0], address[0])]


def _shown(text):
    return text.decode() if text else None
