"""Compares what the formats of a bundle say: formats.py BUNDLE, a line for every difference.

report.json is held to its schema, read as if it allowed nothing else, and then compared with every table, every element of
report.xml and the figures of the page's tables.
"""
import csv
import html.parser
import json
import os
import re
import sys
import xml.etree.ElementTree as tree

import jsonschema

bundle = sys.argv[1]
faults = []


def path(name):
    return os.path.join(bundle, name)


def strict(schema):
    if isinstance(schema, dict):
        schema = {key: strict(value) for key, value in schema.items()}
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return [strict(value) for value in schema] if isinstance(schema, list) else schema


def same(where, one, other):
    if one != other:
        faults.append(f"{where}: {str(one)[:200]!r} and {str(other)[:200]!r}")


def text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# report.json and its schema.
with open(path("report.json"), encoding="utf-8") as file:
    report = json.load(file)
with open(path("report.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
for error in jsonschema.Draft202012Validator(strict(schema)).iter_errors(report):
    faults.append(f"report.json {list(error.absolute_path)}: {error.message[:200]}")

# The tables.
APOSTROPHE = re.compile("(^|[,;|\t\r\n])'(?='*[ \u00A0]*[=+\\-@\t\r\n＝＋－＠])")
csv.field_size_limit(1 << 30)


def table(name):
    with open(path(name), newline="", encoding="utf-8") as file:
        return [{key: APOSTROPHE.sub(r"\1", value) for key, value in row.items()} for row in csv.DictReader(file)]


def evidence(finding):
    more = len(finding["events"]) - 100
    return "; ".join(finding["events"][:100]) + (f" (+{more} more)" if more > 0 else "")


findings = {finding["id"]: finding for finding in report["findings"]}
MADE = {
    "evidence": lambda row: evidence(findings[row["finding_id" if "finding_id" in row else "id"]]),
    "frameworks": lambda row: "; ".join(f"{framework['name']} {framework['id']}" for framework in row["frameworks"]),
}
# The name of a table's column where report.json has another.
OTHER = {("controls", "control"): "id", ("settings", "setting"): "name",
         ("action_plan", "events"): "evidence"}
TABLES = ["settings", "controls", "frameworks", "findings", "review", "changes", "actions", "actors", "resources",
          "actor_actions", "resource_actions", "actor_resource_actions", "action_plan"]
for name in TABLES:
    rows, others = table(name.replace("action_plan", "action-plan") + ".csv"), report[name]
    same(f"rows of {name}", len(rows), len(others))
    for number, (row, other) in enumerate(zip(rows, others)):
        for column, value in row.items():
            key = OTHER.get((name, column), column)
            is_made = key in MADE and not isinstance(other.get(key), str)
            same(f"{name} {number} {column}", value, MADE[key](other) if is_made else text(other[key]))
same("events", len(table("events.csv")), report["summary"]["events"])
for finding in report["findings"]:
    same(f"events of {finding['id']}", len(finding["events"]), finding["event_count"])

# report.xml.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
space = {"r": "urn:heedaudit:report:1"}
root = tree.parse(path("report.xml")).getroot()


def element(where, found, values, renamed=()):
    """Every attribute and every child without attributes is the value of its name."""
    renamed = dict(renamed)
    told = dict(found.attrib) | {child.tag.split("}")[1]: child.text or "" for child in found
                                 if not child.attrib and child.tag.split("}")[1] in values}
    for name, value in told.items():
        key = renamed.get(name, name)
        same(f"{where} {name}", value, FORBIDDEN.sub("\ufffd", text(values[key])) if key in values else "(not in report.json)")
    for key, value in values.items():
        name = next((one for one, other in renamed.items() if other == key), key)
        if value is not None and not isinstance(value, (list, dict)) and name not in told and value != "":
            unsaid.setdefault(where.split(" ")[0], set()).add(key)


unsaid = {}
element("report", root, {key: report[key] for key in ("version", "as_of", "generated_at")})
element("organization", root.find("r:organization", space), report["organization"])
element("period", root.find("r:period", space), report["period"])
element("completeness", root.find("r:completeness", space), report["completeness"])
element("summary", root.find("r:summary", space), report["summary"])
element("evidence", root.find("r:evidence", space), report["evidence"])
NAMES = {
    "actions": ("action", {"name": "action"}), "actors": ("actor", {"id": "actor_id", "email": "actor_email"}),
    "resources": ("resource", {"type": "resource_type", "id": "resource_id", "name": "resource_name"}),
    "settings": ("setting", {}), "controls": ("control", {}), "findings": ("finding", {}), "changes": ("change", {}),
}
for name, (tag, renamed) in NAMES.items():
    elements = root.findall(f"r:{name}/r:{tag}", space)
    same(f"elements of {name}", len(elements), len(report[name]))
    for number, (found, values) in enumerate(zip(elements, report[name])):
        values = dict(values)
        if name == "findings":
            if values["due"] is None:
                values["overdue"] = None
            same(f"findings {number} events", [event.get("id") for event in found.findall("r:event", space)],
                 [FORBIDDEN.sub("\ufffd", event) for event in values["events"]])
        element(f"{name} {number}", found, values, renamed)
        for child, key in (("action", "own_actions"), ("framework", "frameworks"), ("waiver", "waivers")):
            if key in values and name in ("actors", "resources", "findings"):
                children = found.findall(f"r:{child}", space)
                same(f"{name} {number} {key}", len(children), len(values[key]))
                for one, other in zip(children, values[key]):
                    element(f"{name}/{key} {number}", one, other)
for one, many in (("completeness/r:gap", report["completeness"]["gaps"]), ("evidence/r:segment", report["evidence"]["segments"])):
    elements = root.findall(f"r:{one}", space)
    same(one, len(elements), len(many))
    for found, values in zip(elements, many):
        element(one, found, values)
same("events of report.xml", len(root.findall("r:events/r:event", space)), report["summary"]["events"])


# The page: its tables, each a list of rows of cells.
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables, self.cell, self.in_table = [], None, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.in_table = True
            self.tables.append({"class": attributes.get("class") or "", "name": attributes.get("data-name"), "rows": []})
        elif self.in_table and tag == "tr":
            self.tables[-1]["rows"].append({"class": attributes.get("class") or "", "cells": []})
        elif self.in_table and tag in ("td", "th"):
            self.cell = {"text": "", "class": attributes.get("class") or "", "marks": []}
            self.tables[-1]["rows"][-1]["cells"].append(self.cell)
        elif self.cell is not None and tag == "use":
            self.cell["marks"].append(attributes["href"].removeprefix("#shape-"))

    def handle_endtag(self, tag):
        if tag == "table":
            self.in_table = False
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell["text"] += data


page = Page()
with open(path("report.html"), encoding="utf-8") as file:
    page.feed(file.read())


def number(cell):
    return int(cell["text"].replace(",", "").strip(" \n–") or 0)


def body(chosen):
    found = [one for one in page.tables if chosen(one)]
    same("tables", len(found), 1)
    return found[0]["rows"]


grid = body(lambda one: one["class"] == "grid")
columns = [cell["marks"][0] for cell in grid[0]["cells"] if cell["marks"]]
counted = {}
for row in grid[1:]:
    for status, cell in zip(columns, row["cells"][1:]):
        counted[row["cells"][0]["marks"][0], status] = number(cell)
expected = {}
for control in report["controls"]:
    key = control["severity"], control["status"]
    expected[key] = expected.get(key, 0) + 1
same("verdicts by severity", {key: count for key, count in counted.items() if count}, expected)

told = {}
for row in body(lambda one: one["class"] == "all")[1:]:
    cells = row["cells"]
    told[cells[2]["text"].split()[-1]] = (cells[0]["marks"][0], cells[1]["marks"][0], number(cells[3]))
COUNTS = {"fail": "failed"}
cases = {control["id"]: (control["status"], control["severity"],
                         0 if control["status"] in ("pass", "not_applicable") else control[COUNTS.get(control["status"], control["status"])])
         for control in report["controls"]}
same("controls of the page", told, cases)

SHOWN = {"actions": ("count", "actors", "resources"), "actors": ("count", "resources", "ip_addresses"),
         "resources": ("count", "actors")}
for name, keys in SHOWN.items():
    rows = [one for one in page.tables if one["name"] == name]
    if not report[name]:
        same(f"table of {name}", len(rows), 0)
        continue
    columns = [place for place, cell in enumerate(rows[0]["rows"][0]["cells"]) if "n" in cell["class"].split()]
    shown = rows[0]["rows"][1:]
    same(f"rows of the page's {name}", len(shown), min(1000, len(report[name])))
    for row, values in zip(shown, report[name]):
        cells = [row["cells"][place] for place in columns]
        figures = [number(cell) for cell in cells if "%" not in cell["text"]]
        same(f"{name} of the page", figures, [values[key] for key in keys])

print(f"{len(faults)} differences; {len(report['findings'])} findings, {report['summary']['events']} events")
print("only in report.json:", {key: sorted(value) for key, value in unsaid.items()})
print("\n".join(faults[:30]))
sys.exit(1 if faults else 0)
