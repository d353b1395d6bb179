"""Every workbook, read by programs that are not ours, says cell by cell what scores.csv says.

    readers.py PROGRAM

openpyxl and LibreOffice are skipped by name where they are absent; the reader of the standard
library (workbook.py) always runs."""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from workbook import letters, listed, tables

PROGRAM = sys.argv[1]
STATUS = {"未同意": "no_consent", "未测": "absent", "无效": "invalid", "建议重测": "retest", "未完成": "incomplete",
          "存疑": "doubtful", "有效": "valid"}
TIER = {"一级预警": "3", "二级预警": "2", "三级预警": "1", "一般": "0", "未能判定": "", "": ""}
passed, failed, compared, positive = 0, [], {}, {}


def expect(what, condition, detail=""):
    global passed
    if condition:
        passed += 1
    else:
        failed.append(what)
        print(f"FAILED {what} {detail}")


def plain(value):
    """A cell as text: numbers in their shortest form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = str(value)
    if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text) and (len(text) < 12 or "." in text):
        return f"{float(text):.10g}"
    return text


def by_ours(path, scratch):
    return {name: {(number, column): text for number, row in rows.items() for column, text in row.items()}
            for name, rows in tables(path).items()}


def by_openpyxl(path, scratch):
    import openpyxl
    book = openpyxl.load_workbook(path)
    out = {}
    for sheet in book:
        out[sheet.title] = {(cell.row, letters(cell.column)): cell.value for row in sheet.iter_rows() for cell in row
                            if cell.value is not None}
        formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        expect(f"{path.name} {sheet.title}: no formula", not formulas, formulas[:3])
    return out


def by_libreoffice(path, scratch):
    """Each sheet as a CSV of its own, formatted numbers as they are stored."""
    where = scratch / f"lo_{path.parent.name}_{path.stem}"
    where.mkdir(exist_ok=True)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", where, path],
                   check=True, capture_output=True, timeout=400)
    out = {}
    for file in sorted(where.glob(f"{path.stem}-*.csv")):
        with open(file, encoding="utf-8", newline="") as lines:
            out[file.stem[len(path.stem) + 1:]] = {(r, letters(c)): text for r, row in enumerate(csv.reader(lines), 1)
                                                   for c, text in enumerate(row, 1) if text != ""}
    return out


def check_scores(book, cells, scores, reader):
    """得分总表 by the keys of 字段说明."""
    keys = [cells["字段说明"][(row, "D")] for row in sorted(r for r, c in cells["字段说明"] if c == "D")
            if cells["字段说明"].get((row, "A")) == "得分总表"]
    table = cells["得分总表"]
    rows = sorted({row for row, _ in table if row > 1})
    wrong = []
    for row in rows:
        line = {key: table.get((row, letters(i + 1))) for i, key in enumerate(keys)}
        truth = scores.get(plain(line["student_code"]))
        if truth is None:
            wrong.append((row, "nobody"))
            continue
        for key, value in line.items():
            shown = plain(value)
            if key == "validity":
                same = STATUS.get(shown) == truth["status"]
            elif key == "tier_auto":
                same = TIER.get(shown) == truth["tier"]
            elif key == "rules_fired":
                same = shown == truth["rules"]
            elif key == "phq9.item(9)":  # a positive answer is a critical one; a loser of duplicates may be critical, too
                same = shown in ("", "0") or truth["phq9.critical_9"] == "true"
                positive[reader] = positive.get(reader, 0) + (shown not in ("", "0"))
            elif key == "grade":
                same = shown.removesuffix("年级") == truth["grade"]
            elif key == "class":
                same = shown == plain(truth["class"]) or shown == truth["class"]
            elif key in truth and shown in ("<1", ">99"):  # a percentile on paper
                wanted = float(truth[key] or "nan")
                same = wanted < 1 if shown == "<1" else wanted > 99
            elif key in truth and ".band" not in key and ".mark@" not in key and "." in key:
                wanted = truth[key]
                same = shown == wanted == "" or (shown != "" and wanted != "" and
                                                 abs(float(shown) - float(wanted)) <= 0.005 + 1e-9)
            elif key in truth and (".band" in key or ".mark@" in key):
                same = (shown == "") == (truth[key] == "")
            else:
                continue
            compared[reader] = compared.get(reader, 0) + 1
            if not same:
                wrong.append((row, key, shown, truth.get(key)))
    expect(f"{reader}: {book}: 得分总表 is scores.csv", rows and not wrong, wrong[:3])


def check_lists(book, cells, scores, school, reader):
    """Who is on the warning list, and in the ledger, in the same order."""
    def ids(sheet):
        head, column = next(at for at, text in sorted(cells[sheet].items()) if str(text).startswith("学生编号"))
        return [plain(cells[sheet][(r, c)]) for r, c in sorted(cells[sheet]) if c == column and r > head]
    alert, ledger = ([i for i in ids(sheet) if i] for sheet in ("预警名单", "跟进台账"))
    wanted = {s for s, r in scores.items() if r["school"] == school and r["status"] != "no_consent" and
              (r["tier"] not in ("", "0"))}
    expect(f"{reader}: {book}: whoever has a tier is on the list", wanted <= set(alert), len(wanted - set(alert)))
    expect(f"{reader}: {book}: the ledger follows the list", alert == ledger and alert, len(alert))


def check_dossier(cells, row, reader):
    """测评记录: a line a scale, its score that of scores.csv."""
    lines = listed(cells_as_rows(cells["测评记录"]), 1)
    shown = sorted(plain(line["得分"]) for line in lines if line.get("得分") not in (None, ""))
    wanted = sorted(plain(text) for key, text in row.items() if key.count(".") == 1 and key + ".answered" in row and text != "")
    expect(f"{reader}: the dossier: every score", shown == wanted and shown, (shown, wanted))


def check_classes(book, cells, scores, school):
    """班级量表 of the MHT total, reckoned again from scores.csv; groups under 5 are hidden."""
    rows = [r for r in listed(cells_as_rows(cells["班级量表"]), 1) if r.get("量表", "").startswith("MHT 全量表分")]
    wrong, seen = [], 0
    for row in rows:
        values = sorted(float(r["mht.total"]) for r in scores.values()
                        if r["school"] == school and r["grade"] == row["年级"] and r["class"] == row["班级"] and
                        r["status"] in ("valid", "doubtful") and r["mht.total"] != "")
        n = len(values)
        if n < 5:
            wrong += [(row, n)] if {row["均值"], row["中位数"], row["高分人数"]} - {"*", "—"} else []
            continue
        seen += 1
        # The smallest score that half the class does not exceed; 65 is the worst cut of the plan.
        median = values[-(-n // 2) - 1]
        high = sum(v >= 65 for v in values)
        good = (int(row["N"]) == n and abs(float(row["均值"]) - sum(values) / n) <= 0.005 + 1e-9 and
                abs(float(row["中位数"]) - median) < 1e-9 and int(row["高分人数"]) == high and
                abs(float(row["高分率"]) - high / n) <= 0.00005 + 1e-9)
        if not good:
            wrong.append((row, n, median, high))
    expect(f"{book}: 班级量表 reckoned again", seen > 0 and not wrong, wrong[:2])


def cells_as_rows(cells):
    rows = {}
    for (row, column), text in cells.items():
        rows.setdefault(row, {})[column] = text
    return rows


def check_same(book, ours, theirs, reader):
    expect(f"{reader}: {book}: the sheets", set(ours) == set(theirs), set(ours) ^ set(theirs))
    wrong = []
    for sheet in ours:
        other = theirs.get(sheet, {})
        for place, text in ours[sheet].items():
            value = plain(other.get(place))
            mine = plain(text)
            if mine == value or mine == "" == value:
                continue
            if reader == "LibreOffice":
                # It writes times and percentages its own way; both ends must then be of that kind.
                if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?|-?[\d.]+%|\d+年级", str(other.get(place))):
                    continue
            elif hasattr(other.get(place), "year"):
                continue  # a date, stored as a number of days
            if mine.replace("\r", "") == value.replace("\r", ""):
                continue
            wrong.append((sheet, place, mine[:40], value[:40]))
    expect(f"{reader}: {book}: every cell", not wrong, wrong[:3])


readers = [("standard library", by_ours)]
try:
    import openpyxl  # noqa: F401
    readers.append(("openpyxl", by_openpyxl))
except ImportError:
    print("skipped: openpyxl (not installed)")
if shutil.which("soffice"):
    readers.append(("LibreOffice", by_libreoffice))
else:
    print("skipped: LibreOffice (not installed)")

with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run = lambda *arguments: subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    run("simulate", "--plan", "district_demo", "--students", 700, "--schools", 3, "--seed", 21, "--out", scratch / "in")
    done = run("score", "--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv", "--out", scratch / "out",
               "--for", "homeroom,leader,centre,bureau", *sorted((scratch / "in").glob("responses_*.csv")))
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    run("critical", "--out", scratch / "out/critical.xlsx", scratch / "in/plan.yaml", *sorted((scratch / "in").glob("responses_*.csv")))
    with open(scratch / "out/scores.csv", encoding="utf-8", newline="") as file:
        scores = {row["student"]: row for row in csv.DictReader(file)}
    worst = max(scores.values(), key=lambda r: (int(r["tier"] or 0), len(r["rules"])))
    run("dossier", "--plan", scratch / "in/plan.yaml", "--student", worst["student"], "--out", scratch / "out/dossier.xlsx", scratch / "out")
    kinds = {}
    for path in sorted((scratch / "out").rglob("*.xlsx")):  # of the class teachers' files the first
        kinds.setdefault("homeroom" if "homeroom" in path.parts else path, path)
    books = list(kinds.values())
    for part in ("schools/3651", "schools/_unmatched", "schools/_sealed", "district", "critical", "dossier", "roles/homeroom",
                 "roles/leader", "roles/centre", "roles/bureau"):
        expect(f"a workbook of the kind {part}", any(str(p.relative_to(scratch / "out")).startswith(part) for p in books), books)
    for path in books:
        name = str(path.relative_to(scratch / "out"))
        ours = by_ours(path, scratch)
        for reader, read in readers:
            if reader == "LibreOffice" and path.parent.name == "leader" and path != next(
                    p for p in books if p.parent.name == "leader"):
                continue  # one of a kind is enough for the slowest
            cells = ours if read is by_ours else read(path, scratch)
            if read is not by_ours:
                check_same(name, ours, cells, reader)
            if path.stem == "dossier":
                check_dossier(cells, worst, reader)
            if path.parent.name == "schools" and not path.name.startswith("_"):
                check_scores(name, cells, scores, reader)
                if read is by_ours:
                    check_classes(name, cells, scores, path.stem)
                check_lists(name, cells, scores, path.stem, reader)

for reader, n in compared.items():
    print(f"{reader}: {n} cells of 得分总表 held against scores.csv")
    expect(f"{reader}: enough cells", n > 10000, n)
    expect(f"{reader}: critical items with an answer", positive.get(reader, 0) > 3, positive)
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or not passed else 0)
