"""Holds a bundle's OCSF to OCSF's own schema, and compares it with the tables: ocsf.py CHECKERS BUNDLE.

The schema is that of ocsf-json-schema, made of what schema.ocsf.io publishes. Every line is validated.
"""
import csv
import datetime
import json
import os
import re
import sys

import jsonschema

sys.path.insert(0, sys.argv[1])
import ocsf_json_schema

bundle = sys.argv[2]
schemas = ocsf_json_schema.OcsfJsonSchemaEmbedded(ocsf_json_schema.get_ocsf_schema("1.5.0"))
CLASSES = {6003: "api_activity", 3001: "account_change", 2003: "compliance_finding"}
validators = {}
for uid, name in CLASSES.items():
    schema = schemas.get_class_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    validators[uid] = jsonschema.Draft202012Validator(schema)
csv.field_size_limit(1 << 30)
APOSTROPHE = re.compile("(^|[,;|\t\r\n])'(?='*[ \u00A0]*[=+\\-@\t\r\n＝＋－＠])")
faults = []


def path(name):
    return os.path.join(bundle, name)


def table(name):
    with open(path(name), newline="", encoding="utf-8") as file:
        return [{key: APOSTROPHE.sub(r"\1", value) for key, value in row.items()} for row in csv.DictReader(file)]


def lines(name):
    with open(path(name), encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def same(where, one, other):
    if one != other:
        faults.append(f"{where}: {str(one)[:200]!r} and {str(other)[:200]!r}")


def milliseconds(text):
    """Integers alone, since Python's datetime stops at six digits of fraction."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z", text)
    at = datetime.datetime(*(int(match.group(place)) for place in range(1, 7)))
    seconds = (at - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)
    return seconds * 1000 + int(((match.group(7) or "") + "000")[:3])


def valid(where, line):
    for error in validators[line["class_uid"]].iter_errors(line):
        faults.append(f"{where} {list(error.absolute_path)}: {error.message[:200]}")
    same(f"{where} type_uid", line["type_uid"], line["class_uid"] * 100 + line["activity_id"])


events = table("events.csv")
told = lines("ocsf-events.ndjson")
same("events", len(told), len(events))
for number, (row, line) in enumerate(zip(events, told)):
    where = f"event {number}"
    valid(where, line)
    unmapped, user = line["unmapped"], line["actor"]["user"]
    is_account = row["action"] in ("member.invited", "member.removed", "member.role_changed")
    same(f"{where} class", line["class_uid"], 3001 if is_account else 6003)
    resource = line["user"] if is_account else line.get("resources", [{}])[0]
    same(f"{where} time", line["time"], milliseconds(row["created_at"]) if row["created_at"] else 0)
    same(f"{where} undated", unmapped["undated"], not row["created_at"])
    is_nobody = not row["actor_id"] and not row["actor_email"]
    is_nothing = not row["resource_id"] and not row["resource_name"]
    made = {
        "id": line["metadata"]["uid"], "created_at": line["metadata"].get("original_time", ""),
        "action": unmapped["action"] if is_account else line["api"]["operation"],
        "actor_id": user.get("uid", ""), "actor_email": "" if is_nobody else user.get("name", ""),
        "resource_type": resource.get("type", unmapped.get("resource_type", "")),
        "resource_id": resource.get("uid", ""), "resource_name": "" if is_nothing else resource.get("name", ""),
        "ip_address": line.get("src_endpoint", {}).get("ip", unmapped.get("ip_address", "")),
    }
    same(f"{where}", {**row, "action": row["action"] or "Unknown"}, made)
    same(f"{where} mail", user.get("email_addr", user.get("name")), user.get("name"))

findings = table("findings.csv")
told = lines("ocsf-findings.ndjson")
same("findings", len(told), len(findings))
SEVERITIES = {"critical": 5, "high": 4, "medium": 3, "low": 2, "info": 1}
STATUSES = {"fail": (1, 3), "not_proven": (1, 2), "manual": (1, 2), "waived": (3, 3), "pass": (4, 1), "reviewed": (4, 1),
            "not_applicable": (99, 99)}
for number, (row, line) in enumerate(zip(findings, told)):
    where = f"finding {number}"
    valid(where, line)
    info, compliance, resource = line["finding_info"], line["compliance"], line.get("resources", [{}])[0]
    ids = [event["uid"] for event in info.get("related_events", [])]
    same(f"{where} events", len(ids), info.get("related_events_count", 0))
    same(f"{where} severity", line["severity_id"], SEVERITIES[row["severity"]])
    same(f"{where} status", (line["status_id"], compliance["status_id"]), STATUSES[row["status"]])
    places = compliance.get("requirements", [])
    same(f"{where} standards", [name for name in compliance.get("standards", [])
                                if not any(place.startswith(name + " ") for place in places)], [])
    made = {
        "id": info["uid"], "control": compliance["control"], "title": info["title"], "severity": row["severity"],
        "status": line["unmapped"]["verdict"], "subject": resource.get("name", ""), "detail": info.get("desc", ""),
        "evidence": "; ".join(ids[:100]) + (f" (+{len(ids) - 100} more)" if len(ids) > 100 else ""),
        "frameworks": "; ".join(places), "remediation": line.get("remediation", {}).get("desc", ""),
        "owner": resource.get("owner", {}).get("name", ""), "due": line["unmapped"].get("due", ""),
        "judged_to": line["unmapped"].get("judged_to", ""),
    }
    same(where, row, made)

print(f"{len(faults)} faults in {len(events)} events and {len(findings)} findings")
print("\n".join(faults[:30]))
sys.exit(1 if faults else 0)
