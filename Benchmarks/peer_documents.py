"""What the peers have in common: the names of the actions, and the XML document and the page that libraries make of their tables."""
import argparse
import itertools
import pathlib

ACTIONS = {
    "api_key.created": "API key created",
    "api_key.revoked": "API key revoked",
    "database.created": "Database was created",
    "database.deleted": "Database was deleted",
    "database.resized": "Database tier changed",
    "member.invited": "Team member invited",
    "member.removed": "Team member removed",
    "member.role_changed": "Member role updated",
    "settings.updated": "Org settings changed",
}
# The page shows so many rows of a table, and so many of the newest events.
SHOWN = 1000
# The tables that stand in the documents, in their order, and what one of their rows is called.
SUMMARIES = {"actions": "action", "actors": "actor", "resources": "resource"}

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Audit report</title></head>
<body>
<h1>Audit report</h1>
{%- for title, columns, rows in tables %}
<h2>{{ title }}</h2>
<table>
<thead><tr>{% for column in columns %}<th>{{ column }}</th>{% endfor %}</tr></thead>
<tbody>
{%- for row in rows %}
<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{%- endfor %}
</tbody>
</table>
{%- endfor %}
</body>
</html>
"""


def arguments(about):
    """The command line of every peer: (path of the events, folder, whether the documents are wanted beside the tables)."""
    options = argparse.ArgumentParser(description=about)
    options.add_argument("events")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--tables-alone", action="store_true", help="the seven tables, without report.xml and report.html")
    args = options.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    return args.events, args.folder, not args.tables_alone


def documents(folder, summaries, columns, events, newest):
    """Writes report.xml and report.html.

    `summaries`: (columns, rows) by the names of SUMMARIES; `columns` and `events`: those of events.csv, the rows read once;
    `newest`: the last SHOWN events, newest first."""
    # What a report of tables alone does not need is not loaded for it.
    import jinja2
    from lxml import etree

    def elements(document, name, columns, rows):
        for row in rows:
            document.write(etree.Element(name, {column: str(cell) for column, cell in zip(columns, row) if cell is not None and cell != ""}))

    with etree.xmlfile(str(folder / "report.xml"), encoding="UTF-8") as document, document.element("report"):
        for plural, name in SUMMARIES.items():
            with document.element(plural):
                elements(document, name, *summaries[plural])
        with document.element("events"):
            elements(document, "event", columns, events)
    tables = [(name, *summaries[name]) for name in SUMMARIES]
    shown = [(name, columns, list(itertools.islice(rows, SHOWN))) for name, columns, rows in tables]
    page = jinja2.Environment(autoescape=True).from_string(PAGE)
    with open(folder / "report.html", "w") as out:
        out.writelines(page.generate(tables=[*shown, ("newest events", columns, newest)]))
