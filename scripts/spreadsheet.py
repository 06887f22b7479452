#!/usr/bin/env python3
"""What LibreOffice Calc makes of CSV files: opens them as a person would who lets it guess, and reads the cells back.

usage: spreadsheet.py DELIMITER FILE.csv…    prints JSON: {"events.csv": {"formulas": 0, "rows": [[[type, text], …], …]}}
Numbers, dates, truth values and formulas are looked for in every cell, quoted ones too: the worst that a person can choose.
"""
import json, pathlib, subprocess, sys, tempfile, xml.etree.ElementTree as tree

NAMES = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def name(prefixed):
    prefix, local = prefixed.split(":")
    return "{%s}%s" % (NAMES[prefix], local)


def plain(node):
    """The text of a paragraph: blanks and tabs are elements."""
    text = node.text or ""
    for child in node:
        if child.tag == name("text:s"):
            text += " " * int(child.get(name("text:c"), "1"))
        elif child.tag == name("text:tab"):
            text += "\t"
        elif child.tag == name("text:line-break"):
            text += "\n"
        else:
            text += plain(child)
        text += child.tail or ""
    return text


def read(path):
    sheet = tree.parse(path).getroot().find(".//" + name("table:table"))
    rows, formulas = [], 0
    for row in sheet.iter(name("table:table-row")):
        cells = []
        for cell in row:
            repeated = int(cell.get(name("table:number-columns-repeated"), "1"))
            kind = cell.get(name("office:value-type"), "")
            formulas += cell.get(name("table:formula")) is not None
            text = "\n".join(plain(p) for p in cell.findall(name("text:p")))
            # A row ends in empty cells up to the last column there is.
            cells += [[kind, text]] * (repeated if repeated < 100 else 0)
        while cells and cells[-1] == ["", ""]:
            cells.pop()
        count = int(row.get(name("table:number-rows-repeated"), "1"))
        rows += [cells] * (count if count < 10000 else 0)
    while rows and not rows[-1]:
        rows.pop()
    return {"formulas": formulas, "rows": rows}


def main():
    delimiter, files = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        # Delimiter, quote, UTF-8, first line, –, language, quoted is text: no, detect special numbers: yes.
        options = f"{ord(delimiter)},34,76,1,,1033,false,true,false"
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "fods",
             f"--infilter=Text - txt - csv (StarCalc):{options}", "--outdir", folder] + files,
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        json.dump({pathlib.Path(f).name: read(f"{folder}/{pathlib.Path(f).stem}.fods") for f in files}, sys.stdout)


main()
