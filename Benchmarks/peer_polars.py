#!/usr/bin/env python3
"""The report as somebody who knows Polars would write it."""
import polars as pl

from peer_documents import ACTIONS, SHOWN, SUMMARIES, arguments, documents

TEXT = pl.String
SHAPE = {
    "id": TEXT,
    "action": TEXT,
    "actor": pl.Struct({"id": TEXT, "email": TEXT}),
    "resource": pl.Struct({"type": TEXT, "id": TEXT, "name": TEXT}),
    "ip_address": TEXT,
    "created_at": TEXT,
}
ACTOR, RESOURCE = ["actor_id"], ["resource_type", "resource_id"]


def read(path):
    """The events in the order of events.csv, a column a field."""
    def part(whole, name):
        return pl.col(whole).struct.field(name).alias(f"{whole}_{name}")

    fields = ["id", "created_at", "action", part("actor", "id"), part("actor", "email"),
              part("resource", "type"), part("resource", "id"), part("resource", "name"), "ip_address"]
    return pl.read_ndjson(path, schema=SHAPE).select(fields).sort("created_at", "id")


def tables(events):
    """The six counted tables by name. Rows of a group stand in the order of the events, so the last label is the newest."""
    count = pl.len().alias("count")
    times = [pl.col("created_at").first().alias("first_at"), pl.col("created_at").last().alias("last_at")]
    actions = pl.col("action").n_unique().alias("actions")
    actors = pl.col("actor_id").n_unique().alias("actors")
    resources = pl.struct(RESOURCE).n_unique().alias("resources")
    addresses = pl.col("ip_address").n_unique().alias("ip_addresses")
    email, name = pl.col("actor_email").last(), pl.col("resource_name").last()
    description = pl.col("action").replace_strict(ACTIONS, default=None).alias("description")

    def grouped(key, *columns):
        return events.group_by(key).agg(*columns, *times)

    def most_first(frame, key):
        return frame.sort("count", *key, descending=[True] + [False] * len(key))

    by_action = grouped(["action"], count, actors, resources).with_columns(description)
    by_actor = grouped([*ACTOR, "action"], email, count)
    by_resource = grouped([*RESOURCE, "action"], name, count)
    by_all = grouped([*ACTOR, *RESOURCE, "action"], email, name, count)
    counted = ["action", "count", "first_at", "last_at"]
    return {
        "actions": most_first(by_action, ["action"]).select("action", "description", "count", "actors", "resources", "first_at", "last_at"),
        "actors": most_first(grouped(ACTOR, email, count, actions, resources, addresses), ACTOR),
        "resources": most_first(grouped(RESOURCE, name, count, actions, actors), RESOURCE),
        "actor_actions": by_actor.sort(*ACTOR, "action").select("actor_id", "actor_email", *counted),
        "resource_actions": by_resource.sort(*RESOURCE, "action").select(*RESOURCE, "resource_name", *counted),
        "actor_resource_actions": by_all.sort(*ACTOR, *RESOURCE, "action").select("actor_id", "actor_email", *RESOURCE, "resource_name", *counted),
    }


def main():
    path, folder, wants_documents = arguments(__doc__)
    events = read(path)
    counted = tables(events)
    for name, frame in {"events": events, **counted}.items():
        frame.write_csv(folder / f"{name}.csv")
    if wants_documents:
        summaries = {name: (counted[name].columns, counted[name].rows()) for name in SUMMARIES}
        documents(folder, summaries, events.columns, events.iter_rows(), events.tail(SHOWN).reverse().rows())


main()
