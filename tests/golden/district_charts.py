"""Charts hold no number that their sheet hides, and 学校比较 is what Spiegelhalter (2005) says.

Every chart of every workbook of a run (schools, roles, district) keeps a copy of the cells it draws: each
point of it must be a number that stands in that cell, and a cell that is hidden or empty must have none.

学校比较 is computed again from scores.csv with nothing but Python's arithmetic: parts of one stage and
battery, the number expected of each school by grade and sex (indirect standardisation), z on the arcsine
scale, winsorised at 10 % (R's type 7), phi, additive tau, limits at 95 % and 99.8 %.  Printed are three
decimals, so half of the last is the tolerance.  Only rates that 年级性别 shows may be in what is expected:
where one of a grade and sex is hidden there, those of grades are, and where one of these is, no school is compared.

    district_charts.py PROGRAM"""
import csv
import itertools
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

from expectations import end, expect
from workbook import head_name, letters, sheets

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
PROGRAM = sys.argv[1]
points = hidden_cells = charts = schools_compared = by_grade_alone = 0


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def cells_of(reference, book):
    """The texts a reference stands for, in order."""
    sheet, first, last = re.fullmatch(r"(.*)!(\$[A-Z]+\$\d+)(?::(\$[A-Z]+\$\d+))?", reference).groups()
    sheet = sheet.strip("'").replace("''", "'")
    ends = []
    for end in (first, last or first):
        column, row = re.fullmatch(r"\$([A-Z]+)\$(\d+)", end).groups()
        at = 0
        for letter in column:
            at = at * 26 + ord(letter) - 64
        ends.append((at, int(row)))
    return [book[sheet].get(row, {}).get(letters(column), "")
            for column in range(ends[0][0], ends[1][0] + 1) for row in range(ends[0][1], ends[1][1] + 1)]


def check_charts(path):
    """No cached value but that of the cell."""
    global points, hidden_cells, charts
    with zipfile.ZipFile(path) as package:
        book = dict(sheets(package))
        for name in package.namelist():
            if not re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                continue
            charts += 1
            tree = ElementTree.fromstring(package.read(name))
            for where in ("val", "yVal", "xVal", "cat"):
                for one in [r for place in tree.iter(C + where) for k in ("numRef", "strRef") for r in place.iter(C + k)]:
                    texts = cells_of(one.find(C + "f").text, book)
                    kept = {int(pt.get("idx")): pt.find(C + "v").text or "" for pt in one.iter(C + "pt")}
                    points += len(kept)
                    if where == "cat":  # names of classes and scales
                        known = {*texts, *map(number, texts)}
                        wrong = [v for v in kept.values() if v not in known and number(v) not in known]
                        expect(f"{path.name} {name}: names of its cells", not wrong, wrong)
                        continue
                    hidden_cells += texts.count("*")
                    wanted = {i: number(text) for i, text in enumerate(texts) if number(text) is not None}
                    found = {i: number(v) for i, v in kept.items()}  # nothing else is drawn: no 0, either
                    expect(f"{path.name} {name}: the numbers of its cells", found == wanted,
                           [(i, texts[i], kept.get(i)) for i in range(len(texts)) if found.get(i) != wanted.get(i)][:4])


# ---- the funnel

def stage(grade):
    return "小学" if 1 <= grade <= 6 else "初中" if grade <= 9 else "高中"


def type_7(values, p):
    values = sorted(values)
    h = (len(values) - 1) * p
    low = math.floor(h)
    return values[low] + (h - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def limits(shown):
    """[(observed, people, expected)] -> for each (rate, low95, high95, low998, high998)."""
    target = sum(o for o, _, _ in shown) / sum(n for _, n, _ in shown)
    z, weights = [], []
    for o, n, e in shown:
        se = 1 / (2 * math.sqrt(n))
        z.append((math.asin(math.sqrt(o / n)) - math.asin(math.sqrt(e / n))) / se)
        weights.append(1 / se ** 2)
    low, high = type_7(z, 0.1), type_7(z, 0.9)
    phi = statistics.fmean(min(max(x, low), high) ** 2 for x in z)
    k = len(shown)
    tau2 = max(0, (k * phi - (k - 1)) / (sum(weights) - sum(w * w for w in weights) / sum(weights)))
    out = []
    for o, n, e in shown:
        wide = math.sqrt(1 / (4 * n) + tau2)
        row = [o / e * target]
        for p in (0.975, 0.999):
            reach = statistics.NormalDist().inv_cdf(p) * wide
            for sign in (-1, 1):
                at = min(max(math.asin(math.sqrt(e / n)) + sign * reach, 0), math.pi / 2)
                row.append(math.sin(at) ** 2 * n * target / e)
        out.append(row)
    return out


def shown_rates(rows):
    """(grade, sex) and (grade, None) whose rate 年级性别 shows."""
    heads = {head_name(text): column for column, text in rows[1].items()}
    sexes = {"男": "male", "女": "female", "全部": None}
    return {(row.get(heads["年级"]), sexes[row[heads["性别"]]]) for at, row in rows.items()
            if at > 1 and row.get(heads["性别"]) in sexes and number(row.get(heads["合计 检出率"], "")) is not None}


def check_funnel(run):
    global schools_compared, by_grade_alone
    people = {}
    with open(run / "scores.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["grade"] and row["status"] in ("valid", "doubtful"):
                key = (stage(int(row["grade"])), row["battery"])
                people.setdefault(key, []).append((row["school"], row["grade"], row["sex"], row["tier"] not in ("", "0")))
    with zipfile.ZipFile(run / "district.xlsx") as package:
        book = dict(sheets(package))
    rows, rates = book["学校比较"], shown_rates(book["年级性别"])
    heads = {head_name(text): column for column, text in rows[1].items()}
    expect("no column ranks", not any("排名" in h or "名次" in h for h in heads), list(heads))
    lines = []
    for at in sorted(rows)[1:]:
        line = {head: rows[at].get(column, "") for head, column in heads.items()}
        if not line["有效 V"]:
            break
        lines.append(line)
    summary = {row.get("A"): row for row in book["学校汇总"].values()}
    participation = {head_name(text): column for column, text in book["学校汇总"][1].items()}["参测率"]
    for (where, battery), group in itertools.groupby(lines, lambda line: (line["学段"], line["量表组合"])):
        group = list(group)
        codes = [line["学校标识码"] for line in group]
        expect(f"{where} {battery}: in the order of codes", codes == sorted(codes) and len(set(codes)) == len(codes), codes)
        parts = [members for (s, _), members in people.items() if s == where and {m[0] for m in members} <= set(codes)]
        expect(f"{where} {battery}: one part", len(parts) == 1)
        by_sex = {m[1:3] for m in parts[0]} <= rates
        alone = not by_sex and {(m[1], None) for m in parts[0]} <= rates
        valid, found = {}, {}
        for _, grade, sex, hit in parts[0]:
            of_whom = (grade, sex if by_sex else None)
            valid[of_whom] = valid.get(of_whom, 0) + 1
            found[of_whom] = found.get(of_whom, 0) + hit
        shown, of = [], []
        for line in group:
            own = [m for m in parts[0] if m[0] == line["学校标识码"]]
            expect(f"{line['学校标识码']}: V", number(line["有效 V"]) == len(own))
            expect(f"{line['学校标识码']}: participation beside it",
                   abs(number(line["参测率"]) - number(summary[line["学校标识码"]].get(participation))) < 1e-9, line["参测率"])
            if line["检出率"] == "*":
                expect(f"{line['学校标识码']}: hidden, so not compared",
                       not any(number(line[h]) is not None for h in ("标化检出率", "95% 下界", "99.8% 上界")))
            elif own:
                groups = [(m[1], m[2] if by_sex else None) for m in own]
                shown.append((sum(m[3] for m in own), len(own), sum(found[g] / valid[g] for g in groups)))
                of.append(line)
        if len(shown) < 5 or not (by_sex or alone):
            expect(f"{where} {battery}: not compared", not any(number(line["标化检出率"]) is not None for line in group))
            continue
        by_grade_alone += alone
        for line, wanted in zip(of, limits(shown)):
            printed = [number(line[h]) for h in ("标化检出率", "95% 下界", "95% 上界", "99.8% 下界", "99.8% 上界")]
            schools_compared += 1
            expect(f"{where} {battery} {line['学校标识码']}: limits",
                   all(p is not None and abs(p - min(1, w)) < 0.000501 for p, w in zip(printed, wanted)), (printed, wanted))
            far = wanted[0] > wanted[4] or wanted[0] < wanted[3]
            outside = wanted[0] > wanted[2] or wanted[0] < wanted[1]
            expect(f"{line['学校标识码']}: where it lies",
                   ("99.8%" in line["位置"]) == far and ("界内" in line["位置"]) == (not outside), line["位置"])


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    for students, schools, seed in ((4800, 120, 1), (6000, 24, 6), (12000, 36, 8)):
        place = scratch / str(seed)
        place.mkdir()
        subprocess.run([PROGRAM, "simulate", "--quiet", "--plan", "district_demo", "--students", str(students), "--schools",
                        str(schools), "--seed", str(seed), "--out", place / "in"], check=True, capture_output=True)
        done = subprocess.run([PROGRAM, "score", "--quiet", "--plan", place / "in/plan.yaml", "--roster", place / "in/roster.csv",
                               "--for", "leader,bureau", "--out", place / "out",
                               *sorted(p for p in (place / "in").glob("responses*"))], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            sys.exit(f"exit {done.returncode} {done.stderr[-500:]}")
        for path in [*sorted((place / "out").rglob("*.xlsx"))]:
            check_charts(path)
        check_funnel(place / "out")
expect("charts were looked at, with hidden cells among theirs", charts > 100 and points > 5000 and hidden_cells > 20,
       (charts, points, hidden_cells))
expect("schools were compared", schools_compared > 25, schools_compared)
expect("some of them by grade alone", by_grade_alone > 0, by_grade_alone)

end(f"{charts} charts, {points} points, {hidden_cells} hidden cells drawn by none; {schools_compared} schools compared")
