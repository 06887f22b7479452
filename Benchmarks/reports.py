"""Import and reports beside Polars, DuckDB and the floor; a month of a long archive."""
import csv
import glob
import pathlib
import shutil
import sys

from measure import cost_cells, measure, peak, processor, size, table, verdict, wall

TABLES = ["events", "actions", "actors", "resources", "actor_actions", "resource_actions", "actor_resource_actions"]
PEERS = ["polars", "duckdb"]


def same_tables(ours, theirs):
    """Both folders hold the same rows; a peer writes no apostrophe and other line ends."""
    for name in TABLES:
        with open(ours / f"{name}.csv", newline="") as a, open(theirs / f"{name}.csv", newline="") as b:
            for number, (left, right) in enumerate(zip(csv.reader(a), csv.reader(b), strict=True), 1):
                if left != right:
                    sys.exit(f"{name}.csv differs in row {number}: {left} / {right}")


def report(bench, archive, output, *flags):
    """One report into a new folder; the archive's cache stays as it is."""
    shutil.rmtree(output, ignore_errors=True)
    return measure([bench.tool, "report", "--archive", archive, "--output", output, "--quiet", *flags])


def latest(output):
    return pathlib.Path(glob.glob(f"{output}/*/latest")[0])


def floor(bench, sources, results):
    """Reading the input, writing as many bytes as the output has, hashing both: nothing else."""
    copy = bench.scratch / "floor"
    command = 'cat "$@" > "$0"; sha256sum "$@" > /dev/null; sha256sum "$0" > /dev/null'
    written = measure(["sh", "-c", command, copy, *results])
    read = measure(["sh", "-c", 'sha256sum "$@" > /dev/null', "sh", *sources])
    copy.unlink()
    # The results were read and hashed once more than the tool does; that is taken off.
    again = measure(["sh", "-c", 'sha256sum "$@" > /dev/null', "sh", *results])
    return read.wall + max(0, written.wall - again.wall)


def compare(bench, events):
    """The first four rows of the table of targets, and the floor."""
    archive = bench.scratch / "archive"
    runs = {}

    def record(name, cost):
        runs.setdefault(name, []).append(cost)

    for _ in range(bench.rounds):
        shutil.rmtree(archive, ignore_errors=True)
        record("import", measure([bench.tool, "import", events, "--archive", archive, "--quiet"]))
        record("cat + sha256sum", measure(["sh", "-c", f"cat {events} > {bench.scratch}/copy; sha256sum {events}"]))
    (bench.scratch / "copy").unlink()
    for _ in range(bench.rounds):
        for kind, flags, extra in (("csv", ["--format", "csv"], ["csv"]), ("all", [], [])):
            record(f"heedaudit {kind}", report(bench, archive, bench.scratch / f"ours-{kind}", *flags))
            for peer in PEERS:
                script = bench.peers / f"peer_{peer}.py"
                record(f"{peer} {kind}", measure([bench.python, script, events, bench.scratch / f"{peer}-{kind}", *extra]))
    same_tables(latest(bench.scratch / "ours-csv"), bench.scratch / "polars-csv")
    table(["work", "wall s (median, min–max)", "processor s", "peak MiB"],
          [[name, *cost_cells(costs)] for name, costs in runs.items()])
    targets(bench, runs, archive, events)
    shutil.rmtree(archive)


def targets(bench, runs, archive, events):
    """Says what was asked for and what came."""
    fastest = {kind: min(wall(runs[f"{peer} {kind}"]) for peer in PEERS) for kind in ("csv", "all")}
    smallest = min(peak(runs[f"{peer} all"]) for peer in PEERS)
    speed = {kind: fastest[kind] / wall(runs[f"heedaudit {kind}"]) for kind in ("csv", "all")}
    memory = peak(runs["heedaudit all"]) / smallest
    imported, copied = wall(runs["import"]), wall(runs["cat + sha256sum"])
    rate = bench.events / imported
    segments = [path for path in archive.rglob("*.ndjson") if path.parent.name == "events"]
    rows = [
        ["report, all formats: times as fast as the fastest peer", "8", f"{speed['all']:.2f}", verdict(speed["all"] >= 8)],
        ["report, CSV: times as fast as the fastest peer", "4", f"{speed['csv']:.2f}", verdict(speed["csv"] >= 4)],
        ["report, all formats: share of the best peer's memory", "0.20", f"{memory:.2f}", verdict(memory <= 0.2)],
        ["import: times as long as cat + sha256sum", "3", f"{imported / copied:.2f}", verdict(imported <= 3 * copied)],
        ["import: events a second", "1,000,000", f"{rate:,.0f}", verdict(rate >= 1_000_000)],
    ]
    for kind in ("csv", "all"):
        results = [path for path in latest(bench.scratch / f"ours-{kind}").iterdir()]
        rows.append([f"report, {kind}: times as long as the floor", "–", f"{wall(runs[f'heedaudit {kind}']) / floor(bench, segments, results):.1f}", ""])
    rows.append(["import: times as long as the floor", "–", f"{imported / floor(bench, [events], segments):.1f}", ""])
    table(["target", "asked", "came", ""], rows)


def month(bench, events):
    """A month late in a long archive, against the share that the month has of all events."""
    archive = bench.scratch / "archive"
    measure([bench.tool, "import", events, "--archive", archive, "--quiet"])
    segments = sorted(path for path in archive.rglob("*.ndjson") if path.parent.name == "events")
    months = {}
    for path in segments:
        with open(path) as lines:
            moment = lines.readline().split('"created_at": "')[1][:7]
            months[moment] = months.get(moment, 0) + 1 + sum(1 for _ in lines)
    name = sorted(months)[-2]
    whole = [report(bench, archive, bench.scratch / "whole") for _ in range(bench.rounds)]
    first = report(bench, archive, bench.scratch / "month", "--period", name)
    later = [report(bench, archive, bench.scratch / "month", "--period", name) for _ in range(bench.rounds)]
    total = sum(months.values())
    table(["report", "events", "wall s", "processor s", "peak MiB", "wall µs an event"], [
        [label, f"{count:,}", f"{wall(costs):.2f}", f"{processor(costs):.2f}", f"{peak(costs):.0f}", f"{wall(costs) / count * 1e6:.1f}"]
        for label, count, costs in (("all", total, whole), (f"{name}, cache empty", months[name], [first]), (name, months[name], later))])
    print(f"cache: {size(archive / 'local' / 'cache') / 1e6:.0f} MB of {sum(p.stat().st_size for p in segments) / 1e6:.0f} MB\n")
    shutil.rmtree(archive)
