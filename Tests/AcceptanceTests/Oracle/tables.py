#!/usr/bin/env python3
"""Computes the seven event tables from NDJSON in the plainest way, to compare the tool's CSV files with.

usage: tables.py EVENTS.ndjson OUTDIR

Written from docs/report-format.md alone; shares nothing with the tool. Times are read with integers, since Python's
datetime stops at six digits of fraction.
"""
import collections
import csv
import datetime
import json
import re
import sys

DESCRIPTIONS = {
    "database.created": "Database was created", "database.deleted": "Database was deleted",
    "database.resized": "Database tier changed", "member.invited": "Team member invited",
    "member.removed": "Team member removed", "member.role_changed": "Member role updated",
    "api_key.created": "API key created", "api_key.revoked": "API key revoked", "settings.updated": "Org settings changed"}
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$")
TRIGGER = re.compile("(?:^|(?<=[,;|\t\r\n]))(?='*[ \u00A0]*[=+\\-@\t\r\n＝＋－＠])")


def instant(text):
    """((seconds, nanoseconds), printed in UTC with the digits received)."""
    match = TIME.match(text)
    year, month, day, hour, minute, second = (int(match.group(i)) for i in range(1, 7))
    fraction, zone = match.group(7) or "", match.group(8)
    at = datetime.datetime(year, month, day, hour, minute, second)
    if zone not in "Zz":
        sign = -1 if zone[0] == "-" else 1
        at -= datetime.timedelta(minutes=sign * (int(zone[1:3]) * 60 + int(zone[4:6])))
    seconds = (at - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)
    printed = at.strftime("%Y-%m-%dT%H:%M:%S") + ("." + fraction if fraction else "") + "Z"
    return (seconds, int((fraction + "000000000")[:9])), printed


def cell(value):
    value = value.replace("\0", "\ufffd")
    return TRIGGER.sub("'", value)


def text(value):
    return value if isinstance(value, str) else ""


class Row:
    def __init__(self):
        self.count, self.first, self.last, self.label = 0, None, None, ""
        self.sets = collections.defaultdict(set)

    def add(self, printed, label=""):
        self.count += 1
        self.first = self.first if self.first is not None else printed
        self.last = printed
        self.label = label or self.label


# The columns of events.csv behind id and time: name, the object of the event that holds it, key.
FIELDS = [
    ("action", "", "action"), ("actor_id", "actor", "id"), ("actor_email", "actor", "email"), ("resource_type", "resource", "type"),
    ("resource_id", "resource", "id"), ("resource_name", "resource", "name"), ("ip_address", "", "ip_address"),
]


def main():
    events = []
    for line in open(sys.argv[1], encoding="utf-8"):
        if not line.strip():
            continue
        event = json.loads(line)
        at, printed = instant(event["created_at"])
        events.append((at, event["id"].encode(), printed,
                       *(text(((event.get(part) or {}) if part else event).get(key)) for _, part, key in FIELDS)))
    events.sort(key=lambda e: (e[0], e[1]))
    tables = {name: collections.defaultdict(Row) for name in
              ("actions", "actors", "resources", "actor_actions", "resource_actions", "actor_resource_actions")}
    emails, names = {}, {}
    for _, id_, at, action, aid, email, rtype, rid, rname, ip, *_ in events:
        actor = (aid, "" if aid else email)
        resource = (rtype, rid, "" if rid else rname)
        if email:
            emails[actor] = email
        if rname:
            names[resource] = rname
        for name, key in (("actions", action), ("actors", actor), ("resources", resource), ("actor_actions", (actor, action)),
                          ("resource_actions", (resource, action)), ("actor_resource_actions", (actor, resource, action))):
            row = tables[name][key]
            row.add(at)
            if any(actor):
                row.sets["actors"].add(actor)
            if any(resource):
                row.sets["resources"].add(resource)
            if action:
                row.sets["actions"].add(action)
            if ip:
                row.sets["ips"].add(ip)

    def n(row, name):
        return len(row.sets[name])

    def by_key(key):
        return tuple(by_key(k) if isinstance(k, tuple) else k.encode() for k in key) if isinstance(key, tuple) else key.encode()

    def by_count(table):
        return sorted(tables[table].items(), key=lambda i: (-i[1].count, by_key(i[0])))

    def keyed(table):
        return sorted(tables[table].items(), key=lambda i: by_key(i[0]))

    def who(key):
        return [key[0], emails.get(key, "")]

    def what(key):
        return [key[0], key[1], names.get(key, "")]

    span = ["first_at", "last_at"]
    actor_head, resource_head = ["actor_id", "actor_email"], ["resource_type", "resource_id", "resource_name"]
    files = {
        "events": (["id", "created_at", *(name for name, _, _ in FIELDS)],
                   [[e[1].decode(), e[2], *e[3:]] for e in events], {1}),
        "actions": (["action", "description", "count", "actors", "resources", *span],
                    [[k, DESCRIPTIONS.get(k, ""), r.count, n(r, "actors"), n(r, "resources"), r.first, r.last] for k, r in by_count("actions")], {5, 6}),
        "actors": ([*actor_head, "count", "actions", "resources", "ip_addresses", *span],
                   [[*who(k), r.count, n(r, "actions"), n(r, "resources"), n(r, "ips"), r.first, r.last] for k, r in by_count("actors")], {6, 7}),
        "resources": ([*resource_head, "count", "actions", "actors", *span],
                      [[*what(k), r.count, n(r, "actions"), n(r, "actors"), r.first, r.last] for k, r in by_count("resources")], {6, 7}),
        "actor_actions": ([*actor_head, "action", "count", *span],
                          [[*who(k[0]), k[1], r.count, r.first, r.last] for k, r in keyed("actor_actions")], {4, 5}),
        "resource_actions": ([*resource_head, "action", "count", *span],
                             [[*what(k[0]), k[1], r.count, r.first, r.last] for k, r in keyed("resource_actions")], {5, 6}),
        "actor_resource_actions": ([*actor_head, *resource_head, "action", "count", *span],
                                   [[*who(k[0]), *what(k[1]), k[2], r.count, r.first, r.last] for k, r in keyed("actor_resource_actions")], {7, 8})}
    for name, (head, rows, times) in files.items():
        with open(f"{sys.argv[2]}/{name}.csv", "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\r\n")
            writer.writerow(head)
            for row in rows:
                writer.writerow([v if not isinstance(v, str) or i in times else cell(v) for i, v in enumerate(row)])


main()
