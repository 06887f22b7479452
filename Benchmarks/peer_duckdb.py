#!/usr/bin/env python3
"""The report as somebody who knows DuckDB would write it."""
import duckdb

from peer_documents import ACTIONS, SHOWN, SUMMARIES, arguments, documents
from peer_sql import described, queries

SHAPE = ("{id: 'VARCHAR', action: 'VARCHAR', actor: 'STRUCT(id VARCHAR, email VARCHAR)', "
         "resource: 'STRUCT(type VARCHAR, id VARCHAR, name VARCHAR)', ip_address: 'VARCHAR', created_at: 'VARCHAR'}")
LOAD = f"""CREATE TABLE events AS
    SELECT id, created_at, action, actor.id AS actor_id, actor.email AS actor_email, resource.type AS resource_type,
           resource.id AS resource_id, resource.name AS resource_name, ip_address
    FROM read_ndjson($path, columns = {SHAPE}) ORDER BY created_at, id"""


def rows(result):
    """A result's rows, some thousands at a time."""
    while part := result.fetchmany(10_000):
        yield from part


def main():
    path, folder, wants_documents = arguments(__doc__)
    database = duckdb.connect()
    database.execute(LOAD, {"path": path})
    # The order of events is the order of their ids where times are equal, as in events.csv.
    counted = queries(lambda column: f"arg_max({column}, (created_at, id))", lambda what: f"count(DISTINCT {what})", described(ACTIONS))
    for name, query in {"events": "FROM events", **counted}.items():
        database.execute(f"COPY ({query}) TO '{folder}/{name}.csv' (FORMAT csv, HEADER)")
    if wants_documents:
        summaries = {}
        for name in SUMMARIES:
            result = database.execute(counted[name])
            summaries[name] = ([column[0] for column in result.description], result.fetchall())
        newest = database.execute(f"FROM events ORDER BY created_at DESC, id DESC LIMIT {SHOWN}").fetchall()
        result = database.execute("FROM events")
        documents(folder, summaries, [column[0] for column in result.description], rows(result), newest)


main()
