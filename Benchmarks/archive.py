"""An archive of five years of hourly pulls: what a run with nothing new, a month's report and `verify` take of it.

The archive is written here, after docs/archive-format.md, because 43,800 pulls would take an hour; that `verify` finds it sound is
part of the benchmark. The service that `run` asks is the sandbox, with the same events."""
import contextlib
import datetime
import hashlib
import itertools
import json
import os
import shutil
import sys
import time
import urllib.request

from measure import cost_cells, measure, peak, processor, size, table, verdict
from reports import latest
from service import TOKEN, environment, sandbox

HOURS = 43_800
# A quiet organization: two events an hour.
EVENTS = 2 * HOURS
HOUR = 3600
# A pull an hour reads what is new, and one a week reads everything.
WEEK = 7 * 24


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def digest(data):
    return hashlib.sha256(data).hexdigest()


def ask(address, path):
    """The bytes of an answer about the organization, as the tool archives them."""
    request = urllib.request.Request(address + path, headers={"Authorization": "Bearer " + TOKEN})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def created(line):
    return datetime.datetime.fromisoformat(json.loads(line)["created_at"]).timestamp()


class Writer:
    """Writes an archive entry by entry, all of them complete pulls."""

    def __init__(self, folder, organization, snapshots):
        for name in ("events", "variants", "snapshots", "staging"):
            (folder / name).mkdir(parents=True, mode=0o700)
        self.folder, self.organization = folder, organization
        self.snapshots = {}
        for name, data in snapshots.items():
            self.snapshots[name] = digest(data)
            self.write(f"snapshots/{digest(data)}.json", data)
        self.lengths = {name: len(data) for name, data in snapshots.items()}
        self.ledger = open(folder / "ledger.ndjson", "wb")
        self.previous, self.entries, self.segments, self.total, self.first = "0" * 64, 0, 0, 0, None

    def write(self, name, data):
        (self.folder / name).write_bytes(data)

    def segment(self, lines):
        """Seals the events of one month."""
        self.segments += 1
        name, data = f"events/{self.segments:08d}.ndjson", b"".join(lines)
        self.write(name, data)
        first, last = (json.loads(line)["created_at"] for line in (lines[0], lines[-1]))
        self.first = self.first or first
        return {"file": name, "sha256": digest(data), "bytes": len(data), "count": len(lines), "first_at": first, "last_at": last}

    def entry(self, at, lines):
        """Adds what one pull brought: the events of the hour before."""
        is_full = self.entries % WEEK == 0
        months = itertools.groupby(lines, key=lambda line: json.loads(line)["created_at"][:7])
        segments = [self.segment(list(part)) for _, part in months]
        self.entries += 1
        self.total += len(lines)
        known = self.total - len(lines) if is_full else min(100 - len(lines), self.total - len(lines))
        pages = max(1, -(-self.total // 100)) if is_full else 1
        fields = {
            "already_archived": known, "anomalies": [], "at": stamp(at), "attempts": 1, "clock": {"local": stamp(at - 2), "server": stamp(at - 2), "used": "server"},
            "complete": True, "duplicates": 0, "entry": self.entries, "format": 2, "incomplete_because": [], "kind": "pull",
            "left_while_read": 0, "mode": "full" if is_full else "incremental", "new": len(lines), "oldest_served": self.first, "order": "newest_first",
            "organization": self.organization, "page_size": 100, "pages": pages, "passes": 1, "previous": self.previous,
            "proven": {"from": "2020-01-01T00:00:00Z", "to": stamp(at - 302)}, "received": known + len(lines), "requests": pages + 3, "retries": 0, "segments": segments,
            "snapshots": {"bytes": self.lengths, "served_at": stamp(at - 3), **self.snapshots}, "superseded": [], "tool": "heedaudit 0.2.0",
            "total_at_end": self.total, "total_at_start": self.total, "undated": 0, "unique": known + len(lines), "variants": [],
        }
        if self.first is None:
            del fields["oldest_served"]
        line = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
        self.ledger.write(line + b"\n")
        self.previous = digest(line)

    def close(self):
        self.ledger.close()
        for path in (self.folder.parent, self.folder, *self.folder.rglob("*")):
            os.chmod(path, 0o700 if path.is_dir() else 0o600)


def hourly(events, begin):
    """The events by the hour that they fall in: HOURS lists."""
    hours = [[] for _ in range(HOURS)]
    with open(events, "rb") as lines:
        for line in lines:
            hours[min(HOURS - 1, int(created(line) - begin) // HOUR)].append(line)
    return hours


def write(root, events, begin, address):
    """An archive of one pull an hour, the last of them an hour ago."""
    answers = {"organization": ask(address, "/v1/organization"), "settings": ask(address, "/v1/organization/settings")}
    organization = json.loads(answers["organization"])["id"]
    with contextlib.closing(Writer(root / organization, organization, answers)) as writer:
        for number, lines in enumerate(hourly(events, begin), 1):
            # A pull five minutes and more behind the last event of its hour.
            writer.entry(begin + number * HOUR + 600, sorted(lines, key=lambda line: (created(line), json.loads(line)["id"])))


def archive(bench):
    """What is allowed are seconds of processor time and MB of memory on one machine of two cores; the ratio to them is what travels."""
    today = int(time.time()) // 86_400 * 86_400
    begin = today - HOURS * HOUR
    day = time.strftime("%Y-%m-%d", time.gmtime(begin))
    events = bench.generate("hourly.ndjson", "--months", HOURS * HOUR / 86_400 / 30.4 - 0.1, "--from", day, "--actors", 40, "--resources", 2000, events=EVENTS)
    root, output = bench.scratch / "hourly", bench.scratch / "hourly-output"
    month = time.strftime("%Y-%m", time.gmtime(begin + HOURS * HOUR // 2))
    runs, months, checks = [], [], []
    with sandbox(bench, "--events", events) as (address, _):
        write(root, events, begin, address)
        print(f"{HOURS:,} entries, {EVENTS:,} events, {size(root) / 1e6:.0f} MB\n", flush=True)
        run = [bench.tool, "run", "--base-url", address, "--archive", root, "--output", output, "--quiet"]
        # As in `cron`: the first run reports, the second compares settings for the first time.
        measure(run, env=environment())
        time.sleep(1.1)
        measure(run, env=environment())
        published = latest(output).resolve()
        for _ in range(bench.rounds):
            runs.append(measure(run, env=environment()))
            if latest(output).resolve() != published:
                sys.exit("a run with nothing new published a report")
            shutil.rmtree(bench.scratch / "hourly-month", ignore_errors=True)
            months.append(measure([bench.tool, "report", "--archive", root, "--output", bench.scratch / "hourly-month", "--period", month, "--quiet"]))
            checks.append(measure([bench.tool, "verify", root]))
    named = [("run, nothing new", runs), (f"report of {month}", months), ("verify", checks)]
    table(["work, hourly pulls for five years", "wall s (median, min–max)", "processor s", "peak MiB"], [[name, *cost_cells(costs)] for name, costs in named])
    rows = [[f"{name}: processor seconds", f"{limit}", f"{processor(costs):.2f}", verdict(processor(costs) <= limit)]
            for (name, costs), limit in zip(named, (0.5, 0.6, 3))]
    rows.insert(1, ["run, nothing new: MB of memory", "100", f"{peak(runs) * 1.048576:.0f}", verdict(peak(runs) * 1.048576 <= 100)])
    table(["target", "asked", "came", ""], rows)
    shutil.rmtree(root)
    shutil.rmtree(output)
