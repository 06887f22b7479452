#!/usr/bin/env python3
"""Writes N made-up audit events as NDJSON, oldest first, with exactly A actors and R resources (where N is not smaller).

usage: generate.py N OUT.ndjson [--actors A] [--resources R] [--months M] [--seed S] [--from YYYY-MM-DD]

Half a minute lies between two events on average, or less where the log would reach over more than a year; with --months the
events are spread evenly over so many months. The same arguments give the same bytes.
"""
import argparse
import datetime
import random
import time

# What happens to resources of each kind: an action stands as often as it is likely, and a kind as often as its actions.
LIKELY = {
    "database": ["database.created"] * 30 + ["database.deleted"] * 8 + ["database.resized"] * 20,
    "member": ["member.invited"] * 6 + ["member.removed"] * 3 + ["member.role_changed"] * 4,
    "api_key": ["api_key.created"] * 14 + ["api_key.revoked"] * 9,
    "settings": ["settings.updated"] * 6,
}
KINDS = [kind for kind, actions in LIKELY.items() for _ in actions]
DAY = 86_400
YEAR, MONTH = 365 * DAY, 30.4 * DAY
# Odd and prime: i * SCATTER modulo any count below it meets every number once, in no order that helps a cache.
SCATTER = 2_654_435_761
CLOCK = [f"{hour:02d}:{minute:02d}:{second:02d}" for hour in range(24) for minute in range(60) for second in range(60)]


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("events", type=int)
    options.add_argument("path")
    options.add_argument("--actors", type=int, default=400)
    options.add_argument("--resources", type=int, default=80_000)
    options.add_argument("--months", type=float)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--from", dest="begin", type=datetime.date.fromisoformat, default=datetime.date(2025, 1, 1))
    return options.parse_args()


def lines(args):
    """Every event's line. The first events meet each actor and each resource once, so the counts are exact."""
    chance = random.Random(args.seed).random
    actors, resources = args.actors, args.resources
    spread = 2 * (args.months * MONTH / args.events if args.months else min(30, YEAR / args.events))
    at, today, date = float((args.begin - datetime.date(1970, 1, 1)).days * DAY), -1, ""
    for number in range(args.events):
        at += chance() * spread
        day, second = divmod(int(at), DAY)
        if day != today:
            today, date = day, time.strftime("%Y-%m-%d", time.gmtime(day * DAY))
        actor = number * SCATTER % actors if number < actors else int(chance() * actors)
        resource = number * SCATTER % resources if number < resources else int(chance() * resources)
        kind = KINDS[resource % len(KINDS)]
        actions = LIKELY[kind]
        action = actions[int(chance() * len(actions))]
        # Two dozen addresses an actor, and once in two thousand events any other.
        host = int(chance() * 65_536) if chance() < 0.0005 else (actor * 97 % 2600 * 24 + int(chance() * 24)) & 0xFFFF
        yield (f'{{"id": "evt-{number:09d}", "action": "{action}", "actor": {{"id": "user-{actor}", "email": "user{actor}@example.com"}}, '
               f'"resource": {{"type": "{kind}", "id": "{kind}-{resource}", "name": "prod-{kind}-{resource}"}}, '
               f'"ip_address": "203.0.{host >> 8}.{host & 255}", "created_at": "{date}T{CLOCK[second]}Z"}}\n')


def main():
    args = arguments()
    with open(args.path, "w", buffering=1 << 20) as out:
        out.writelines(lines(args))


main()
