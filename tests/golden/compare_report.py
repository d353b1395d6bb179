#!/usr/bin/env python3
"""The workbooks of the report tests, part by part, against the ones that were looked at.

    compare_report.py PROGRAM INPUTS [--update]

PROGRAM is write_report_run, INPUTS this directory's `report`.  Digests and versions are
masked, so that only what a reader sees is compared.  Beside that: every part is well formed,
run.json has its keys in order, and the cells of the score sheet are those of scores.csv.
--update writes what came out as the new expectation; look at it before committing.
"""
import csv
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

from workbook import MAIN, head_of, letters, sheets

PROGRAM, INPUTS = sys.argv[1], pathlib.Path(sys.argv[2])
UPDATE = "--update" in sys.argv
BOOKS = ("S1", "S2", "district", "_unmatched", "_sealed")
KEPT = ("S1", "district", "_unmatched", "_sealed")
PARTS = re.compile(r"xl/(worksheets/sheet|charts/chart)\d+\.xml|xl/(styles|workbook)\.xml")
FORBIDDEN = ("确诊", "患病", "心理疾病", "最差班级")
problems = []


def mask(text):
    text = re.sub(r"[0-9a-f]{16,64}", "<hex>", text)
    return re.sub(r"psyscreen \d+\.\d+\.\d+", "psyscreen <version>", text)


CELL = re.compile(r'<c((?: [a-z]+="[^"]*")*)(?:/>|>(.*?)</c>)', re.S)


def plain_cells(xml, strings):
    """Cells as any writer may put them in one way: r, s, t in this order, texts in line."""

    def one(match):
        about = dict(re.findall(r' ([a-z]+)="([^"]*)"', match.group(1)))
        inside = match.group(2)
        if about.get("t") == "s":
            about["t"] = "inlineStr"
            inside = "<is>" + strings[int(re.search(r"<v>(\d+)</v>", inside).group(1))] + "</is>"
        head = "<c" + "".join(f' {key}="{about[key]}"' for key in "rst" if key in about)
        return head + ("/>" if inside is None else f">{inside}</c>")

    return CELL.sub(one, xml)


def shared(package):
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    text = package.read("xl/sharedStrings.xml").decode("utf-8")
    found = re.findall(r"<si>(.*?)</si>", text, re.S)
    about = dict(re.findall(r' (count|uniqueCount)="(\d+)"', text))
    if int(about["uniqueCount"]) != len(found):
        problems.append(f"sharedStrings.xml: {len(found)} strings, but it counts {about}")
    uses = sum(len(re.findall(r'<c[^>]* t="s"', package.read(name).decode("utf-8")))
               for name in package.namelist() if name.startswith("xl/worksheets/sheet"))
    if int(about["count"]) != uses:
        problems.append(f"sharedStrings.xml: used {uses} times, but it counts {about}")
    return found


def lines(xml):
    """One element a line, so that a difference is a short line."""
    return re.sub(r"(<(row|/row|cols|col|c|sheetViews|pageMargins|xf|font|fill|border|dataValidation)[ >])",
                  r"\n\1", mask(xml))


def compare(name, text):
    path = INPUTS / "expected" / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    if not path.exists():
        problems.append(f"{name}: not expected")
        return
    wanted = path.read_text(encoding="utf-8")
    if text == wanted:
        return
    got, want = text.split("\n"), wanted.split("\n")
    for i, (a, b) in enumerate(zip(got, want)):
        if a != b:
            problems.append(f"{name}:{i + 1}:\n  expected {b[:300]}\n  got      {a[:300]}")
            return
    problems.append(f"{name}: {len(got)} lines instead of {len(want)}")


def sorted_keys(value, where=""):
    if isinstance(value, dict):
        if list(value) != sorted(value):
            problems.append(f"run.json{where}: keys are not in order: {list(value)}")
        for key, inner in value.items():
            sorted_keys(inner, f"{where}/{key}")
    elif isinstance(value, list):
        for inner in value:
            sorted_keys(inner, where + "[]")


BAND_WORDS = {"低": "low", "中": "middle", "高": "high", "否": "no", "是": "yes"}


def check_scores(book, package, scores):
    """The score sheet says the same as scores.csv, cell by cell, by the keys of 字段说明."""
    tables = dict(sheets(package))
    keys = [row["D"] for number, row in sorted(tables["字段说明"].items()) if row.get("A") == "得分总表"]
    checked = 0
    for number, row in tables["得分总表"].items():
        if number == 1:
            continue
        cells = {key: row.get(letters(i + 1), "") for i, key in enumerate(keys)}
        truth = scores[cells["student_code"]]
        for key, shown in cells.items():
            if key not in truth or key in ("sex", "tier_upper", "class"):
                continue
            wanted = truth[key]
            checked += 1
            if key.endswith(".band") or ".band@" in key:
                same = BAND_WORDS.get(shown, shown) == wanted
            elif shown in ("<1", ">99"): # a percentile, for people
                same = ".percentile@" in key and (float(wanted) < 1 if shown == "<1" else float(wanted) > 99)
            elif re.fullmatch(r"-?[\d.]+", wanted):
                same = shown != "" and abs(float(shown) - float(wanted)) <= 0.005 + 1e-9
            else:
                same = shown == wanted
            if not same:
                problems.append(f"{book}: {cells['student_code']} {key}: {shown!r} beside {wanted!r}")
    # What runs beyond the page is not printed.
    alerts = tables["预警名单"]
    for number in range(1, head_of(alerts)):
        text = "".join(alerts[number].values())
        if sum(2 if ord(sign) > 0x7FF else 1 for sign in text) > 150:
            problems.append(f"{book}: line {number} of the warning list is wider than a page: {text}")
    if checked < 6:
        problems.append(f"{book}: only {checked} cells of the score sheet were compared")


with tempfile.TemporaryDirectory() as scratch:
    out = pathlib.Path(scratch)
    subprocess.run([PROGRAM, str(INPUTS), scratch], check=True)
    compare("scores.csv", (out / "scores.csv").read_text(encoding="utf-8"))
    manifest = (out / "run.json").read_text(encoding="utf-8")
    sorted_keys(json.loads(manifest))
    with open(out / "scores.csv", encoding="utf-8", newline="") as file:
        # An id that a spreadsheet would take for a formula has an apostrophe there.
        scores = {row["student"].removeprefix("'"): row for row in csv.DictReader(file)}
    for book in BOOKS:
        with zipfile.ZipFile(out / f"{book}.xlsx") as package:
            strings = shared(package)
            for name in package.namelist():
                text = package.read(name).decode("utf-8")
                ElementTree.fromstring(text)
                for word in FORBIDDEN:
                    if word in text:
                        problems.append(f"{book} {name}: says {word!r}")
                if book in KEPT and PARTS.fullmatch(name):
                    compare(f"{book}/{name.replace('xl/', '').replace('/', '_')}",
                            lines(plain_cells(text, strings) if "worksheets" in name else text))
            if book.startswith("S"):
                check_scores(book, package, scores)

# Every writer says the same: each cell with its style, each row, column, page and chart.
def looks(package):
    """What each number of a style means: writers number them as they first come."""
    sheet = ElementTree.fromstring(package.read("xl/styles.xml"))

    def texts(kind):
        found = sheet.find(MAIN + kind)
        return [ElementTree.tostring(one, encoding="unicode") for one in (found if found is not None else [])]

    fonts, fills, borders = texts("fonts"), texts("fills"), texts("borders")
    numbers = {one.get("numFmtId"): one.get("formatCode") for one in sheet.iter(MAIN + "numFmt")}
    found = []
    for one in sheet.find(MAIN + "cellXfs"):
        inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in one)
        look = " ".join((numbers.get(one.get("numFmtId"), one.get("numFmtId")), fonts[int(one.get("fontId"))],
                         fills[int(one.get("fillId"))], borders[int(one.get("borderId"))], inside))
        found.append(hashlib.sha256(look.encode()).hexdigest()[:8])
    return found


def parts_of(path):
    with zipfile.ZipFile(path) as package:
        strings = shared(package)
        styles = looks(package)
        found = {}
        for name in package.namelist():
            text = package.read(name).decode("utf-8")
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r'(<row r="\d+") spans="[\d:]+"', r"\1", plain_cells(text, strings))
                text = re.sub(r"(<row [^>]*)></row>", r"\1/>", text)
                # libxlsxwriter prints sixteen digits, which not every double needs or has enough of.
                text = re.sub(r"<v>([-+.\dEe]+)</v>", lambda match: f"<v>{float(match.group(1)):.15g}</v>", text)
                text = re.sub(r'(<(?:c|row|col) [^>]*?(?: s|style)=")(\d+)"',
                              lambda match: f'{match.group(1)}{styles[int(match.group(2))]}"', text)
            if name not in ("xl/sharedStrings.xml", "xl/styles.xml"):
                found[name] = text
        return found


with tempfile.TemporaryDirectory() as scratch:
    writers = ("own", "fast", "reference")
    for writer in writers:
        (pathlib.Path(scratch) / writer).mkdir()
        subprocess.run([PROGRAM, str(INPUTS), f"{scratch}/{writer}", writer], check=True)
    for book in BOOKS:
        parts = [parts_of(f"{scratch}/{writer}/{book}.xlsx") for writer in writers]
        for writer, other in zip(writers[1:], parts[1:]):
            if list(parts[0]) != list(other):
                problems.append(f"{book}: {writer} has other parts: {sorted(set(parts[0]) ^ set(other))}")
            for name, text in parts[0].items():
                if other.get(name) != text:
                    a, b = lines(text).split("\n"), lines(other.get(name, "")).split("\n")
                    first = next((i for i, pair in enumerate(zip(a, b)) if pair[0] != pair[1]), min(len(a), len(b)))
                    problems.append(f"{book}/{name} differs from what {writer} writes:\n"
                                    f"  own  {''.join(a[first:first + 1])[:300]}\n  {writer} {''.join(b[first:first + 1])[:300]}")

for problem in problems:
    print(problem)
sys.exit(bool(problems))
