"""Measuring commands and writing tables: what every benchmark here has in common."""
import dataclasses
import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass
class Cost:
    """What one run of a command cost."""

    wall: float
    processor: float
    peak: float
    """MiB of memory, at most."""


def measure(command, allowed=(0,), **options):
    """Runs a command to its end; its status must be one of `allowed`. Its peak is at least this process's own, of which
    it is born: so nothing here may hold much. What the command before left to be written to the disk is written first: the
    tool syncs what it writes, the peers leave it to whoever comes next."""
    os.sync()
    begin = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    try:
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command))}: status {process.returncode}: {error.decode()}")
    return Cost(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def processor_time(pid):
    """Seconds of processor time of a running process (Linux)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wall(costs):
    return statistics.median(cost.wall for cost in costs)


def processor(costs):
    return statistics.median(cost.processor for cost in costs)


def peak(costs):
    return max(cost.peak for cost in costs)


def table(header, rows):
    """Prints a Markdown table."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print(flush=True)


def cost_cells(costs):
    """Median, spread, processor time and memory of several runs."""
    walls = [cost.wall for cost in costs]
    return [f"{wall(costs):.2f} ({min(walls):.2f}–{max(walls):.2f})", f"{processor(costs):.2f}", f"{peak(costs):.0f}"]


def verdict(is_met):
    return "met" if is_met else "missed"


def machine():
    """One line about the machine and the day."""
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return f"{datetime.date.today()}, {os.cpu_count()} cores ({names[0] if names else platform.machine()}), {platform.system()} {platform.release()}"


def size(path):
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in pathlib.Path(path).rglob("*") if file.is_file() and not file.is_symlink())
