"""How time, memory and output grow with events, resources and actors; the targets for a log of ten times the size."""
import shutil

from measure import measure, peak, table, verdict, wall
from reports import latest, report

EVENTS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
# With the two lists below there are as many events as the last of them has keys, so that each key is met.
RESOURCES = [50_000, 500_000, 5_000_000]
ACTORS = [10_000, 100_000, 1_000_000]
MOST = max(RESOURCES)
NAMES = {"actor_resource_actions": "triples", "resources": "resources", "actors": "actors"}
HEADER = ["events", "actors", "resources", "triples", "import s", "import MiB", "CSV s", "CSV MiB", "all formats s", "µs an event", "all formats MiB", "output MB"]


def one(bench, events, rounds=1, actors=400, resources=80_000):
    """Imports an archive of its own, reports it as CSV and in all formats: the row of a table."""
    archive, output = bench.scratch / "growth", bench.scratch / "growth-output"
    source = bench.generate("growth.ndjson", "--actors", actors, "--resources", resources, events=events)
    imported = measure([bench.tool, "import", source, "--archive", archive, "--quiet"])
    source.unlink()
    tables, documents = [], []
    for _ in range(rounds):
        tables.append(report(bench, archive, output, "--format", "csv"))
        documents.append(report(bench, archive, output))
    # Counted line by line: what this process holds would count as the next command's memory (see `measure`).
    keys = {name: sum(1 for _ in open(latest(output) / f"{name}.csv", "rb")) - 1 for name in ("actors", "resources", "actor_resource_actions")}
    written = sum(path.stat().st_size for path in latest(output).iterdir())
    shutil.rmtree(output)
    shutil.rmtree(archive)
    return {"events": events, "import": imported, "csv": tables, "all": documents, "output": written, **keys}


def cells(row):
    return [*(f"{row[name]:,}" for name in ("events", "actors", "resources", "actor_resource_actions")), f"{row['import'].wall:.2f}", f"{row['import'].peak:.0f}",
            f"{wall(row['csv']):.2f}", f"{peak(row['csv']):.0f}", f"{wall(row['all']):.2f}", f"{wall(row['all']) / row['events'] * 1e6:.1f}",
            f"{peak(row['all']):.0f}", f"{row['output'] / 1e6:.0f}"]


def bytes_a_key(small, large, key, kind="all"):
    """Memory of a further key, from two sizes."""
    return (peak(large[kind]) - peak(small[kind])) * (1 << 20) / (large[key] - small[key])


def series(title, key, rows):
    """Prints the rows, and what memory a further key takes, with all that it brings along."""
    print(f"#### {title}\n")
    table(HEADER, [cells(row) for row in rows])
    for small, large in zip(rows, rows[1:]):
        if large[key] > small[key]:
            print(f"- {small[key]:,} to {large[key]:,} {NAMES[key]}: {bytes_a_key(small, large, key, 'csv'):.0f} bytes a further one as CSV, "
                  f"{bytes_a_key(small, large, key):.0f} in all formats")
    print(flush=True)


def targets(small, large):
    """The largest log against a tenth of it. Below a million events starting the tool decides, and the first line says little."""
    triples = large["actor_resource_actions"]
    allowed = 400 + 40 * triples / 1e6
    rows = []
    for kind, name in (("csv", "CSV"), ("all", "all formats")):
        slower = wall(large[kind]) / large["events"] / (wall(small[kind]) / small["events"])
        used = peak(large[kind]) * 1.048576
        rows.append([f"report, {name}: time an event with {large['events']:,} against {small['events']:,}", "1.00", f"{slower:.2f}", verdict(round(slower, 2) <= 1)])
        rows.append([f"report, {name}: MB of memory with {triples:,} triples", f"{allowed:.0f}", f"{used:.0f}", verdict(used <= allowed)])
    table(["target", "asked", "came", ""], rows)


def growth(bench):
    by_events = [one(bench, events, bench.rounds) for events in EVENTS if events <= bench.events]
    series("events", "actor_resource_actions", by_events)
    if len(by_events) > 1:
        targets(*by_events[-2:])
    most = min(bench.events, MOST)
    series("resources", "resources", [one(bench, most, resources=count) for count in RESOURCES if count <= most])
    series("actors", "actors", [one(bench, most, actors=count) for count in ACTORS if count <= most])
