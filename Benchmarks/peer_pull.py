#!/usr/bin/env python3
"""The pull as a Python user would write it: pages by requests, events by orjson, NDJSON out.

usage: peer_pull.py BASE_URL OUT.ndjson
"""
import os
import sys

import orjson
import requests

base, path = sys.argv[1], sys.argv[2]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["CLOUDHEED_TOKEN"]
page, seen = 1, 0
with open(path, "wb") as out:
    while True:
        answer = session.get(f"{base}/v1/organization/audit-log", params={"page": page, "per_page": 100})
        answer.raise_for_status()
        body = orjson.loads(answer.content)
        for event in body["events"]:
            out.write(orjson.dumps(event))
            out.write(b"\n")
        seen += len(body["events"])
        if not body["events"] or seen >= body["meta"]["total"]:
            break
        page += 1
