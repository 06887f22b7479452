"""What meets the service: a first pull beside a Python client, and a run that finds nothing new."""
import contextlib
import os
import shutil
import subprocess
import sys
import time

from measure import cost_cells, measure, processor, processor_time, table, verdict, wall

TOKEN = "ch_live_sandbox"


@contextlib.contextmanager
def sandbox(bench, events):
    """A sandbox with so many events and no rate limit; yields its address and process."""
    process = subprocess.Popen([bench.tool, "sandbox", "--port", "0", "--generate", str(events), "--unlimited"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process.stdout.readline().strip(), process
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


def pull(bench):
    """A first pull of the whole log at 100 a page, in turn with the Python client."""
    archive, copy = bench.scratch / "pulled", bench.scratch / "pulled.ndjson"
    ours, theirs, served = [], [], []
    with sandbox(bench, bench.events) as (address, server):
        for _ in range(bench.rounds):
            shutil.rmtree(archive, ignore_errors=True)
            before = processor_time(server.pid)
            ours.append(measure([bench.tool, "pull", "--base-url", address, "--archive", archive, "--quiet"], env=environment()))
            served.append(processor_time(server.pid) - before)
            theirs.append(measure([bench.python, bench.here / "peer_pull.py", address, copy], env=environment()))
    if not same_events(archive, copy):
        sys.exit("the pull and the Python client got different events")
    table(["work", "wall s (median, min–max)", "processor s", "peak MiB"],
          [["heedaudit pull", *cost_cells(ours)], ["requests + orjson", *cost_cells(theirs)]])
    share, busy = processor(ours) / processor(theirs), sorted(served)[len(served) // 2] / wall(ours)
    table(["target", "asked", "came", ""], [
        ["pull: processor time as a share of the Python client's", "0.50", f"{share:.2f}", verdict(share <= 0.5)],
        ["pull: share of its time in which the server was at work", "bounded by the server", f"{busy:.2f}", ""]])


def cron(bench):
    """The usual line in a crontab: nothing new since the last time, with the 100,000 events of the target at most."""
    archive, output = bench.scratch / "cron", bench.scratch / "cron-output"
    with sandbox(bench, min(bench.events, 100_000)) as (address, _):
        command = [bench.tool, "run", "--base-url", address, "--archive", archive, "--output", output, "--quiet"]
        measure(command, env=environment())
        time.sleep(1.1)
        measure(command, env=environment())
        requests = [measure([bench.tool, "doctor", "--base-url", address, "--archive", archive], env=environment()) for _ in range(bench.rounds)]
        runs = [measure(command, env=environment()) for _ in range(bench.rounds)]
    extra = processor(runs) - processor(requests)
    table(["work", "wall s (median, min–max)", "processor s", "peak MiB"],
          [["run, nothing new", *cost_cells(runs)], ["doctor: requests alone", *cost_cells(requests)]])
    table(["target", "asked", "came", ""],
          [["run with nothing new: processor seconds beside the requests", "0.15", f"{extra:.2f}", verdict(extra < 0.15)]])
