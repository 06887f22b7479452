#!/usr/bin/env python3
"""The seven event tables of an archive of heedaudit, made by Apache Spark (docs/scale.md).

    spark-submit --py-files spark/heedaudit_events.py,spark/heedaudit_ledger.py spark/heedaudit_tables.py \\
        --archive hdfs:///audit/archive --output hdfs:///audit/tables

Reads an archive root as docs/archive-format.md describes it, of all or some organizations, and writes for each
`OUTPUT/<table>.csv/organization=<folder>/part-*`, whose parts joined in the order of their names are the bytes of the
table that `heedaudit report --format csv` makes, and `OUTPUT/<table>.parquet/organization=<folder>/`. An organization whose
ledger does not chain, or one of whose segments is not what the ledger says, is left out and told; the others are made.
"""
import argparse
import hashlib
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import SparkSession, functions as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import heedaudit_events as events  # noqa: E402
import heedaudit_ledger as ledgers  # noqa: E402

DESCRIPTIONS = {
    b"database.created": "Database was created", b"database.deleted": "Database was deleted",
    b"database.resized": "Database tier changed", b"member.invited": "Team member invited",
    b"member.removed": "Team member removed", b"member.role_changed": "Member role updated",
    b"api_key.created": "API key created", b"api_key.revoked": "API key revoked",
    b"settings.updated": "Org settings changed",
}
ACTOR = ["actor_id", "actor_email"]
RESOURCE = ["resource_type", "resource_id", "resource_name"]
TIMES = ["first_at", "last_at"]
COLUMNS = {
    "events": ["id", "created_at", "action", *ACTOR, *RESOURCE, "ip_address"],
    "actions": ["action", "description", "count", "actors", "resources", *TIMES],
    "actors": [*ACTOR, "count", "actions", "resources", "ip_addresses", *TIMES],
    "resources": [*RESOURCE, "count", "actions", "actors", *TIMES],
    "actor_actions": [*ACTOR, "action", "count", *TIMES],
    "resource_actions": [*RESOURCE, "action", "count", *TIMES],
    "actor_resource_actions": [*ACTOR, *RESOURCE, "action", "count", *TIMES],
}
NOBODY, NOTHING, NO_ACTION = bytes(4), bytes(6), bytes(2)
KEYS = {"actor": "ak", "resource": "rk", "action": "ck"}


# MARK: Reading segments, on the executors

EVENT_SCHEMA = pa.schema(
    [("org", pa.string()), ("bad", pa.string()), ("seg", pa.int64()), ("o", pa.binary()), ("line", pa.string())]
    + [(name, pa.binary()) for name in ("ak", "rk", "ck", "ip")]
    + [(name, pa.string()) for name in ("id", "at", "action", *ACTOR, *RESOURCE, "ip_address")])
EVENT_DDL = ", ".join(
    f"{field.name} {'bigint' if pa.types.is_int64(field.type) else 'binary' if pa.types.is_binary(field.type) else 'string'}"
    for field in EVENT_SCHEMA)
BATCH = 20_000


class _Rows:
    """Rows on their way to the JVM, a column each."""

    def __init__(self):
        self.columns = [[] for _ in EVENT_SCHEMA]

    def take(self):
        batch = pa.RecordBatch.from_arrays(
            [pa.array(column, type=field.type) for column, field in zip(self.columns, EVENT_SCHEMA)], schema=EVENT_SCHEMA)
        self.columns = [[] for _ in EVENT_SCHEMA]
        return batch


def read_segments(whole):
    """A function for mapInArrow: a row of (content, org, file, …) in, a row an event out, one with `bad` for damage.

    `whole`: whether columns are wanted that only Parquet has.
    """

    def read(batches):
        cells, keys, texts = {}, {}, {}

        def cell(text):
            found = cells.get(text)
            if found is None:
                if len(cells) > 200_000:
                    cells.clear()
                found = cells[text] = events.cell(text)
            return found

        def key(*parts):
            found = keys.get(parts)
            if found is None:
                if len(keys) > 200_000:
                    keys.clear()
                found = keys[parts] = events.key(*parts)
            return found

        def shown(text):
            return text.decode() if text else None

        for batch in batches:
            for number in range(batch.num_rows):
                row = {name: batch.column(index)[number] for index, name in enumerate(batch.schema.names)}
                content = row.pop("content").as_buffer()
                row = {name: value.as_py() for name, value in row.items()}
                problem, rows = None, _Rows()
                data = memoryview(content)
                if row["bytes"] is not None and row["bytes"] != len(data) or hashlib.sha256(data).hexdigest() != row["sha256"]:
                    problem = "is not what the ledger says"
                append = [column.append for column in rows.columns]
                count, edges = 0, [None, None]
                for line in content.to_pybytes().split(b"\n") if not problem else ():
                    line = line.strip(events.SPACE)
                    if not line:
                        continue
                    count += 1
                    try:
                        got = events.fields(line)
                    except events.NotJSON:
                        problem = f"holds a line that is no JSON object, the {count}. of it"
                        break
                    ident, created, action, actor, email, kind, thing, name, address = got
                    if not ident[0]:
                        ident = (events.identity_of_missing(line), b"")
                    when = events.event_time(created)
                    moment, at = when if when else (None, b"")
                    if count == 1:
                        edges[0] = moment
                    edges[1] = moment
                    if not row["all"]:
                        if moment is None or row["from"] and moment < tuple(row["from"]) or row["to"] and moment >= tuple(row["to"]):
                            continue
                    line_cells = (
                        events.cell(ident[0]), at, cell(action[0]), cell(actor[0]), cell(email[0]), cell(kind[0]), cell(thing[0]),
                        cell(name[0]), cell(address[0]))
                    values = (
                        row["org"], None, row["seg"], events.time_key(moment) + events.key(ident),
                        b",".join(line_cells).decode(),
                        key(actor, (b"", b"")) if actor[0] else key((b"", b""), email),
                        key(kind, thing, (b"", b"")) if thing[0] else key(kind, (b"", b""), name),
                        key(action), address[0] + address[1] or None,
                        shown(ident[0]) if whole else None, shown(at), shown(action[0]) if whole else None,
                        shown(actor[0]) if whole else None, shown(email[0]), shown(kind[0]) if whole else None,
                        shown(thing[0]) if whole else None, shown(name[0]), shown(address[0]) if whole else None)
                    for put, value in zip(append, values):
                        put(value)
                    if len(rows.columns[0]) >= BATCH:
                        yield rows.take()
                        append = [column.append for column in rows.columns]
                if not problem and count != row["count"]:
                    problem = f"holds {count} events, where the ledger says {row['count']}"
                if not problem and row["bytes"] is not None and edges != [row["first"] and tuple(row["first"]), row["last"] and tuple(row["last"])]:
                    problem = "begins or ends at another time than the ledger says"
                if problem:
                    for put, value in zip(append, [row["org"], f"{row['file']} {problem}"] + [None] * len(append)):
                        put(value)
                if rows.columns[0]:
                    yield rows.take()

    return read


def describe(names, parts, label):
    """A function for mapInArrow: (org, key, label) in; out the same key with its shown texts, and as cells of CSV.

    An actor's e-mail and a resource's name are the latest ones, whatever the key says.
    """
    schema = pa.schema([("org", pa.string()), ("key", pa.binary())] + [(n, pa.string()) for n in names] + [("cells", pa.string())])

    def run(batches):
        for batch in batches:
            columns = [[] for _ in schema]
            for org, key, last in zip(*(batch.column(index).to_pylist() for index in range(3))):
                texts = events.decoded(key)[:parts]
                if label:
                    texts[-1] = (last or "").encode()
                else:
                    texts.append(DESCRIPTIONS.get(texts[0], "").encode())
                values = [org, key] + [text.decode() or None for text in texts]
                values.append(b",".join(map(events.cell, texts)).decode())
                for column, value in zip(columns, values):
                    column.append(value)
            yield pa.RecordBatch.from_arrays([pa.array(c, type=f.type) for c, f in zip(columns, schema)], schema=schema)

    return run, "org string, key binary, " + "".join(f"{n} string, " for n in names) + "cells string"


# MARK: Ledgers and what they name, on the driver


class Storage:
    """The archive root in whatever file system Hadoop knows."""

    def __init__(self, spark, root):
        self.jvm = spark.sparkContext._jvm
        self.path = self.jvm.org.apache.hadoop.fs.Path(root)
        self.fs = self.path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    def names(self, below=""):
        """(name, bytes, path) of what stands in a folder, -1 bytes for what is no file; nothing where there is none."""
        path = self.jvm.org.apache.hadoop.fs.Path(self.path, below) if below else self.path
        try:
            found = self.fs.listStatus(path)
        except Exception as error:  # py4j wraps every Java exception alike
            if "FileNotFoundException" in str(error):
                return []
            raise
        return [(f.getPath().getName(), f.getLen() if f.isFile() else -1, f.getPath().toString()) for f in found]

    def write(self, path, text):
        out = self.fs.create(self.jvm.org.apache.hadoop.fs.Path(path), True)
        out.write(bytearray(text.encode()))
        out.close()


def read_ledgers(spark, paths):
    """(folder, what its ledger says or None, why it stopped) of each; paths by folder."""

    def read(batches):
        for batch in batches:
            found = []
            for path, content in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()):
                folder = path.split("/")[-2]
                try:
                    ledger = ledgers.read_ledger(content, folder)
                    for part in (ledger, ledger["tail"] or {}):
                        part["superseded"] = [(f, i.hex(), e) for f, i, e in part.get("superseded", [])]
                    found.append((folder, json.dumps(ledger), None))
                except ledgers.Stopped as stopped:
                    found.append((folder, None, str(stopped)))
            yield pa.RecordBatch.from_arrays([pa.array(list(c), type=pa.string()) for c in zip(*found)], ["folder", "ledger", "stopped"])

    frame = spark.read.format("binaryFile").load(paths).select("path", "content")
    for row in frame.mapInArrow(read, "folder string, ledger string, stopped string").toLocalIterator():
        yield row.folder, json.loads(row.ledger) if row.ledger else None, row.stopped


def look_at(storage, folder, ledger):
    """Finds a ledger's segments; gives each its path.

    Raises Stopped for one that is missing or has another size.
    """
    def sizes(below):
        return {"events/" + name: (size, path) for name, size, path in storage.names(f"{folder}/{below}events")}

    present = sizes("")
    tail = ledger.pop("tail")
    if tail and all(present.get(s["file"], (None,))[0] == s["bytes"] for s in tail["segments"]) and tail["segments"]:
        for name in ("segments", "superseded", "proven"):
            ledger[name] += tail[name]
        ledger.update({name: tail[name] for name in ("entry", "head", "at", "organization")})
    staged = None
    for segment in ledger["segments"]:
        place = present.pop(segment["file"], None)
        if place is None and segment["entry"] == ledger["entry"]:
            staged = sizes("staging/sealed/") if staged is None else staged
            place = staged.get(segment["file"])
        if place is None or place[0] < 0:
            raise ledgers.Stopped(f"{segment['file']} is missing")
        if segment["bytes"] not in (None, place[0]):
            raise ledgers.Stopped(f"{segment['file']} has {place[0]} bytes, where the ledger says {segment['bytes']}")
        segment["path"], segment["size"] = place[1], place[0]
    ledger["unnamed"] = sorted(present)


# MARK: The period


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


# MARK: Tables


def event_rows(spark, plans, span, whole):
    """A row an event of every organization's segments, and rows that tell damage."""
    chosen = [(s["path"], folder, int(s["file"][7:-7]), s) for folder, ledger in plans.items() for s in ledger["segments"] if overlaps(s, span)]
    if not chosen:
        return spark.createDataFrame([], EVENT_DDL)
    if spark.sparkContext.getConf().get("spark.sql.shuffle.partitions") is None:
        # A task for every half of a segment: what is shuffled is about as much as what is read.
        parts = max(spark.sparkContext.defaultParallelism, sum(s["size"] for *_, s in chosen) // (32 << 20))
        spark.conf.set("spark.sql.shuffle.partitions", parts)
    plan = spark.createDataFrame(
        [(path, folder, number, s["file"], s["sha256"], s["bytes"], s["count"], s["first"], s["last"]) for path, folder, number, s in chosen],
        "path string, org string, seg long, file string, sha256 string, bytes long, count long, first array<long>, last array<long>")
    ends = [F.array(*map(F.lit, end)) if end else F.lit(None).cast("array<bigint>") for end in span]
    files = spark.read.format("binaryFile").load([path for path, *_ in chosen]).select("path", "content")
    read = files.join(F.broadcast(plan), "path").drop("path").select(
        "*", ends[0].cast("array<bigint>").alias("from"), ends[1].cast("array<bigint>").alias("to"), F.lit(span == (None, None)).alias("all"))
    return read.mapInArrow(read_segments(whole), EVENT_DDL)


def without_superseded(spark, rows, plans):
    """Leaves out the contents that a later entry replaces."""
    for exact in (True, False):
        hidden = [(folder, int(file[7:-7]), bytes.fromhex(ident)) for folder, ledger in plans.items()
                  for file, ident, is_exact in ledger["superseded"] if is_exact == exact or exact]
        if not hidden:
            continue
        hidden = spark.createDataFrame(hidden, "horg string, hseg long, ident binary")
        own = F.substring("o", 12, 1 << 30)
        same = (rows.org == hidden.horg) & (rows.seg == hidden.hseg)
        # An entry of format 1 means the event that is shown so, an odd one, too.
        rows = rows.join(hidden, same & (own == hidden.ident if exact else F.startswith(own, hidden.ident)), "left_anti")
    return rows


def tables(rows):
    """The seven tables: columns, `org`, `line` (a record of CSV) and the columns that they are sorted by."""
    stay = StorageLevel.DISK_ONLY
    when = F.when(F.col("at").isNotNull(), F.struct("o", "at"))
    triples = rows.groupBy("org", "ak", "rk", "ck").agg(F.count("*").alias("count"), F.min(when).alias("first"), F.max(when).alias("last")).persist(stay)

    def sums(keys, *more):
        return triples.groupBy("org", *keys).agg(F.sum("count").alias("count"), F.min("first").alias("first"), F.max("last").alias("last"), *more)

    def distinct(key, missing, name):
        return F.count_distinct(F.when(F.col(key) != F.lit(missing), F.col(key))).alias(name)

    def things(key, names, parts, label):
        found = triples.select("org", F.col(key).alias("key")).distinct()
        if label:
            latest = rows.where(F.col(label).isNotNull()).groupBy("org", F.col(key).alias("key")).agg(F.max_by(label, "o").alias("label"))
            found = found.join(latest, ["org", "key"], "left")
        else:
            found = found.withColumn("label", F.lit(None).cast("string"))
        run, ddl = describe(names, parts, label)
        return found.mapInArrow(run, ddl).withColumnRenamed("key", key).withColumnRenamed("cells", key + "_cells").persist(stay)

    actors = things("ak", ACTOR, 2, "actor_email")
    resources = things("rk", RESOURCE, 3, "resource_name")
    actions = things("ck", ["action", "description"], 1, None)
    shown = {"ak": actors, "rk": resources, "ck": actions}

    def finished(frame, keys, order, numbers=("count",)):
        for key in keys:
            frame = frame.join(shown[key], ["org", key])
        cells = [F.col(key + "_cells") for key in keys] + [F.col(number).cast("string") for number in numbers]
        if keys[-1] == "ck" and "actors" not in numbers:
            # The pairs and triples show the action alone, without what it is described as.
            cells[len(keys) - 1] = F.expr("substring(ck_cells, 1, length(ck_cells) - length(coalesce(description, '')) - 1)")
        for end in ("first", "last"):
            frame = frame.withColumn(end + "_at", F.col(end + ".at"))
            cells.append(F.coalesce(end + "_at", F.lit("")))
        return frame.withColumn("line", F.concat_ws(",", *cells)), order

    addresses = rows.where(F.col("ip").isNotNull()).groupBy("org", "ak").agg(F.count_distinct("ip").alias("ip_addresses"))
    by_actor = sums(["ak"], distinct("ck", NO_ACTION, "actions"), distinct("rk", NOTHING, "resources")) \
        .join(addresses, ["org", "ak"], "left").fillna(0, ["ip_addresses"])
    by_resource = sums(["rk"], distinct("ck", NO_ACTION, "actions"), distinct("ak", NOBODY, "actors"))
    by_action = sums(["ck"], distinct("ak", NOBODY, "actors"), distinct("rk", NOTHING, "resources"))
    busiest = [-F.col("count")]
    return {
        "events": (rows.withColumn("created_at", F.col("at")), [F.col("o")]),
        "actions": finished(by_action, ["ck"], busiest + [F.col("ck")], ("count", "actors", "resources")),
        "actors": finished(by_actor, ["ak"], busiest + [F.col("ak")], ("count", "actions", "resources", "ip_addresses")),
        "resources": finished(by_resource, ["rk"], busiest + [F.col("rk")], ("count", "actions", "actors")),
        "actor_actions": finished(sums(["ak", "ck"]), ["ak", "ck"], [F.col("ak"), F.col("ck")]),
        "resource_actions": finished(sums(["rk", "ck"]), ["rk", "ck"], [F.col("rk"), F.col("ck")]),
        "actor_resource_actions": finished(triples, ["ak", "rk", "ck"], [F.col("ak"), F.col("rk"), F.col("ck")]),
    }


def write(spark, name, frame, order, organizations, output, formats):
    """Writes a table: sorted over all parts, first by organization."""
    keys = [f"k{index}" for index in range(len(order))]
    for format in formats:
        sorted_by = [column.alias(key) for column, key in zip(order, keys)]
        if format == "csv":
            wanted = frame.select("org", F.lit(1).alias("part"), *sorted_by, "line")
            blank = [F.lit(None).cast(wanted.schema[key].dataType).alias(key) for key in keys]
            headers = spark.createDataFrame([(org,) for org in organizations], "org string").select(
                "org", F.lit(0).alias("part"), *blank, F.lit(",".join(COLUMNS[name])).alias("line"))
            wanted = wanted.unionByName(headers)
        else:
            wanted = frame.select("org", F.lit(1).alias("part"), *sorted_by, *COLUMNS[name])
        wanted = wanted.repartitionByRange("org", "part", *keys).sortWithinPartitions("org", "part", *keys)
        wanted = wanted.withColumnRenamed("org", "organization").drop("part", *keys)
        writer = wanted.write.partitionBy("organization")
        if format == "csv":
            writer.option("lineSep", "\r\n").text(f"{output}/{name}.csv")
        else:
            writer.parquet(f"{output}/{name}.parquet")


def main():
    parser = argparse.ArgumentParser(description="The seven event tables of a heedaudit archive, by Apache Spark.")
    parser.add_argument("--archive", required=True, help="the archive's root, in any of Hadoop's file systems")
    parser.add_argument("--output", required=True, help="a folder that does not exist yet")
    parser.add_argument("--organizations", help="ids, separated by commas, or @FILE with one a line; default: all")
    parser.add_argument("--period", default="all", help="2026-03, 2026-Q1, 2026 or all")
    parser.add_argument("--from", dest="begin", help="begin of the period: a date or an RFC 3339 time")
    parser.add_argument("--to", dest="end", help="end of the period, itself outside")
    parser.add_argument("--time-zone", default="UTC", help="where days begin")
    parser.add_argument("--format", default="csv", help="csv, parquet, or both separated by a comma")
    arguments = parser.parse_args()
    formats = arguments.format.split(",")
    if set(formats) - {"csv", "parquet"}:
        parser.error("--format takes csv and parquet")
    if any(char in arguments.archive for char in "*?[]{}\\"):
        parser.error("the archive's path may hold none of * ? [ ] { } \\, which Hadoop reads as patterns")
    try:
        span = period_of(arguments)
    except (ValueError, KeyError) as error:
        parser.error(f"no period: {error}")

    spark = SparkSession.builder.appName("heedaudit tables").getOrCreate()
    for name, value in {
        "spark.sql.files.maxPartitionBytes": 64 << 20, "spark.sql.execution.arrow.maxBytesPerBatch": 64 << 20,
    }.items():
        spark.conf.set(name, value)
    for module in (events, ledgers):
        spark.sparkContext.addPyFile(module.__file__)
    sys.exit(run(spark, arguments, span, formats))


def run(spark, arguments, span, formats):
    """Makes the tables; the status that the program ends with."""
    storage = Storage(spark, arguments.archive)
    folders = [name for name, size, _ in storage.names() if size < 0 and not name.startswith(".") and name != "lost+found"]
    if arguments.organizations:
        given = arguments.organizations
        ids = open(given[1:]).read().split("\n") if given.startswith("@") else given.split(",")
        folders = [ledgers.folder_name(id) for id in ids if id]
    stopped, plans, paths = {}, {}, []
    with ThreadPoolExecutor(16) as pool:
        for folder, found in zip(folders, pool.map(storage.names, folders)):
            path = next((path for name, size, path in found if name == "ledger.ndjson" and size >= 0), None)
            if path:
                paths.append(path)
            elif found or arguments.organizations:
                stopped[folder] = "has no ledger"
    for folder, ledger, why in read_ledgers(spark, paths) if paths else ():
        stopped.update({folder: why} if why else {})
        plans.update({folder: ledger} if ledger else {})

    def look(folder):
        try:
            look_at(storage, folder, plans[folder])
        except ledgers.Stopped as why:
            return folder, str(why)
        return folder, None

    with ThreadPoolExecutor(16) as pool:
        for folder, why in pool.map(look, list(plans)):
            if why:
                stopped[folder] = why
                del plans[folder]
            elif plans[folder]["unnamed"]:
                print(f"{folder}: {len(plans[folder]['unnamed'])} files that no entry names are not read", file=sys.stderr)

    rows = event_rows(spark, plans, span, "parquet" in formats).persist(StorageLevel.DISK_ONLY)
    for row in rows.where("bad is not null").groupBy("org").agg(F.min("bad").alias("bad")).toLocalIterator():
        stopped[row.org] = row.bad
        del plans[row.org]
    for folder, why in sorted(stopped.items()):
        print(f"{folder}: left out: {why}", file=sys.stderr)
    good = rows.where("bad is null")
    if stopped:
        names = spark.createDataFrame([(folder,) for folder in stopped], "org string")
        good = good.join(F.broadcast(names), "org", "left_anti")
    good = without_superseded(spark, good, plans)
    if plans:
        for name, (frame, order) in tables(good).items():
            write(spark, name, frame, order, sorted(plans), arguments.output, formats)
    lines = [json.dumps({"folder": folder, "stopped": why}) for folder, why in sorted(stopped.items())]
    for folder, ledger in sorted(plans.items()):
        told = {name: ledger[name] for name in ("organization", "entry", "head", "at", "proven")}
        lines.append(json.dumps({"folder": folder, **told, "segments": len(ledger["segments"]), "superseded": len(ledger["superseded"])}))
    storage = Storage(spark, arguments.output)
    storage.write(f"{arguments.output}/organizations.ndjson", "".join(line + "\n" for line in lines))
    return 65 if stopped else 0


if __name__ == "__main__":
    main()
