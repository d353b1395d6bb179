"""Every workbook, read by programs that are not ours, says cell by cell what scores.csv says: of schools, of the
district, of every role, sealed, of one student, of a testing day; in Chinese and in English.

    readers.py PROGRAM [--students N] [--seed N] [--keep DIR]

What they must say is reckoned again in recount.py.  openpyxl and LibreOffice are skipped by name where they are
absent; the reader of the standard library (workbook.py) always runs."""
import csv
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import recount
from expectations import end, expect
from program import run
from recount import Book, Checks, Truth, plain
from workbook import letters, tables

option = lambda name, default: sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default
checks = Checks()


def by_ours(path):
    return {name: {(number, column): text for number, row in rows.items() for column, text in row.items()}
            for name, rows in tables(path).items()}


def by_openpyxl(path):
    import openpyxl
    out = {}
    for sheet in openpyxl.load_workbook(path):
        out[sheet.title] = {(cell.row, letters(cell.column)): cell.value for row in sheet.iter_rows() for cell in row
                            if cell.value is not None}
        formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        expect(f"{path.name} {sheet.title}: no formula", not formulas, formulas[:3])
    return out


def converted(paths, folder):
    """What LibreOffice writes of what it read, in one go: path -> its file."""
    (folder / "given").mkdir(parents=True)
    names = {}
    for i, path in enumerate(paths):
        names[path] = folder / "written" / f"{i}.xlsx"
        shutil.copy(path, folder / "given" / f"{i}.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
                    "--outdir", folder / "written", *sorted((folder / "given").iterdir())], check=True, capture_output=True, timeout=800)
    return names


def same_cells(what, ours, theirs):
    expect(f"{what}: the sheets", list(ours) == list(theirs), (list(ours), list(theirs)))
    wrong = []
    for sheet in ours:
        other = theirs.get(sheet, {})
        for place in set(ours[sheet]) | set(other):
            mine, value = plain(ours[sheet].get(place)), plain(other.get(place))
            if mine.replace("\r", "") == value.replace("\r", ""):
                continue
            number = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?$")
            if number.match(mine) and number.match(value) and abs(float(mine) - float(value)) <= 1e-6:
                continue  # the time of a day, in another last place
            wrong.append((sheet, place, mine[:40], value[:40]))
    expect(f"{what}: every cell", not wrong, wrong[:3])
    return sum(map(len, ours.values()))


def charts(path):
    """What a chart remembers is what its cells say."""
    ns = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    import xml.etree.ElementTree as ElementTree
    cells, seen, wrong = by_ours(path), 0, []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                continue
            values = [v for kind in ("val", "yVal") for v in ElementTree.fromstring(package.read(name)).iter(ns + kind)]
            for series in [ref for value in values for ref in value.iter(ns + "numRef")]:
                sheet, first, top, _, bottom = re.fullmatch(r"'?(.+?)'?!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", series.find(ns + "f").text).groups()
                cache = series.find(ns + "numCache")
                points = {int(p.get("idx")): p.find(ns + "v").text for p in cache.iter(ns + "pt")} if cache is not None else {}
                for row in range(int(top), int(bottom) + 1):
                    text = plain(cells[sheet].get((row, first)))
                    wanted = text if re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?", text) else None
                    got = points.get(row - int(top))
                    if (wanted is None) != (got is None) or (got is not None and abs(float(got) - float(wanted)) > 1e-9):
                        wrong.append((name, sheet, first, row, text, got))
                    seen += 1
    expect(f"{path.name}: charts remember their cells", not wrong, wrong[:3])
    return seen


def look(what, cells, path, out, language, truth, worst, printed, names_of):
    """One workbook, as one reader sees it."""
    book = Book(cells, list(cells), language)
    kind = path.relative_to(out)
    where = f"{what} {kind}"
    if str(kind) == "critical.xlsx":
        recount.critical_book(checks, where, book, printed, names_of)
    elif str(kind) == "dossier.xlsx":
        recount.dossier_book(checks, where, book, truth, worst, names_of)
    elif str(kind) == "district.xlsx":
        recount.district_book(checks, where, book, truth, names_of)
    elif kind.parts[0] == "schools" and kind.stem == "_sealed":
        recount.sealed_book(checks, where, book, truth, names_of)
    elif kind.parts[0] == "schools" and not kind.stem.startswith("_"):
        recount.school_book(checks, where, book, truth, kind.stem, names_of)
    elif kind.parts[:2] == ("roles", "homeroom"):
        recount.care_file(checks, where, cells, language, truth, kind.parent.name, names_of)
    elif kind.parts[:2] == ("roles", "centre"):
        recount.key_list(checks, where, book, truth, names_of)
    elif kind.parts[0] == "roles":
        sheet = {names_of.get(s, s): s for s in cells}
        if kind.parts[1] == "leader":
            recount.participation(checks, where, book, truth, sheet["参测情况"], truth.school(kind.stem))
            recount.sex_sheet(checks, where, book, truth, sheet["年级性别"], truth.school(kind.stem), recount.SCHOOL)
        else:
            recount.schools_sheet(checks, where, book, truth, sheet["学校汇总"])
            recount.sex_sheet(checks, where, book, truth, sheet["年级性别"], truth.students, recount.DISTRICT)
    else:
        return False
    return True


readers = [("standard library", by_ours)]
try:
    import openpyxl  # noqa: F401
    readers.append(("openpyxl", by_openpyxl))
except ImportError:
    print("skipped: openpyxl (not installed)")
if shutil.which("soffice"):
    readers.append(("LibreOffice", None))
else:
    print("skipped: LibreOffice (not installed)")


def labels(cells, language):
    """What this language calls scales, from the sheet of scores of a school that has them all."""
    dictionary = cells[("字段说明", "Dictionary")[language]]
    sheet = ("得分总表", "Scores")[language]
    return {dictionary[(r, "D")]: dictionary[(r, "BC"[language])] for r, c in dictionary if c == "D" and
            dictionary.get((r, "A")) == sheet and re.fullmatch(r"[a-z0-9]+\.[a-z_]+", dictionary[(r, "D")])}


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    given = scratch / "in"
    run("simulate", "--plan", "district_demo", "--students", option("--students", 700), "--schools", 4, "--seed", option("--seed", 21), "--out", given)
    answers = sorted(given.glob("responses_*.csv"))
    plan = (given / "plan.yaml").read_text(encoding="utf-8")
    outs = {}
    for language, code in enumerate(("zh", "en")):
        (given / f"{code}.yaml").write_text(plan.replace("language: [zh, en]", f"language: [{code}]"), encoding="utf-8")
        for writer in ("own", "reference"):
            out = outs[code, writer] = scratch / f"{code}_{writer}"
            run("score", "-q", "--plan", given / f"{code}.yaml", "--roster", given / "roster.csv", "--out", out, "--writer", writer, "--mapping",
                scratch / f"{code}_{writer}.csv", "--for", "homeroom,leader,centre,bureau", "--what-if", *answers)
        out = outs[code, "own"]
        done = run("critical", "--out", out / "critical.xlsx", given / f"{code}.yaml", *answers)
        printed = list(csv.DictReader(done.stdout.splitlines()))
        truth = Truth(out, given / "roster.csv", scratch / f"{code}_own.csv", answers)
        worst = max(truth.students, key=lambda r: (int(r["tier"] or 0), len(r["rules"])))["student"]
        run("dossier", "-q", "--plan", given / f"{code}.yaml", "--student", worst, "--out", out / "dossier.xlsx", out)
    names_of = {}  # English sheet -> Chinese sheet, by their places
    for path in outs["en", "own"].rglob("*.xlsx"):
        other = outs["zh", "own"] / path.relative_to(outs["en", "own"])
        names_of |= dict(zip(by_ours(path), by_ours(other)))
    district = by_ours(outs["zh", "own"] / "district.xlsx"), by_ours(outs["en", "own"] / "district.xlsx")
    truth.rule_words = [{cells[(r, "A")]: cells[(r, "B")] for r, c in cells if c == "B" and r > 1}
                        for cells in (district[0]["规则命中"], district[1][next(e for e, z in names_of.items() if z == "规则命中")])]
    schools = {s["school"] for s in truth.students if s["battery"] == "senior"}
    all_scales = [by_ours(outs[code, "own"] / f"schools/{sorted(schools)[0]}.xlsx") for code in ("zh", "en")]
    truth.labels = [labels(cells, language) for language, cells in enumerate(all_scales)]
    expect("a name for every scale", all(set(truth.scales) <= set(of) for of in truth.labels), truth.labels)

    chosen = {}
    for language, code in enumerate(("zh", "en")):
        out, seen = outs[code, "own"], set()
        for path in sorted(out.rglob("*.xlsx")):  # of the class teachers' files the first of a school
            kind = path.parent if "homeroom" in path.parts else path
            if kind not in seen:
                chosen[path] = (language, out)
            seen.add(kind)
            reference = outs[code, "reference"] / path.relative_to(out)
            if reference.exists():
                same_cells(f"{code} {path.relative_to(out)} by either writer", by_ours(path), by_ours(reference))
    kinds = {str(p.relative_to(out)) for p, (_, out) in chosen.items()}
    for part in ("schools/3651080001", "schools/_unmatched", "schools/_sealed", "district", "critical", "dossier", "roles/homeroom",
                 "roles/leader", "roles/centre", "roles/bureau"):
        expect(f"a workbook of the kind {part}", any(kind.startswith(part) for kind in kinds), kinds)
    by_libreoffice = converted(chosen, scratch / "lo") if ("LibreOffice", None) in readers else {}
    n_cells, n_points = {}, 0
    for path, (language, out) in chosen.items():
        ours = by_ours(path)
        n_points += charts(path)
        for reader, read in readers:
            cells = ours if read is by_ours else by_ours(by_libreoffice[path]) if read is None else read(path)
            what = f"{reader}:{('zh', 'en')[language]}"
            n = same_cells(f"{what} {path.relative_to(out)}", ours, cells)
            n_cells[reader] = n_cells.get(reader, 0) + n
            look(what, cells, path, out, language, truth, worst, printed, names_of)
    if "--keep" in sys.argv:
        shutil.copytree(scratch, option("--keep", ""))

for reader, n in n_cells.items():
    print(f"{reader}: {n} cells read, {checks.cells.get(reader, 0)} of them reckoned again")
    expect(f"{reader}: enough cells", checks.cells.get(reader, 0) > 60000, checks.cells)
expect("charts have points", n_points > 100, n_points)
print(f"{n_points} points of charts; {checks.hidden} cells of sums hidden")
end()
