"""What meets the service: a first pull beside a Python client, and a run that finds nothing new."""
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time

from measure import cost_cells, measure, processor, processor_time, table, verdict, wall

TOKEN = "ch_live_sandbox"


@contextlib.contextmanager
def sandbox(bench, *events):
    """A sandbox with the events that the flags name and no rate limit; yields its address and process."""
    process = subprocess.Popen([bench.tool, "sandbox", "--port", "0", "--unlimited", *map(str, events)],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = process.stdout.readline().strip()
        if not address:
            sys.exit("the sandbox did not start")
        yield address, process
    finally:
        process.terminate()
        process.wait()


def environment():
    return {**os.environ, "CLOUDHEED_TOKEN": TOKEN}


def same_events(archive, copy):
    """Whether both hold the same ids. In a process of its own: what this one holds would count as its children's peak."""
    program = ("import json, pathlib, sys\n"
               "ours = [line for path in pathlib.Path(sys.argv[1]).rglob('*.ndjson') if path.parent.name == 'events' for line in open(path)]\n"
               "ids = [sorted(json.loads(line)['id'] for line in lines) for lines in (ours, open(sys.argv[2]))]\n"
               "sys.exit(ids[0] != ids[1])\n")
    return subprocess.run([sys.executable, "-c", program, archive, copy]).returncode == 0


def pages(bench, address, folder):
    """The same pages by curl, four at a time as the tool asks for them, kept nowhere: the time is the server's."""
    last = -(-bench.events // 100)
    command = ["curl", "-sf", "--parallel", "--parallel-max", "4", "-H", f"Authorization: Bearer {TOKEN}", "-o", "/dev/null",
               f"{address}/v1/organization/audit-log?page=[1-{last}]&per_page=100"]
    return measure(command, cwd=folder)


def warm_up(bench, address):
    """Lets the server serve every page once: the first time costs it a third more processor time, which nobody is to be charged with."""
    pages(bench, address, bench.scratch)


def first_pull(bench, address, server, archive):
    """What a pull into an empty archive costs, and how long the server computes meanwhile."""
    shutil.rmtree(archive, ignore_errors=True)
    before = processor_time(server.pid)
    cost = measure([bench.tool, "pull", "--base-url", address, "--archive", archive, "--quiet"], env=environment())
    return cost, processor_time(server.pid) - before


@contextlib.contextmanager
def cores_apart():
    """The server on one core and the clients on the others, as if it were another machine; yields what puts the clients there.

    Sharing cores, a client that computes anything beside curl makes the server slower."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("the server needs a core of its own, and the clients another")
    os.sched_setaffinity(0, cores[:1])
    try:
        yield lambda: os.sched_setaffinity(0, cores[1:])
    finally:
        os.sched_setaffinity(0, cores)


def pull_apart(bench):
    """How far a first pull is bounded by the server, which has a core of its own here."""
    archive = bench.scratch / "pulled-apart"
    ours, bare, served = [], [], []
    with cores_apart() as go_to_others, sandbox(bench, "--generate", bench.events) as (address, server):
        go_to_others()
        warm_up(bench, address)
        for _ in range(bench.rounds):
            cost, busy = first_pull(bench, address, server, archive)
            ours.append(cost)
            served.append(busy)
            bare.append(pages(bench, address, bench.scratch))
    table(["work, the server on a core of its own", "wall s (median, min–max)", "processor s", "peak MiB"],
          [[name, *cost_cells(costs)] for name, costs in [("heedaudit pull", ours), ("curl, kept nowhere", bare)]])
    slower, busy = wall(ours) / wall(bare), statistics.median(served) / wall(ours)
    table(["target", "asked", "came", ""], [
        ["pull: times as long as curl takes for the same pages (bounded by the server)", "1.2", f"{slower:.2f}", verdict(slower <= 1.2)],
        ["pull: the server's processor time, as a share of the pull's wall time", "–", f"{busy:.2f}", ""]])


def pull(bench):
    """A first pull of the whole log at 100 a page, in turn with the Python client and curl."""
    archive, copy = bench.scratch / "pulled", bench.scratch / "pulled.ndjson"
    ours, theirs, bare, served = [], [], [], []
    with sandbox(bench, "--generate", bench.events) as (address, server):
        warm_up(bench, address)
        for _ in range(bench.rounds):
            cost, busy = first_pull(bench, address, server, archive)
            ours.append(cost)
            served.append(busy)
            theirs.append(measure([bench.python, bench.here / "peer_pull.py", address, copy], env=environment()))
            bare.append(pages(bench, address, bench.scratch))
            if not same_events(archive, copy):
                sys.exit("the pull and the Python client got different events")
    named = [("heedaudit pull", ours), ("requests + orjson", theirs), ("curl, kept nowhere", bare)]
    table(["work", "wall s (median, min–max)", "processor s", "peak MiB", "processor µs an event"],
          [[name, *cost_cells(costs), f"{processor(costs) / bench.events * 1e6:.1f}"] for name, costs in named])
    share, slower, busy = processor(ours) / processor(theirs), wall(ours) / wall(bare), statistics.median(served) / wall(ours)
    table(["target", "asked", "came", ""], [
        ["pull: processor time as a share of the Python client's", "0.50", f"{share:.3f}", verdict(share <= 0.5)],
        ["pull: times as long as curl, all on the same cores", "–", f"{slower:.2f}", ""],
        ["pull: the server's processor time, as a share of the pull's wall time", "–", f"{busy:.2f}", ""]])
    pull_apart(bench)


def cron(bench):
    """The usual line in a crontab, nothing new since the last time, with the 100,000 events of the target at most.

    What the requests cost is told by a pull that brings nothing: the same requests to the same archive, and its one entry in the
    ledger. `doctor` stands beside it, which asks fewer of them but checks templates and folders too."""
    archive, output = bench.scratch / "cron", bench.scratch / "cron-output"
    runs, pulls, doctors = [], [], []
    with sandbox(bench, "--generate", min(bench.events, 100_000)) as (address, _):
        service = ["--base-url", address, "--archive", archive]
        run = [bench.tool, "run", *service, "--output", output, "--quiet"]
        # The first run reports, the second compares settings for the first time; the ledger's times have whole seconds.
        measure(run, env=environment())
        time.sleep(1.1)
        measure(run, env=environment())
        for _ in range(bench.rounds):
            runs.append(measure(run, env=environment()))
            pulls.append(measure([bench.tool, "pull", *service, "--quiet"], env=environment()))
            doctors.append(measure([bench.tool, "doctor", *service], env=environment()))
    named = [("run, nothing new", runs), ("pull, nothing new: the requests", pulls), ("doctor", doctors)]
    # To the millisecond: all of this is tenths of a second.
    table(["work", "wall s (median, min–max)", "processor s", "peak MiB", "processor s, median"],
          [[name, *cost_cells(costs), f"{processor(costs):.3f}"] for name, costs in named])
    extra = [processor(runs) - processor(costs) for costs in (pulls, doctors)]
    table(["target", "asked", "came", ""], [
        ["run with nothing new: processor seconds beside a pull's that brings nothing", "0.15", f"{extra[0]:.3f}", verdict(extra[0] < 0.15)],
        ["the same, beside doctor's", "–", f"{extra[1]:.3f}", ""]])
