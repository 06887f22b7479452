"""Fills in the review and the action plan of a workbook as a person does, by openpyxl: fill_workbook.py CHECKERS FROM TO"""
import datetime
import sys

sys.path.insert(0, sys.argv[1])
import openpyxl

book = openpyxl.load_workbook(sys.argv[2])
day = datetime.datetime(2026, 11, 28)


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


sheet = book[book.sheetnames[3]]
place = columns(sheet)
first = True
for row in range(2, sheet.max_row + 1):
    control = sheet.cell(row, place["control"]).value
    if control == "DB-DELETE" or control == "MEM-ROLE" and first:
        sheet.cell(row, place["result"]).value = "ok" if control == "DB-DELETE" else "not ok"
        sheet.cell(row, place["reviewed_by"]).value = "Zoë"
        sheet.cell(row, place["reviewed_on"]).value = day
        sheet.cell(row, place["ticket"]).value = "0012"
        first = control == "DB-DELETE" and first
sheet = book[book.sheetnames[4]]
place = columns(sheet)
for row in range(2, sheet.max_row + 1):
    sheet.cell(row, place["owner"]).value = "Zoë"
    sheet.cell(row, place["due"]).value = day
    sheet.cell(row, place["decision"]).value = "fix"
# People send no more than is asked for.
del book[book.sheetnames[-1]]
book.save(sys.argv[3])
