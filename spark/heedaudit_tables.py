#!/usr/bin/env python3
"""The seven event tables of an archive of heedaudit, made by Apache Spark (docs/scale.md).

    spark-submit --py-files "$(echo spark/heedaudit_*.py | tr ' ' ,)" spark/heedaudit_tables.py \\
        --archive hdfs:///audit/archive --output hdfs:///audit/tables

Reads an archive root as docs/archive-format.md describes it, of all or some organizations, and writes for each
`OUTPUT/<table>.csv/organization=<folder>/part-*`, whose parts joined in the order of their names are the bytes of the
table that `heedaudit report --format csv` makes, and `OUTPUT/<table>.parquet/organization=<folder>/`. An organization whose
ledger does not chain, or one of whose segments is not what the ledger says, is left out and told; the others are made.
"""
import argparse
import json
import os
import sys

from pyspark import StorageLevel
from pyspark.sql import SparkSession, functions as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import heedaudit_counts as counts  # noqa: E402
import heedaudit_events as events  # noqa: E402
import heedaudit_ledger as ledgers  # noqa: E402
import heedaudit_period as period  # noqa: E402
import heedaudit_segments as segments  # noqa: E402
import heedaudit_storage as storages  # noqa: E402

# What Spark's own settings leave too small or too large, unless spark-submit says otherwise. A segment is at most 64 MiB and is
# read whole; a listing of thousands of files is a task for each, where nobody says how many.
SETTINGS = {
    "spark.sql.files.maxPartitionBytes": 64 << 20,
    "spark.sql.execution.arrow.maxBytesPerBatch": 64 << 20,
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": lambda cores: 4 * cores,
}


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
        span = period.period_of(arguments)
    except (ValueError, KeyError) as error:
        parser.error(f"no period: {error}")

    spark = SparkSession.builder.appName("heedaudit tables").getOrCreate()
    for name, value in SETTINGS.items():
        if spark.sparkContext.getConf().get(name) is None:
            spark.conf.set(name, value(spark.sparkContext.defaultParallelism) if callable(value) else value)
    for module in (counts, events, ledgers, period, segments, storages):
        spark.sparkContext.addPyFile(module.__file__)
    sys.exit(run(spark, arguments, span, formats))


def run(spark, arguments, span, formats):
    """Makes the tables; the status that the program ends with."""
    folders = None
    if arguments.organizations:
        given = arguments.organizations
        ids = open(given[1:]).read().split("\n") if given.startswith("@") else given.split(",")
        folders = [ledgers.folder_name(id) for id in ids if id]
    plans, stopped = storages.organizations(spark, storages.Storage(spark, arguments.archive), folders)
    for folder, ledger in sorted(plans.items()):
        if ledger["unnamed"]:
            print(f"{folder}: {len(ledger['unnamed'])} files that no entry names are not read", file=sys.stderr)

    rows = segments.event_rows(spark, plans, span, "parquet" in formats).persist(StorageLevel.DISK_ONLY)
    for row in rows.where("bad is not null").groupBy("org").agg(F.min("bad").alias("bad")).collect():
        stopped[row.org] = row.bad
        del plans[row.org]
    for folder, why in sorted(stopped.items()):
        print(f"{folder}: left out: {why}", file=sys.stderr)
    good = rows.where("bad is null")
    if stopped:
        names = spark.createDataFrame([(folder,) for folder in stopped], "org string")
        good = good.join(F.broadcast(names), "org", "left_anti")
    good = segments.without_superseded(spark, good, plans)
    if plans:
        for name, (frame, order) in counts.tables(good).items():
            write(spark, name, frame, order, sorted(plans), arguments.output, formats)
    storages.Storage(spark, arguments.output).write("organizations.ndjson", account(plans, stopped))
    return 65 if stopped else 0


def write(spark, name, frame, order, organizations, output, formats):
    """Writes a table: sorted over all parts, first by organization."""
    keys = [f"k{index}" for index in range(len(order))]
    for format in formats:
        sorted_by = [column.alias(key) for column, key in zip(order, keys)]
        if format == "csv":
            wanted = frame.select("org", F.lit(1).alias("part"), *sorted_by, "line")
            blank = [F.lit(None).cast(wanted.schema[key].dataType).alias(key) for key in keys]
            headers = spark.createDataFrame([(org,) for org in organizations], "org string").select(
                "org", F.lit(0).alias("part"), *blank, F.lit(",".join(counts.COLUMNS[name])).alias("line"))
            wanted = wanted.unionByName(headers)
        else:
            wanted = frame.select("org", F.lit(1).alias("part"), *sorted_by, *counts.COLUMNS[name])
        wanted = wanted.repartitionByRange("org", "part", *keys).sortWithinPartitions("org", "part", *keys)
        wanted = wanted.withColumnRenamed("org", "organization").drop("part", *keys)
        writer = wanted.write.partitionBy("organization")
        if format == "csv":
            writer.option("lineSep", "\r\n").text(f"{output}/{name}.csv")
        else:
            writer.parquet(f"{output}/{name}.parquet")


def account(plans, stopped):
    """A line an organization: what its tables rest on, or why it has none."""
    lines = [json.dumps({"folder": folder, "stopped": why}) for folder, why in sorted(stopped.items())]
    for folder, ledger in sorted(plans.items()):
        told = {name: ledger[name] for name in ("organization", "entry", "head", "at", "proven")}
        lines.append(json.dumps({"folder": folder, **told, "segments": len(ledger["segments"]), "superseded": len(ledger["superseded"])}))
    return "".join(line + "\n" for line in lines)


if __name__ == "__main__":
    main()
