#!/usr/bin/env python3
"""The report as somebody who knows ClickHouse would write it, with chDB, which is ClickHouse inside the process."""
from chdb import session

from peer_documents import ACTIONS, SHOWN, SUMMARIES, arguments, documents
from peer_sql import described, queries

SHAPE = ("id String, action String, actor Tuple(id String, email String), resource Tuple(type String, id String, name String), "
         "ip_address String, created_at String")
LOAD = """CREATE TABLE events ENGINE = MergeTree ORDER BY (created_at, id) AS
    SELECT id, created_at, action, actor.id AS actor_id, actor.email AS actor_email, resource.type AS resource_type,
           resource.id AS resource_id, resource.name AS resource_name, ip_address
    FROM file('{path}', 'JSONEachRow', '{shape}')"""
EVENTS = "SELECT * FROM events ORDER BY created_at, id"


def rows(table):
    """An Arrow table's rows, a batch at a time."""
    for batch in table.to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns))


def main():
    path, folder, wants_documents = arguments(__doc__)
    database = session.Session()
    database.query("CREATE DATABASE audit")
    database.query("USE audit")
    database.query(LOAD.format(path=path, shape=SHAPE))
    counted = queries(lambda column: f"argMax({column}, (created_at, id))", lambda what: f"uniqExact({what})", described(ACTIONS))
    for name, query in {"events": EVENTS, **counted}.items():
        database.query(f"{query} INTO OUTFILE '{folder}/{name}.csv' TRUNCATE FORMAT CSVWithNames")
    if wants_documents:
        summaries = {}
        for name in SUMMARIES:
            table = database.query(counted[name], "ArrowTable")
            summaries[name] = (table.column_names, list(rows(table)))
        newest = database.query(f"SELECT * FROM events ORDER BY created_at DESC, id DESC LIMIT {SHOWN}", "ArrowTable")
        events = database.query(EVENTS, "ArrowTable")
        documents(folder, summaries, events.column_names, rows(events), list(rows(newest)))


main()
