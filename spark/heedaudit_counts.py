"""The seven tables, counted from a row an event (heedaudit_segments)."""
import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import functions as F

import heedaudit_events as events

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
