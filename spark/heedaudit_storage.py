"""What lies in an archive's root, in whatever file system Hadoop knows: organizations, their ledgers, where segments stand."""
import json
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

import heedaudit_ledger as ledgers

# How many folders are asked for at a time: an answer of an object store takes long and costs nothing here.
AT_A_TIME = 16


class Storage:
    """A folder in a file system of Hadoop's, seen from the driver."""

    def __init__(self, spark, root):
        self.jvm = spark.sparkContext._jvm
        self.path = self.jvm.org.apache.hadoop.fs.Path(root)
        self.fs = self.path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    def names(self, below=""):
        """(name, bytes, path) of what stands in a folder, -1 bytes for what is no file; nothing where there is none."""
        path = self.jvm.org.apache.hadoop.fs.Path(self.path, below) if below else self.path
        try:
            found = self.fs.listStatus(path)
        except Exception as error:  # py4j wraps every Java exception alike
            if "FileNotFoundException" in str(error):
                return []
            raise
        return [(f.getPath().getName(), f.getLen() if f.isFile() else -1, f.getPath().toString()) for f in found]

    def write(self, name, text):
        """Writes a file of the folder, in the place of one that is there."""
        out = self.fs.create(self.jvm.org.apache.hadoop.fs.Path(self.path, name), True)
        out.write(bytearray(text.encode()))
        out.close()


def organizations(spark, storage, folders=None):
    """What each organization's ledger says, by folder, with the paths of its segments; and why others are stopped.

    `folders`: those asked for; None for all in the root that hold anything.
    """
    asked = folders is not None
    if not asked:
        folders = [name for name, size, _ in storage.names() if size < 0 and not name.startswith(".") and name != "lost+found"]
    plans, stopped, paths = {}, {}, []

    def place(folder):
        try:
            find_segments(storage, folder, plans[folder])
        except ledgers.Stopped as why:
            return str(why)
        return None

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for folder, found in zip(folders, pool.map(storage.names, folders)):
            path = next((path for name, size, path in found if name == "ledger.ndjson" and size >= 0), None)
            if path:
                paths.append(path)
            elif found or asked:
                stopped[folder] = "has no ledger"
        for folder, ledger, why in read_ledgers(spark, paths) if paths else ():
            if why:
                stopped[folder] = why
            else:
                plans[folder] = ledger
        read = list(plans)
        for folder, why in zip(read, pool.map(place, read)):
            if why:
                stopped[folder] = why
                del plans[folder]
    return plans, stopped


def read_ledgers(spark, paths):
    """(folder, what its ledger says or None, why it stopped) of each path, read by tasks."""

    def read(batches):
        for batch in batches:
            found = []
            for path, content in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()):
                folder = path.split("/")[-2]
                try:
                    ledger = ledgers.read_ledger(content, folder)
                    for part in (ledger, ledger["tail"] or {}):
                        part["superseded"] = [(f, i.hex(), e) for f, i, e in part.get("superseded", [])]
                    found.append((folder, json.dumps(ledger), None))
                except ledgers.Stopped as stopped:
                    found.append((folder, None, str(stopped)))
            yield pa.RecordBatch.from_arrays([pa.array(list(c), type=pa.string()) for c in zip(*found)], ["folder", "ledger", "stopped"])

    frame = spark.read.format("binaryFile").load(paths).select("path", "content")
    # All in one job: going through them part after part would be a job a part, one behind the other.
    for row in frame.mapInArrow(read, "folder string, ledger string, stopped string").collect():
        yield row.folder, json.loads(row.ledger) if row.ledger else None, row.stopped


def find_segments(storage, folder, ledger):
    """Gives each of a ledger's segments its path and size.

    Raises Stopped for one that is missing or has another size.
    """
    def sizes(below):
        return {"events/" + name: (size, path) for name, size, path in storage.names(f"{folder}/{below}events")}

    present = sizes("")
    tail = ledger.pop("tail")
    if tail and all(present.get(s["file"], (None,))[0] == s["bytes"] for s in tail["segments"]) and tail["segments"]:
        for name in ("segments", "superseded", "proven"):
            ledger[name] += tail[name]
        ledger.update({name: tail[name] for name in ("entry", "head", "at", "organization")})
    staged = None
    for segment in ledger["segments"]:
        place = present.pop(segment["file"], None)
        if place is None and segment["entry"] == ledger["entry"]:
            staged = sizes("staging/sealed/") if staged is None else staged
            place = staged.get(segment["file"])
        if place is None or place[0] < 0:
            raise ledgers.Stopped(f"{segment['file']} is missing")
        if segment["bytes"] not in (None, place[0]):
            raise ledgers.Stopped(f"{segment['file']} has {place[0]} bytes, where the ledger says {segment['bytes']}")
        segment["path"], segment["size"] = place[1], place[0]
    ledger["unnamed"] = sorted(present)
