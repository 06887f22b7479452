#!/usr/bin/env python3
"""Writes N made-up audit events as NDJSON, oldest first, with a chosen number of actors and resources.

usage: generate.py N OUT.ndjson [--actors A] [--resources R]

The lines are like those of the shared generator, which has 400 actors and 80,000 resources; this one is for growth.
"""
import argparse
import random
import time

ACTIONS = ["database.created", "database.deleted", "database.resized", "member.invited", "member.removed",
           "member.role_changed", "api_key.created", "api_key.revoked", "settings.updated"]
WEIGHTS = [30, 8, 20, 6, 3, 4, 14, 9, 6]
AT_ONCE = 10_000


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("events", type=int)
    options.add_argument("path")
    options.add_argument("--actors", type=int, default=400)
    options.add_argument("--resources", type=int, default=20_000)
    args = options.parse_args()
    rng = random.Random(7)
    at = 1_735_689_600
    with open(args.path, "w") as out:
        for begin in range(0, args.events, AT_ONCE):
            count = min(AT_ONCE, args.events - begin)
            lines = []
            for number, action in enumerate(rng.choices(ACTIONS, WEIGHTS, k=count), begin):
                at += int(rng.random() * 7)
                kind = action.partition(".")[0]
                actor, resource = int(rng.random() * args.actors), int(rng.random() * args.resources)
                host = (actor * 97 % 2600 * 24 + int(rng.random() * 24)) & 0xFFFF
                moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
                lines.append(
                    f'{{"id": "evt-{number:09d}", "action": "{action}", "actor": {{"id": "user-{actor}", "email": "user{actor}@example.com"}}, '
                    f'"resource": {{"type": "{kind}", "id": "{kind}-{resource}", "name": "prod-{kind}-{resource}"}}, '
                    f'"ip_address": "203.0.{host >> 8}.{host & 255}", "created_at": "{moment}"}}\n')
            out.write("".join(lines))


main()
