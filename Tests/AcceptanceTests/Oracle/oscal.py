"""Holds a bundle's OSCAL to its schema and to an independent reader, and compares it with report.json: oscal.py CHECKERS BUNDLE.

The schema is read by xmlschema, which shares nothing with libxml2. compliance-trestle reads JSON alone: the document is written
as JSON by the rules of OSCAL's two forms, trestle loads it by its own entry point, and what is compared is what trestle has read.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile
import uuid
import xml.etree.ElementTree as tree

sys.path.insert(0, os.path.join(sys.argv[1], "oscal"))
import xmlschema
from trestle.oscal.assessment_results import AssessmentResults

bundle = sys.argv[2]
faults = []
NAMES = "{http://csrc.nist.gov/ns/oscal/1.0}"
OURS = "urn:heedaudit:oscal:1"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BLANK = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def path(name):
    return os.path.join(bundle, name)


def same(where, one, other):
    if one != other:
        faults.append(f"{where}: {str(one)[:200]!r} and {str(other)[:200]!r}")


def moment(text):
    """An instant, which trestle writes in its own way; of seconds, since Python's datetime stops at six digits of fraction."""
    return datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))


def shown(text):
    return FORBIDDEN.sub("\ufffd", text or "")


def short(text):
    """A text as a property bears it."""
    return shown(BLANK.sub(" ", (text or "")[:200]).strip(" "))


# The schema, by a reader that is not libxml2.
schema = xmlschema.XMLSchema10(path("oscal-assessment-results.xsd"))
for error in schema.iter_errors(path("oscal-assessment-results.xml")):
    faults.append(f"schema: {error.path} {str(error.reason)[:200]}")

# XML to JSON.
MANY = {
    "prop": "props", "party": "parties", "result": "results", "part": "parts", "component": "components",
    "assessment-platform": "assessment-platforms", "uses-component": "uses-components", "actor": "actors",
    "control-selection": "control-selections", "include-control": "include-controls", "origin": "origins",
    "control-objective-selection": "control-objective-selections", "include-objective": "include-objectives",
    "observation": "observations", "method": "methods", "type": "types", "subject": "subjects", "risk": "risks",
    "relevant-evidence": "relevant-evidence", "characterization": "characterizations", "facet": "facets",
    "response": "remediations", "related-observation": "related-observations", "finding": "findings", "hash": "hashes",
    "associated-risk": "related-risks", "resource": "resources", "rlink": "rlinks", "document-id": "document-ids",
    "objectives-and-methods": "objectives-and-methods",
}
MARKUP = {"description", "remarks", "statement"}
ONE = {("characterization", "origin")}
VALUES = {"hash": "value", "document-id": "identifier"}


def as_json(element):
    """An assembly, a field with attributes, or a text."""
    name = element.tag.removeprefix(NAMES)
    children = list(element)
    if name in MARKUP:
        return "\n\n".join("".join(child.itertext()) for child in children)
    if not children and not element.attrib:
        return element.text or ""
    made = dict(element.attrib)
    if name in VALUES:
        made[VALUES[name]] = element.text
    for child in children:
        key = child.tag.removeprefix(NAMES)
        if key == "p":
            made["prose"] = "".join(child.itertext())
        elif key in MANY and (name, key) not in ONE:
            made.setdefault(MANY[key], []).append(as_json(child))
        else:
            same(f"{name}: a second", key in made, False)
            made[key] = as_json(child)
    return made


document = tree.parse(path("oscal-assessment-results.xml")).getroot()
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "assessment-results.json"
    file.write_text(json.dumps({"assessment-results": as_json(document)}), encoding="utf-8")
    model = AssessmentResults.oscal_read(file)
oscal = json.loads(model.oscal_serialize_json())["assessment-results"]
same("results", len(oscal["results"]), 1)
result = oscal["results"][0]
with open(path("report.json"), encoding="utf-8") as file:
    report = json.load(file)
with open(path("manifest.json"), encoding="utf-8") as file:
    manifest = json.load(file)


def props(element):
    """Properties of ours by name; of a name that is there more often a list."""
    found = {}
    for prop in element.get("props", []):
        if prop.get("ns") == OURS and "class" not in prop:
            found.setdefault(prop["name"], []).append(prop["value"])
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def whole(element, name):
    """A text of people, which stands behind a property that can't bear it."""
    for prop in element.get("props", []):
        if prop["name"] == name:
            return prop.get("remarks", prop["value"])
    return ""


def subject(element):
    """A text that stands behind a title that can't bear it."""
    return element.get("remarks", element.get("title", ""))


def told(**values):
    return {key.replace("_", "-"): str(value).lower() if isinstance(value, bool) else str(value)
            for key, value in values.items() if value is not None and value != ""}


def hosts(texts):
    return "\n\n".join(shown(text) for text in texts)


# UUIDs: of version 5, each once, and made of the names that docs/oscal.md tells.
space = uuid.uuid5(uuid.NAMESPACE_URL, OURS)
organization, version = report["organization"]["id"], oscal["metadata"]["version"]
same("version", manifest["bundle"].startswith(version), True)


def lasting(kind, *names):
    return str(uuid.uuid5(space, "\0".join((kind, organization) + names)))


def of_report(kind, *names):
    return lasting(kind, version, *names)


declared = [element.get("uuid") for element in document.iter() if element.get("uuid")]
same("UUIDs", len(set(declared)), len(declared))
same("versions", {uuid.UUID(one).version for one in declared}, {5})
used = {element.get(name) for element in document.iter()
        for name in ("observation-uuid", "risk-uuid", "actor-uuid", "subject-uuid", "component-uuid") if element.get(name)}
used |= {element.get("href")[1:] for element in document.iter() if (element.get("href") or "").startswith("#")}
same("references in vain", used - set(declared), set())
same("document", oscal["uuid"], of_report("document"))
same("document-id", oscal["metadata"]["document-ids"][0]["identifier"], lasting("document", report["period"]["name"]))
same("result", result["uuid"], of_report("result"))

# The report.
metadata = oscal["metadata"]
same("oscal-version", metadata["oscal-version"], "1.1.2")
same("metadata", props(metadata), told(tool=report["tool"], language=report["language"]))
same("last-modified", moment(metadata["last-modified"]), moment(report["generated_at"]))
party = metadata["parties"][0]
same("organization", whole(party, "organization-id"), shown(organization) if short(organization) else "")
same("name", party.get("name", ""), short(report["organization"]["name"] or organization) or "–")
same("conclusion", result["description"], shown(report["conclusion"]))
same("period", result["title"].endswith(": " + report["period"]["name"]), True)
for key, bound in (("start", "from"), ("end", "to")):
    if report["period"][bound]:
        same(key, moment(result[key]), moment(report["period"][bound]))
same("summary", props(result), {key: str(report["summary"][key]) for key in ("events", "actors", "resources", "actions")})
counts = {}
for finding in report["findings"]:
    counts[finding["status"]] = counts.get(finding["status"], 0) + 1
same("findings by status", {prop["class"]: int(prop["value"]) for prop in result["props"] if "class" in prop}, counts)

# The controls.
NIST = re.compile(r"[A-Z]{2}-\d+(\(\d+\))?")


def nist(frameworks):
    return [one["id"].lower().replace("(", ".").replace(")", "") for one in frameworks
            if one["name"].startswith("NIST 800-53") and NIST.fullmatch(one["id"])]


mapped = [control for control in report["controls"] if nist(control["frameworks"])]
selections = result["reviewed-controls"]["control-selections"]
same("controls", len(selections), len(mapped))
for control, selection in zip(mapped, selections):
    same(f"{control['id']} controls", [one["control-id"] for one in selection["include-controls"]], nist(control["frameworks"]))
    keys = ("severity", "status", "basis", "subjects", "passed", "failed", "not_proven", "manual", "reviewed", "waived", "judged_to")
    same(control["id"], props(selection), told(control=control["id"], **{key: control[key] for key in keys}))
    same(f"{control['id']} title", selection["description"], control["title"])
objectives = [(f"{one}_obj.{control['id']}", one) for control in mapped for one in nist(control["frameworks"])]
definitions = oscal["local-definitions"]["objectives-and-methods"]
same("objectives", [(one["parts"][0]["id"], one["control-id"]) for one in definitions], objectives)
same("objectives reviewed", [one["objective-id"] for one in
     result["reviewed-controls"]["control-objective-selections"][0]["include-objectives"]], [one for one, _ in objectives])
targets = {control["id"]: f"{nist(control['frameworks'])[0]}_obj.{control['id']}" for control in mapped}

# The evidence.
observations = result["observations"]
first, rest = observations[0], observations[1:]
complete = report["completeness"]
same("completeness", props(first), told(**{key: complete[key] for key in (
    "complete", "state", "from", "to", "received", "total", "duplicates", "missing", "undated", "unreadable", "replaced_characters")}))
same("reasons and damage", first["description"].endswith(hosts(complete["reasons"] + complete["damage"])), True)
evidence = report["evidence"]
files = [told(path=one["file"], sha_256=one["sha256"], events=one["count"], first_at=one["first_at"], last_at=one["last_at"])
         for one in evidence["segments"]]
same("files", [props(one) for one in first["relevant-evidence"][:-1]], files)
ledger = props(first["relevant-evidence"][-1])
same("ledger", {key: ledger[key] for key in ("path", "head", "entry")},
     told(path="ledger.ndjson", head=evidence["head"], entry=evidence["entry"]))
linked = {resource["uuid"]: resource for resource in oscal["back-matter"]["resources"]}
for one in first["relevant-evidence"][:-1]:
    link = linked[one["href"][1:]]["rlinks"][0]
    same(link["href"], (props(one)["path"], props(one)["sha-256"]), (link["href"], link["hashes"][0]["value"]))

# What nobody could judge, and every finding.
unjudged = [control for control in report["controls"] if control["subjects"] == 0]
same("observations", len(rest), len(unjudged) + len(report["findings"]))
for control, observation in zip(unjudged, rest):
    same(control["id"], (props(observation), control["status"]),
         (told(control=control["id"], severity=control["severity"], status="not_applicable"), "not_applicable"))
BASES = {control["id"]: {"settings": "TEST", "evidence": "TEST", "log": "EXAMINE", "access": "EXAMINE"}.get(control["basis"], "UNKNOWN")
         for control in report["controls"]}
risks, findings = iter(result.get("risks", [])), iter(result.get("findings", []))
for row, observation in zip(report["findings"], rest[len(unjudged):]):
    where = row["id"]
    common = told(finding_id=row["id"], control=row["control"], severity=row["severity"], status=row["status"])
    judged = told(judged_to=row["judged_to"])
    same(where, props(observation), {**common, **judged, **told(owner=short(row["owner"]), due=short(row["due"]))})
    for key in ("owner", "due"):
        same(f"{where} {key}", whole(observation, key), shown(row[key]) if short(row[key]) else "")
    same(f"{where} title", observation["title"], shown(row["title"]))
    same(f"{where} detail", observation["description"], shown(row["detail"]))
    same(f"{where} subject", subject(observation["subjects"][0]), shown(row["subject"]))
    same(f"{where} method", observation["methods"], [BASES[row["control"]]])
    same(f"{where} collected", moment(observation["collected"]), moment(report["as_of"]))
    more = len(row["events"]) - 100
    ids = "; ".join(row["events"][:100]) + (f" (+{more} more)" if more > 0 else "")
    source = observation["relevant-evidence"][0]
    same(f"{where} events", source["description"], shown(ids))
    same(f"{where} evidence", props(source), told(path="ledger.ndjson", head=evidence["head"], events=row["event_count"]))
    isJudged, isRisk = row["status"] in ("pass", "reviewed", "fail", "waived"), row["status"] in ("fail", "waived")
    if not isJudged:
        continue
    finding = next(findings, {})
    others = nist(row["frameworks"]) if row["control"] in targets else []
    same(f"{where} finding", {**props(finding), "control-id": others[0] if len(others) == 1 else others},
         {**common, **judged, "control-id": others[0] if len(others) == 1 else others})
    same(f"{where} target", finding["target"]["target-id"], targets.get(row["control"], row["control"]))
    same(f"{where} state", finding["target"]["status"]["state"], "not-satisfied" if isRisk else "satisfied")
    same(f"{where} texts", (finding["title"], finding["description"], subject(finding["target"])),
         (shown(row["title"]), shown(row["detail"]), shown(row["subject"])))
    same(f"{where} observation", [one["observation-uuid"] for one in finding["related-observations"]], [observation["uuid"]])
    # A subject that goes by another key than its name has a UUID that can't be known here.
    if row["id"] == "f-" + hashlib.sha256(f"{row['control']}\0{row['subject']}".encode()).hexdigest()[:12]:
        same(f"{where} uuid", finding["uuid"], lasting("finding", row["control"], row["subject"]))
        same(f"{where} observed", observation["uuid"], of_report("observation", row["control"], row["subject"]))
    if not isRisk:
        same(f"{where} risks", finding.get("related-risks", []), [])
        continue
    risk = next(risks, {})
    same(f"{where} risk", [one["risk-uuid"] for one in finding["related-risks"]], [risk["uuid"]])
    same(f"{where} risk's", props(risk), {**common, **(told(overdue=row["overdue"]) if row["due"] else {})})
    same(f"{where} status", risk["status"], "deviation-approved" if row["status"] == "waived" else "open")
    facets = [facet["value"] for facet in risk["characterizations"][0]["facets"]]
    same(f"{where} severity", facets, [row["severity"]])
    responses = {one["lifecycle"]: one for one in risk["remediations"]}
    same(f"{where} remediation", responses["recommendation"]["description"], shown(row["remediation"]))
    waiver = row["waivers"][0] if row["status"] == "waived" and row["waivers"] else None
    day = (waiver or {}).get("until") or row["due"]
    is_day = re.fullmatch(r"(19|2\d)\d\d-\d\d-\d\d", day or "")
    same(f"{where} deadline", moment(risk["deadline"]) if "deadline" in risk else "",
         moment(f"{day}T23:59:59Z") if is_day else "")
    if waiver:
        accepted = responses["completed"]
        same(f"{where} accepted", (whole(accepted, "approver"), whole(accepted, "until"), accepted["description"]),
             (shown(waiver["approver"]), shown(waiver["until"]), shown(waiver["reason"])))
    if row["owner"] or row["due"]:
        planned = responses["planned"]
        same(f"{where} planned", [whole(planned, key) for key in ("owner", "due")],
             [shown(row[key]) if short(row[key]) else "" for key in ("owner", "due")])
same("findings without a row", list(findings), [])
same("risks without a row", list(risks), [])

print(f"{len(faults)} faults in {len(observations)} observations, {len(result.get('findings', []))} findings, "
      f"{len(result.get('risks', []))} risks, read by trestle")
print("\n".join(faults[:30]))
sys.exit(1 if faults else 0)
