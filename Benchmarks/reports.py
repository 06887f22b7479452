"""Import and reports beside Polars, DuckDB, chDB and the floor; a month of a long archive."""
import csv
import filecmp
import glob
import pathlib
import shutil
import statistics
import sys

from measure import cost_cells, measure, peak, table, verdict, wall

TABLES = ["events", "actions", "actors", "resources", "actor_actions", "resource_actions", "actor_resource_actions"]
DOCUMENTS = ["report.xml", "report.html"]
PEERS = ["polars", "duckdb", "chdb"]


def same_tables(ours, theirs):
    """Both folders hold the same rows; peers quote and end lines each in its own way."""
    for name in TABLES:
        with open(ours / f"{name}.csv", newline="") as a, open(theirs / f"{name}.csv", newline="") as b:
            for number, (left, right) in enumerate(zip(csv.reader(a), csv.reader(b), strict=True), 1):
                if left != right:
                    sys.exit(f"{name}.csv differs in row {number}: {left} / {right}")


def same_documents(first, second):
    """Two peers' documents are the same bytes."""
    for name in DOCUMENTS:
        if not filecmp.cmp(first / name, second / name, shallow=False):
            sys.exit(f"{first / name} and {second / name} differ")


def report(bench, archive, output, *flags):
    """One report into a new folder."""
    shutil.rmtree(output, ignore_errors=True)
    return measure([bench.tool, "report", "--archive", archive, "--output", output, "--quiet", *flags])


def latest(output):
    return pathlib.Path(glob.glob(f"{output}/*/latest")[0])


def floor(bench, sources, results):
    """Median seconds for reading the input, writing as many bytes as the output has, and hashing both once, one after the other."""
    copy = bench.scratch / "floor"
    seconds = []
    for _ in range(bench.rounds):
        read = measure(["sha256sum", *sources])
        written = measure(["sh", "-c", 'cat "$@" > "$0"; sha256sum "$0"', copy, *results])
        seconds.append(read.wall + written.wall)
    copy.unlink()
    return statistics.median(seconds)


def compare(bench, events):
    """Import, and reports as CSV and in all formats, in turn with the peers; then the targets, and the floor."""
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
        for kind, flags, extra in (("csv", ["--format", "csv"], ["--tables-alone"]), ("all", [], [])):
            record(f"heedaudit {kind}", report(bench, archive, bench.scratch / f"ours-{kind}", *flags))
            for peer in PEERS:
                script = bench.here / f"peer_{peer}.py"
                record(f"{peer} {kind}", measure([bench.python, script, events, bench.scratch / f"{peer}-{kind}", *extra]))
    for kind in ("csv", "all"):
        for peer in PEERS:
            same_tables(latest(bench.scratch / f"ours-{kind}"), bench.scratch / f"{peer}-{kind}")
    for peer in PEERS[1:]:
        same_documents(bench.scratch / f"{PEERS[0]}-all", bench.scratch / f"{peer}-all")
    print("the tables of all are equal, and so are the peers' documents\n")
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
    rows = [
        ["report, all formats: times as fast as the fastest peer", "8", f"{speed['all']:.2f}", verdict(speed["all"] >= 8)],
        ["report, CSV: times as fast as the fastest peer", "3.5", f"{speed['csv']:.2f}", verdict(speed["csv"] >= 3.5)],
        ["report, all formats: share of the best peer's memory", "0.20", f"{memory:.2f}", verdict(memory <= 0.2)],
        ["import: times as long as cat + sha256sum", "3", f"{imported / copied:.2f}", verdict(imported <= 3 * copied)],
        ["import: events a second", "1,000,000", f"{rate:,.0f}", verdict(rate >= 1_000_000)],
    ]
    for kind in ("csv", "all"):
        results = list(latest(bench.scratch / f"ours-{kind}").iterdir())
        rows.append([f"report, {kind}: times as long as the floor", "–", f"{wall(runs[f'heedaudit {kind}']) / floor(bench, segments(archive), results):.1f}", ""])
    rows.append(["import: times as long as the floor", "–", f"{imported / floor(bench, [events], segments(archive)):.1f}", ""])
    table(["target", "asked", "came", ""], rows)


def segments(archive):
    """An archive's events, file by file."""
    return sorted(path for path in archive.rglob("*.ndjson") if path.parent.name == "events")


def by_month(archive):
    """The segments of each month; a segment holds events of one."""
    months = {}
    for path in segments(archive):
        with open(path) as lines:
            months.setdefault(lines.readline().split('"created_at": "')[1][:7], []).append(path)
    return months


def month(bench):
    """One of twelve months, early and late in an archive, beside an archive that holds nothing but that month: what the report
    takes longer than there is what the other months cost it."""
    archive, alone = bench.scratch / "archive", bench.scratch / "alone"
    source = bench.generate("year.ndjson", "--months", 12)
    measure([bench.tool, "import", source, "--archive", archive, "--quiet"])
    source.unlink()
    months = by_month(archive)
    counted = {name: sum(1 for path in paths for _ in open(path, "rb")) for name, paths in months.items()}
    rows = [report_cells("all", bench.events, [report(bench, archive, bench.scratch / "whole") for _ in range(bench.rounds)])]
    verdicts = []
    for name in (sorted(months)[1], sorted(months)[-2]):
        measure([bench.tool, "import", *months[name], "--archive", alone, "--quiet"])
        later, single = [], []
        for _ in range(bench.rounds):
            later.append(report(bench, archive, bench.scratch / "month", "--period", name))
            single.append(report(bench, alone, bench.scratch / "single", "--period", name))
        shutil.rmtree(alone)
        rows += [report_cells(label, counted[name], costs) for label, costs in
                 ((name, later), (f"{name}, nothing else archived", single))]
        ratio = wall(later) / wall(single)
        verdicts.append([f"report of {name}: times as long as with nothing else archived", "1.2", f"{ratio:.2f}", verdict(ratio <= 1.2)])
    table(["report", "events", "wall s (median, min–max)", "processor s", "peak MiB", "wall µs an event"], rows)
    table(["target (proportional to the month)", "asked", "came", ""], verdicts)
    shutil.rmtree(archive)


def report_cells(label, events, costs):
    return [label, f"{events:,}", *cost_cells(costs), f"{wall(costs) / events * 1e6:.1f}"]
