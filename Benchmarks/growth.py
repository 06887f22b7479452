"""How time, memory and output grow with events, resources and actors."""
import shutil
import subprocess
import sys

from measure import measure, size, table
from reports import report

EVENTS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
RESOURCES = [50_000, 500_000, 5_000_000]
ACTORS = [10_000, 100_000, 1_000_000]


def one(bench, events, actors=400, resources=20_000):
    """Imports and reports an archive of its own: the row of a table."""
    source, archive, output = bench.scratch / "growth.ndjson", bench.scratch / "growth", bench.scratch / "growth-output"
    shutil.rmtree(archive, ignore_errors=True)
    command = [sys.executable, bench.here / "generate.py", str(events), source, "--actors", str(actors), "--resources", str(resources)]
    subprocess.run(command, check=True)
    imported = measure([bench.tool, "import", source, "--archive", archive, "--quiet"])
    source.unlink()
    reported = report(bench, archive, output)
    tables = {path.stem: path for path in output.glob("*/latest/*.csv")}
    keys = {name: sum(1 for _ in open(tables[name], "rb")) - 1 for name in ("actors", "resources", "actor_resource_actions")}
    written = sum(path.stat().st_size for path in output.glob("*/latest/*"))
    shutil.rmtree(output)
    shutil.rmtree(archive)
    return {"events": events, "import": imported, "report": reported, "output": written, **keys}


def rows(results):
    return [[f"{r['events']:,}", f"{r['actors']:,}", f"{r['resources']:,}", f"{r['actor_resource_actions']:,}", f"{r['import'].wall:.2f}",
             f"{r['import'].peak:.0f}", f"{r['report'].wall:.2f}", f"{r['report'].wall / r['events'] * 1e6:.1f}", f"{r['report'].peak:.0f}",
             f"{r['output'] / 1e6:.0f}"] for r in results]


HEADER = ["events", "actors", "resources", "triples", "import s", "import MiB", "report s", "µs an event", "report MiB", "output MB"]


def bytes_a_key(results, key):
    """Memory of a further key, from the two largest."""
    small, large = results[-2], results[-1]
    return (large["report"].peak - small["report"].peak) * (1 << 20) / (large[key] - small[key])


def growth(bench):
    largest = bench.events
    by_events = [one(bench, events) for events in EVENTS if events <= largest]
    table(HEADER, rows(by_events))
    if len(by_events) > 1:
        print(f"{bytes_a_key(by_events, 'actor_resource_actions'):.0f} bytes a further triple (with its events' times)\n")
    number = min(largest, 5_000_000)
    by_resources = [one(bench, number, resources=count) for count in RESOURCES if count <= largest]
    table(HEADER, rows(by_resources))
    if len(by_resources) > 1:
        print(f"{bytes_a_key(by_resources, 'resources'):.0f} bytes a further resource (with its triples)\n")
    by_actors = [one(bench, number, actors=count) for count in ACTORS if count <= largest]
    table(HEADER, rows(by_actors))
    if len(by_actors) > 1:
        print(f"{bytes_a_key(by_actors, 'actors'):.0f} bytes a further actor (with their triples)\n")
