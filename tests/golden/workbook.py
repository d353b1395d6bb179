"""A workbook as plain tables, read with nothing but the standard library."""
import re
import xml.etree.ElementTree as ElementTree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(package):
    """Sheet name -> rows of {column letters: text}, inline strings and numbers."""
    strings = []
    if "xl/sharedStrings.xml" in package.namelist():
        for item in ElementTree.fromstring(package.read("xl/sharedStrings.xml")):
            strings.append("".join(t.text or "" for t in item.iter(MAIN + "t")))
    names = [s.get("name") for s in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(MAIN + "sheet")]
    for i, name in enumerate(names):
        rows = {}
        for row in ElementTree.fromstring(package.read(f"xl/worksheets/sheet{i + 1}.xml")).iter(MAIN + "row"):
            cells = rows.setdefault(int(row.get("r")), {})
            for cell in row:
                value = cell.find(MAIN + "v")
                text = "".join(t.text or "" for t in cell.iter(MAIN + "t"))
                if value is not None:
                    text = strings[int(value.text)] if cell.get("t") == "s" else value.text
                cells[re.match("[A-Z]+", cell.get("r")).group()] = text
        yield name, rows


def letters(number):
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def tables(path):
    """Sheet name -> rows of {column letters: text} of a file."""
    with zipfile.ZipFile(path) as package:
        return dict(sheets(package))


def head_name(text):
    """What the first language calls a column.  A head may be broken where it has a blank, or behind a colon; the legend of the tiers in
    brackets below it, and the other language, are no part of it."""
    name, *lines = text.split("\n")
    for line in lines:
        if not re.search("[\u3400-\u9fff]", line) or re.match("（[^）]*，", line):
            break
        name += ("" if name.endswith("：") else " ") + line
    return name


def head_of(rows):
    """The row of the header of a list of students: sentences stand above it, as many as it takes."""
    return next(number for number, row in sorted(rows.items()) if row.get("A", "").startswith("序号"))


def listed(rows, head):
    """The lines under the header in row `head`, as dicts by what its cells call them."""
    names = {column: head_name(text) for column, text in rows[head].items()}
    return [{names[c]: text for c, text in row.items() if c in names}
            for number, row in sorted(rows.items()) if number > head]
