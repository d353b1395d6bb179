"""What people do to a workbook, done with nothing but the standard library: cells are written
into, rows taken out, copied and moved.  Styles of cells stay."""
import copy
import datetime
import re
import xml.etree.ElementTree as ElementTree
import zipfile

from workbook import MAIN, head_name, sheets

ElementTree.register_namespace("", MAIN[1:-1])


def column_number(name):
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


class Book:
    def __init__(self, path):
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
            self.tables = dict(sheets(package))
        self.names = list(self.tables)
        self.trees = {}

    def rows(self, sheet):
        return self.tables[sheet]

    def part(self, sheet):
        return f"xl/worksheets/sheet{self.names.index(sheet) + 1}.xml"

    def tree(self, sheet):
        if sheet not in self.trees:
            self.trees[sheet] = ElementTree.fromstring(self.parts[self.part(sheet)])
        return self.trees[sheet]

    def row(self, sheet, number):
        data = self.tree(sheet).find(MAIN + "sheetData")
        for row in data:
            if int(row.get("r")) == number:
                return row
        row = ElementTree.SubElement(data, MAIN + "row", {"r": str(number)})
        data[:] = sorted(data, key=lambda r: int(r.get("r")))
        return row

    def put(self, sheet, number, column, value):
        """A text, a number, or a date (as spreadsheets keep it) into a cell."""
        row = self.row(sheet, number)
        place = f"{column}{number}"
        cell = next((c for c in row if c.get("r") == place), None)
        if cell is None:
            cell = ElementTree.SubElement(row, MAIN + "c", {"r": place})
            row[:] = sorted(row, key=lambda c: column_number(re.match("[A-Z]+", c.get("r")).group()))
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        if value is None:
            return
        if isinstance(value, datetime.date):
            value = (value - datetime.date(1899, 12, 30)).days
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            ElementTree.SubElement(ElementTree.SubElement(cell, MAIN + "is"), MAIN + "t").text = value
        else:
            ElementTree.SubElement(cell, MAIN + "v").text = str(value)

    def columns(self, sheet, head):
        """First line of a head -> letters of its column."""
        return {head_name(text): column for column, text in self.rows(sheet)[head].items()}

    def take_out(self, sheet, number):
        data = self.tree(sheet).find(MAIN + "sheetData")
        data.remove(self.row(sheet, number))

    def copy_row(self, sheet, number, to):
        data = self.tree(sheet).find(MAIN + "sheetData")
        row = copy.deepcopy(self.row(sheet, number))
        for old in [r for r in data if int(r.get("r")) == to]:
            data.remove(old)
        row.set("r", str(to))
        for cell in row:
            cell.set("r", re.match("[A-Z]+", cell.get("r")).group() + str(to))
        data.append(row)
        data[:] = sorted(data, key=lambda r: int(r.get("r")))

    def save(self, path):
        for sheet, tree in self.trees.items():
            self.parts[self.part(sheet)] = ElementTree.tostring(tree, xml_declaration=True, encoding="UTF-8")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)


