"""Compares report.xlsx with the tables of its bundle, cell by cell: workbook.py CHECKERS BUNDLE, a line for every difference.

The workbook is read by openpyxl, and its parts are looked at as they stand.
"""
import csv
import datetime
import json
import os
import re
import sys
import zipfile

checkers, bundle = sys.argv[1:3]
sys.path.insert(0, checkers)
import openpyxl
import openpyxl.cell.cell

faults = []


def path(name):
    return os.path.join(bundle, name)


def same(where, one, other):
    if one != other:
        faults.append(f"{where}: {str(one)[:300]!r} and {str(other)[:300]!r}")


with open(path("manifest.json"), encoding="utf-8") as file:
    manifest = json.load(file)
language = manifest["inputs"]["parts"].get("language", "en") if isinstance(manifest["inputs"].get("parts"), dict) else "en"
words = {}
root = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(root, "../../../templates/words", f"{language}.yaml"), encoding="utf-8") as file:
    for line in file:
        if group := re.match(r"(\w+):$", line):
            group_name = group[1]
        elif (text := re.match(r"  (\w+): ([^{\"].*)$", line)) and group_name in ("verdict", "severity", "workbook", "page"):
            words[group_name, text[1]] = text[2].strip()

csv.field_size_limit(1 << 30)
APOSTROPHE = re.compile("(^|[,;|\t\r\n])'(?='*[ \u00A0]*[=+\\-@\t\r\n＝＋－＠])")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def table(name):
    with open(path(name), newline="", encoding="utf-8") as file:
        return [[APOSTROPHE.sub(r"\1", cell) for cell in row] for row in csv.reader(file)]


NUMBERS = {"count", "actors", "resources", "actions", "ip_addresses", "subjects", "failed", "not_proven", "manual", "reviewed", "waived",
           "role_changes", "privileged_actions", "open_api_keys", "age_days"}
TIMES = {"created_at", "first_at", "last_at", "at", "judged_to", "joined_at", "invited_at", "removed_at", "last_action_at", "last_used_at",
         "expires_at", "revoked_at"}
DAYS = {"due", "reviewed_on"}
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z")


def expected(column, text):
    """What a cell of a table is in the workbook."""
    if text == "":
        return None
    if column in NUMBERS:
        return int(text)
    if column in TIMES and (found := TIME.fullmatch(text)):
        parts = [int(part) for part in found.groups()[:6]]
        if (parts[0], parts[1]) >= (1900, 3) and parts[5] < 60:
            return datetime.datetime(*parts, int((found[7] or "").ljust(3, "0")[:3]) * 1000)
    if column in DAYS and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return datetime.datetime.fromisoformat(text) if text >= "1900-03-01" else text
        except ValueError:
            return text
    if column == "status":
        return words.get(("verdict", text), text)
    if column == "severity":
        return words.get(("severity", text), text)
    return text


def whole(value):
    """A text with the escapes of OOXML resolved, which openpyxl leaves in cells that hold their text themselves."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


SHEETS = [
    ("summary", None), ("controls", "controls.csv"), ("findings", "findings.csv"), ("review", "review.csv"),
    ("plan", "action-plan.csv"), ("members", "members.csv"), ("api_keys", "api_keys.csv"), ("actions", "actions.csv"),
    ("actors", "actors.csv"), ("resources", "resources.csv"), ("actor_actions", "actor_actions.csv"),
    ("resource_actions", "resource_actions.csv"), ("actor_resource_actions", "actor_resource_actions.csv"),
    ("settings", "settings.csv"), ("changes", "changes.csv"), ("events", "events.csv"),
]
SHEETS = [(words["workbook", title], name) for title, name in SHEETS if name is None or os.path.exists(path(name))]
book = openpyxl.load_workbook(path("report.xlsx"))
same("the sheets", book.sheetnames, [title for title, _ in SHEETS])
cut = 0
for title, name in SHEETS:
    sheet = book[title]
    same(f"{title}: what stays in sight", sheet.freeze_panes, "A2")
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" or cell.hyperlink:
                faults.append(f"{title} {cell.coordinate}: a formula or a link")
    if name is None:
        continue
    rows = table(name)
    same(f"{title}: filter", sheet.auto_filter.ref, f"A1:{openpyxl.utils.get_column_letter(len(rows[0]))}{max(1, len(rows))}")
    same(f"{title}: rows", sheet.max_row, len(rows))
    same(f"{title}: header", [cell.value for cell in sheet[1]], rows[0])
    for number, row in enumerate(rows[1:], 2):
        for place, column in enumerate(rows[0]):
            value = whole(sheet.cell(number, place + 1).value)
            wanted = expected(column, row[place])
            if isinstance(wanted, str) and isinstance(value, str) and "(cut: at most 32767 of " in value and value != wanted:
                cut += 1
                size = len(wanted.encode("utf-16-le")) // 2
                shown, note = value.rsplit("… (cut: ", 1)
                same(f"{title} {number} {column}", note, f"at most 32767 of {size} characters fit in a cell)")
                same(f"{title} {number} {column}", len(value.encode("utf-16-le")) // 2 > 30000 or "_x" in wanted, True)
                wanted = wanted[:len(shown)]
                value = shown
            same(f"{title} {number} {column}", value, wanted)
            same(f"{title} {number} {column}", type(value), type(wanted))
same("cells that were cut", manifest["cells_cut"] >= cut, True)

# A sentence of the Summary can be read whole, whatever program shows it.
sheet = book[SHEETS[0][0]]
for number, (label, value, *_) in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
    if isinstance(value, str) and len(value) > 60:
        height = sheet.row_dimensions[number].height or 15
        same(f"Summary: the row of {label} is high enough", height >= min(15 * -(-len(value) // 60), 405), True)

# The Summary says what report.json says.
if os.path.exists(path("report.json")):
    with open(path("report.json"), encoding="utf-8") as file:
        report = json.load(file)
    told = {}
    for label, value, *_ in book[SHEETS[0][0]].iter_rows(min_row=2, values_only=True):
        told.setdefault(label, whole(value))

    def moment(text):
        return expected("at", text or "")

    completeness, summary, evidence = report["completeness"], report["summary"], report["evidence"]
    figures = {
        "conclusion": report["conclusion"], "organization_id": report["organization"]["id"],
        "time_zone": report["period"]["time_zone"], "covered_from": moment(completeness["from"]),
        "covered_to": moment(completeness["to"]), "said_to_have": completeness["total"],
        "received": completeness["received"], "received_again": completeness["duplicates"],
        "undated": completeness["undated"], "unreadable": completeness["unreadable"], "table_events": summary["events"],
        "actors": summary["actors"], "resources": summary["resources"], "actions_title": summary["actions"],
        "table_first": moment(summary["first_at"]), "table_last": moment(summary["last_at"]),
        "fingerprint": evidence["head"], "entry": evidence["entry"], "written": moment(evidence["at"]), "made_by": report["tool"],
    }
    for name, value in figures.items():
        same(f"Summary: {words['page', name]}", told.get(words["page", name], "(not there)"), value)
    counts = {}
    for finding in report["findings"]:
        counts[finding["status"]] = counts.get(finding["status"], 0) + 1
    for (group, status), word in words.items():
        if group == "verdict":
            same(f"Summary: {word}", told.get(f"{words['page', 'findings']}: {word}") or 0, counts.get(status, 0))

choices = {title: {str(each.sqref): each.formula1 for each in book[title].data_validations.dataValidation} for title, _ in SHEETS}
for title, name, column, texts in (("review", "review.csv", "N", "ok,not ok"), ("plan", "action-plan.csv", "L", "fix,accept")):
    last = len(table(name))
    same(f"{title}: what to choose from", choices[words["workbook", title]], {f"{column}2:{column}{last}" if last > 2 else f"{column}2": f'"{texts}"'} if last > 1 else {})

with zipfile.ZipFile(path("report.xlsx")) as file:
    same("damaged parts", file.testzip(), None)
    for part in file.infolist():
        same(f"{part.filename}: when", part.date_time, (1980, 1, 1, 0, 0, 0))
        if part.filename.startswith("xl/worksheets/"):
            text = file.read(part).decode()
            for element in ("<f>", "<f ", "<hyperlink", "externalLink"):
                same(f"{part.filename} holds {element}", element in text, False)
    same("links", [part for part in file.namelist() if "external" in part or "drawing" in part], [])
    same("made", manifest["generated_at"] in file.read("docProps/core.xml").decode(), True)
print("\n".join(faults[:50]))
sys.exit(1 if faults else 0)
