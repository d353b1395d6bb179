"""Can a reader of district.xlsx work out what it hides?

Small simulated districts, in which much is hidden.  The published workbook is all this knows: it
reads the cells of 学校汇总, 年级性别, 量表均值 and 未测与无效, writes down every sum a reader would try (tiers
to all tiers, schools to the district, sexes to grades, grades to the district, both tables to one
total, listed less valid, reasons to what they explain), and solves for the cells with an asterisk: exactly, by elimination in fractions, and by
narrowing intervals of counts.  Nothing may have one value only; a hidden count must be able to
be 5 or more where its base is that large.

usage: district_hidden.py PSYSCREEN
"""
import csv
import fractions
import pathlib
import random
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

from csv_file import read
from workbook import head_name

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SMALL = 5
SIZES = []


def column(reference):
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def sheets(path):
    archive = zipfile.ZipFile(path)
    shared = []
    if "xl/sharedStrings.xml" in archive.namelist():
        shared = ["".join(t.text or "" for t in si.iter(MAIN + "t"))
                  for si in ET.fromstring(archive.read("xl/sharedStrings.xml"))]
    names = [s.get("name") for s in ET.fromstring(archive.read("xl/workbook.xml")).iter(MAIN + "sheet")]
    out = {}
    for i, name in enumerate(names, 1):
        rows = []
        for row in ET.fromstring(archive.read(f"xl/worksheets/sheet{i}.xml")).iter(MAIN + "row"):
            cells = {}
            for c in row.iter(MAIN + "c"):
                v, inline = c.find(MAIN + "v"), c.find(MAIN + "is")
                if inline is not None:
                    cells[column(c.get("r"))] = "".join(t.text or "" for t in inline.iter(MAIN + "t"))
                elif v is not None:
                    cells[column(c.get("r"))] = shared[int(v.text)] if c.get("t") == "s" else float(v.text)
            rows.append([cells.get(k, "") for k in range(max(cells, default=-1) + 1)])
        out[name] = rows
    return out


class Reader:
    """What somebody writes down who has the file."""

    def __init__(self):
        self.names, self.low, self.high, self.rows = {}, [], [], []
        self.rests = set()  # numbers that stand nowhere: worked out is bad where they are small

    def cell(self, name, shown, most):
        """A number, or an unknown between 0 and what bounds it."""
        if name in self.names:
            known = self.names[name]
            same = isinstance(known, int) if shown == "*" else known == ("is", int(round(shown)))
            assert same, f"{name} stands twice, as {known} and {shown}"
            return known
        if shown == "*":
            self.names[name] = len(self.low)
            self.low.append(0)
            self.high.append(int(most))
        else:
            self.names[name] = ("is", int(round(shown)))
        return self.names[name]

    def balance(self, one, other):
        """These cells add up to what those do."""
        row, value = {}, 0
        for sign, x in [(1, c) for c in one] + [(-1, c) for c in other]:
            if isinstance(x, int):
                row[x] = row.get(x, 0) + sign
            else:
                value -= sign * x[1]
        if row:
            self.rows.append((row, value))

    def total(self, whole, parts):
        self.balance([whole], parts)

    def rest(self, name, whole, part, most):
        """What is left of a number when another is taken off it: as hidden as both are."""
        if not isinstance(whole, int) and not isinstance(part, int):
            self.shown_rests = getattr(self, "shown_rests", []) + [(name, whole[1] - part[1])]
            return
        cell = self.cell((name, "rest"), "*", most)
        self.rests.add(cell)
        self.total(whole, [part, cell])

    def solve(self):
        """Names of cells that have one value, by elimination or by intervals."""
        found, solved = set(), []  # rows {unknown: factor} with a value, each with a first unknown
        for row, value in self.rows:
            row = {k: fractions.Fraction(x) for k, x in row.items()}
            value = fractions.Fraction(value)
            for first, other, number in solved:
                times = row.get(first)
                if times:
                    for k, x in other.items():
                        row[k] = row.get(k, 0) - times * x
                    value -= times * number
                    row = {k: x for k, x in row.items() if x}
            if not row:
                assert value == 0, "the file contradicts itself"
                continue
            first = min(row)
            by = row[first]
            row, value = {k: x / by for k, x in row.items()}, value / by
            for at, (f, other, number) in enumerate(solved):
                times = other.get(first)
                if times:
                    mixed = dict(other)
                    for k, x in row.items():
                        mixed[k] = mixed.get(k, 0) - times * x
                    solved[at] = (f, {k: x for k, x in mixed.items() if x}, number - times * value)
            solved.append((first, row, value))
        for first, row, _ in solved:
            if len(row) == 1:
                found.add(first)
        every = self.rows + [(row, value) for _, row, value in solved]
        for _ in range(20):
            before = (list(self.low), list(self.high))
            for row, value in every:
                least = sum(c * (self.low[j] if c > 0 else self.high[j]) for j, c in row.items())
                most = sum(c * (self.high[j] if c > 0 else self.low[j]) for j, c in row.items())
                for k, x in list(row.items()):
                    own = sorted((x * self.low[k], x * self.high[k]))
                    rest = (least - own[0], most - own[1])
                    ends = sorted([(value - rest[0]) / x, (value - rest[1]) / x])
                    low = max(self.low[k], -int(-ends[0] // 1))
                    high = min(self.high[k], int(ends[1] // 1))
                    if (low, high) != (self.low[k], self.high[k]):
                        least += (x * low if x > 0 else x * high) - own[0]
                        most += (x * high if x > 0 else x * low) - own[1]
                        self.low[k], self.high[k] = low, high
            if before == (self.low, self.high):
                break
        return found


def read_outcomes(reader, rows, key, last):
    """One table of outcomes; `key` names a row; returns {row name: {column: cell}}."""
    heads = [head_name(str(h)) for h in rows[0]]
    at = {h: i for i, h in enumerate(heads)}
    tested, valid = at["实测 C"], at["有效 V"]
    lists = [h for h in heads if h.endswith("名单人数") and not h.startswith("合计")]
    table = {}
    seen = reader.__dict__.setdefault("seen", set())
    for row in rows[1:]:
        if len(row) <= valid or not isinstance(row[tested], float):
            continue
        name = last if row[0] in ("全区", "全校") else key(row)
        cells = {}
        for h in lists:
            tier = h.rsplit(" ", 1)[0]
            cells[h] = reader.cell((name, h), row[at[h]], row[tested])
            cells[tier] = reader.cell((name, tier), row[at[tier + " 其中有效"]], row[valid])
            if (name, tier) not in seen:
                reader.rest((name, tier), cells[h], cells[tier], row[tested])
                seen.add((name, tier))
        cells["合计名单人数"] = reader.cell((name, "any"), row[at["合计名单人数"]], row[tested])
        rate = row[at["合计 检出率"]]
        shown = "*" if rate == "*" else 0 if rate == "—" else rate * row[valid]
        cells["合计"] = reader.cell((name, "any valid"), shown, row[valid])
        for h in ("重点题人数", "未能判定", "待复测"):
            # Everybody knows that nobody else is to be tested again.
            base = row[tested] - row[valid] if h == "待复测" else row[tested]
            cells[h] = reader.cell((name, h), row[at[h]], base)
        reader.total(cells["合计名单人数"], [cells[h] for h in lists])
        reader.total(cells["合计"], [cells[h.rsplit(" ", 1)[0]] for h in lists])
        table[name] = cells
    return table


def sums(reader, table, whole, parts):
    for column_name, cell in table[whole].items():
        reader.total(cell, [table[p][column_name] for p in parts])


def stages_together(book):
    """[(schools, grades)]: 学校汇总 says which stages a school has, so that its pupils are in their grades; stages that
    a school has both of are one.  Nothing to add up where all are."""
    heads = [head_name(str(h)) for h in book["学校汇总"][0]]
    of_school = {("school", r[0]): set(r[heads.index("学段")].split("、")) for r in book["学校汇总"][1:]
                 if len(r) > heads.index("学段") and r[0] not in ("", "全区") and r[heads.index("学段")]}
    heads = [head_name(str(h)) for h in book["年级性别"][0]]
    of_grade = {("grade", r[1], "全部"): r[0] for r in book["年级性别"][1:]
                if len(r) > 3 and r[heads.index("性别")] == "全部" and r[0] not in ("全区", "全校")}
    together = [set(s) for s in of_school.values()]
    for _ in together:
        for one in together:
            for other in together:
                if one & other:
                    one |= other
    kinds = {tuple(sorted(s)) for s in together}
    if len(kinds) < 2:
        return []
    return [([n for n, s in of_school.items() if s <= set(kind)], [g for g, s in of_grade.items() if s in kind])
            for kind in sorted(kinds)]


def stage_sums(reader, schools, grades, together):
    for some, others in together:
        for column in schools[some[0]]:
            reader.balance([schools[n][column] for n in some], [grades[g][column] for g in others])


def untested(reader, rows, schools, grades, together):
    """Reasons add up to E, D - C and C - V; four of them to 待复测; schools and grades to the district."""
    heads = [head_name(str(h)) for h in rows[0]]
    at = {h: i for i, h in enumerate(heads)}
    parts = {"非应测 E": ("请假", "免测", "非应测：不同意", "非应测：其他"), "应测未测 D−C": ("不同意", "同意书未回", "未作答"),
             "不计入有效 C−V": ("效度分过高", "效度规则", "作答质量", "其他复测", "有量表未作答", "缺答不能判定", "作答但无同意")}
    table = {}
    for row in rows[1:]:
        if len(row) <= at["有效 V"] or row[at["请假"]] == "":
            continue
        name = ("school", row[0]) if row[0] != "全区" else "all" if row[2] == "全部" else ("grade", row[2], "全部")
        table[name] = {}
        for whole, reasons in parts.items():
            for reason in reasons:
                table[name][reason] = reader.cell((name, reason), row[at[reason]], row[at[whole]])
            reader.total(("is", int(row[at[whole]])), [table[name][r] for r in reasons])
        retest = schools[name] if name in schools else grades[name]
        reader.total(retest["待复测"], [table[name][r] for r in ("效度分过高", "效度规则", "作答质量", "其他复测")])
    for kind in ("school", "grade"):
        sums(reader, table, "all", [n for n in table if n[0] == kind])
    stage_sums(reader, table, table, [([n for n in some if n in table], [g for g in others if g in table])
                                      for some, others in together])


def progress(reader, rows, schools, handled):
    """Cases are those of 学校汇总, but for whoever is listed without a tier (no case is a number, too); each
    column adds up to the district, by tier and over the schools whose ledgers have come; 学校汇总 says the same of
    interviews.  Nobody was interviewed who is not on the list: a number beside hidden cases is their least."""
    heads = [head_name(str(h)) for h in rows[0]]
    at = {h: i for i, h in enumerate(heads)}
    counted = ("名单人数", "已访谈", "有时限", "按时访谈", "已告知家长", "已转介", "在治", "已结案", "逾期")
    table, missing, tiers = {}, set(), []
    for row in rows[1:]:
        if len(row) <= at["逾期"]:
            continue
        name = ("school", row[0]) if row[0] != "全区" else "all" if row[2] == "合计" else ("tier", row[2])
        cases = row[at["名单人数"]]
        cells = table[name] = {}
        for h in counted:
            if row[at[h]] != "—":
                cells[h] = reader.cell((name, "ledger", h), row[at[h]], cases if isinstance(cases, float) else 10**6)
            else:
                missing.add(name)
        if name[0] == "tier":
            tiers.append(name)
        shown = {h: row[at[h]] for h in counted if isinstance(row[at[h]], float)}
        apart = [shown.get("已结案", 0) + shown.get(h, 0) for h in ("逾期", "在治")]
        least = max([*shown.values(), *apart], default=0)
        if isinstance(cells["名单人数"], int) and least < 10**6:
            reader.low[cells["名单人数"]] = max(reader.low[cells["名单人数"]], int(least))
        for h in ("有时限", "已访谈"):
            if isinstance(cells.get(h), int):
                reader.low[cells[h]] = int(shown.get("按时访谈", 0))
    assert len(tiers) > 2, "no ledgers"
    missing = {n for n in missing if n[0] == "school"}
    come = [n for n in table if n[0] == "school" and n not in missing]
    sums(reader, table, "all", tiers)
    sums(reader, table, "all", come)
    for name in [*come, *missing, *([] if missing else ["all"])]:
        reader.rest((name, "ledger", "no tier"), table[name]["名单人数"], schools[name]["合计名单人数"], 10**6)
    for name in tiers:
        for h in schools["all"]:
            if h.endswith("名单人数") and h.startswith(str(name[1])):
                reader.total(table[name]["名单人数"], [schools[s][h] for s in come])
    for name, (interviewed, rate, referred) in handled.items():
        if interviewed == "未汇总":
            assert name in missing, name
            continue
        for h, value in (("已访谈", interviewed), ("已转介", referred)):
            reader.cell((name, "ledger", h), value, 10**6)  # the same as there
        if isinstance(rate, float) and rate > 0:  # the cases it is a share of
            reader.cell((name, "ledger", "名单人数"), round(interviewed / rate), 10**6)
    return missing


def check(path):
    book = sheets(path)
    reader = Reader()
    schools = read_outcomes(reader, book["学校汇总"], lambda r: ("school", r[0]), "all")
    sums(reader, schools, "all", [s for s in schools if s != "all"])
    grades = read_outcomes(reader, book["年级性别"], lambda r: ("grade", r[1], r[2]), "all")
    wholes = [g for g in grades if g != "all" and g[2] == "全部"]
    sums(reader, grades, "all", wholes)
    for whole in wholes:
        sums(reader, grades, whole, [g for g in grades if g != "all" and g[1] == whole[1] and g[2] != "全部"])
    together = stages_together(book)
    stage_sums(reader, schools, grades, together)
    untested(reader, book["未测与无效"], schools, grades, together)
    heads = [head_name(str(h)) for h in book["学校汇总"][0]]
    handled = {"all" if row[0] == "全区" else ("school", row[0]):
               [row[heads.index(h)] for h in ("已访谈", "访谈率", "转介人数")]
               for row in book["学校汇总"][1:] if len(row) > heads.index("转介人数")}
    missing = progress(reader, book["处置进度"], schools, handled)
    # Each scale: people at the cut, by sex and grade.
    heads = [head_name(str(h)) for h in book["量表均值"][0]]
    scales = {}
    for row in book["量表均值"][1:]:
        if len(row) > heads.index("高分人数") and (row[heads.index("高分人数")] != ""):
            name = (row[0], row[1], row[heads.index("年级")], row[heads.index("性别")])
            scales[name] = {"high": reader.cell(name, row[heads.index("高分人数")], row[heads.index("N")])}
    for name in scales:
        if name[3] != "全部":
            continue
        if name[2] == "全部":
            parts = [p for p in scales if p[:2] == name[:2] and p[3] == "全部" and p[2] != "全部"]
        else:
            parts = [p for p in scales if p[:3] == name[:3] and p[3] != "全部"]
        if parts:
            sums(reader, scales, name, parts)
    # Means are sums: a grade with one hidden mean gives it away.
    lonely = 0
    means = {}
    for row in book["量表均值"][1:]:
        if len(row) > heads.index("均值"):
            means[(row[0], row[1], row[heads.index("年级")], row[heads.index("性别")])] = row[heads.index("均值")]
    for name in means:
        if name[3] == "全部" and name[2] != "全部":
            family = [name] + [p for p in means if p[:3] == name[:3] and p[3] != "全部"]
            lonely += sum(means[p] == "*" for p in family) == 1
    hidden = len(reader.low)
    bases = list(reader.high)
    found = reader.solve()
    found |= {k for k in range(hidden) if reader.low[k] == reader.high[k] and bases[k] > 0}
    found = {k for k in found if k not in reader.rests or 0 < reader.low[k] < SMALL}
    tight = [k for k in range(hidden) if k not in reader.rests and reader.high[k] < min(SMALL, bases[k])]
    for name, value in getattr(reader, "shown_rests", []):
        if 0 < value < SMALL:
            print("   ", name, "listed and not valid:", value)
            lonely += 1
    names = {v: k for k, v in reader.names.items() if isinstance(v, int)}
    for k in sorted(found | set(tight)):
        print("   ", names[k], reader.low[k], reader.high[k], "of", bases[k])
    return hidden, len(found), len(tight), lonely, missing


def known_to_leader(book, rows, school):
    """Cells a head works out from the district's sheets and his own; rests that are small."""
    reader = Reader()
    schools = read_outcomes(reader, book["学校汇总"], lambda r: ("school", r[0]), "all")
    sums(reader, schools, "all", [s for s in schools if s != "all"])
    grades = read_outcomes(reader, book["年级性别"], lambda r: ("grade", r[1], r[2]), "all")
    groups = read_outcomes(reader, rows, lambda r: ("own", r[1], r[2]), school)
    for table, last in ((grades, "all"), (groups, school)):
        wholes = [g for g in table if g != last and g[2] == "全部"]
        sums(reader, table, last, wholes)
        for whole in wholes:
            sums(reader, table, whole, [g for g in table if g != last and g[1] == whole[1] and g[2] != "全部"])
    for group, cells in groups.items():
        for column, cell in cells.items() if group != school else ():
            reader.rest((group, column, "others"), grades[("grade", *group[1:])][column], cell, 10**6)
    hidden, bases = len(reader.low), list(reader.high)
    found = reader.solve()
    found |= {k for k in range(hidden) if reader.low[k] == reader.high[k] and bases[k] > 0}
    found = {k for k in found if k not in reader.rests or 0 < reader.low[k] < SMALL}
    found |= {k for k in range(hidden) if k not in reader.rests and reader.high[k] < min(SMALL, bases[k])}
    names = {v: k for k, v in reader.names.items() if isinstance(v, int)}
    return {names[k] for k in found} | {n for n, v in getattr(reader, "shown_rests", []) if 0 < v < SMALL}


def check_leader(district, path):
    """What the head's own file adds to what the district's workbook tells anyhow (of a school with nobody in
    a tier it tells that of its grades, too)."""
    book, rows, school = sheets(district), sheets(path)["年级性别"], ("school", path.stem)
    first = [head_name(str(h)) for h in rows[0]].index("有效率") + 1
    blank = [row if i == 0 or row[:1] == ["全校"] or len(row) <= first else
             [c if k < first or c == "" else "*" for k, c in enumerate(row)] for i, row in enumerate(rows)]
    leaks = known_to_leader(book, rows, school) - known_to_leader(book, blank, school)
    for one in sorted(map(str, leaks)):
        print("   ", path.name, one)
    return len(leaks), sum(isinstance(c, float) for row in rows[1:] for c in row[first:])


def work_through(path, r, one_missing):
    """As if schools had worked: counts of `collect` with interviews; of one school nothing has come."""
    rows = read(path)
    gone = rows[len(rows) // 2]["school"] if one_missing else None
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        for row in rows:
            if row["school"] == gone:
                continue
            cases = int(row["cases"])
            some = lambda share, of=cases: sum(r.random() < share for _ in range(of))
            interviewed = some(0.7)
            closed = some(0.5, interviewed)
            row.update(interviewed=interviewed, on_time=min(int(row["due"]), some(0.8, interviewed)), closed=closed,
                       overdue=cases - interviewed, guardian_informed=some(0.4), referred=some(0.1),
                       in_treatment=min(some(0.05), cases - closed))
            out.writerow(row)


def main():
    program = sys.argv[1]
    bad = total = 0
    for students, schools, seed in SIZES or [(150, 4, 1), (300, 6, 2), (600, 9, 3), (1200, 7, 4), (2500, 30, 6)]:
        with tempfile.TemporaryDirectory() as name:
            place = pathlib.Path(name)
            subprocess.run([program, "simulate", "--plan", "district_demo", "--students", str(students), "--schools",
                            str(schools), "--seed", str(seed), "--out", place / "in"], check=True, capture_output=True)
            done = subprocess.run([program, "score", "--quiet", "--plan", place / "in/plan.yaml", "--roster",
                                   place / "in/roster.csv", "--out", place / "out",
                                   *sorted((place / "in").glob("responses*.csv"))], capture_output=True, text=True)
            if done.returncode not in (0, 1):
                print("FAIL", done.returncode, done.stderr[-500:])
                return 1
            # Ledgers as they were handed out, summed up, and the wave beside itself.
            counts = place / "counts.csv"
            subprocess.run([program, "collect", "--quiet", "--plan", place / "in/plan.yaml", "--out", place / "ledger.csv",
                            "--counts", counts, "--as-of", "2026-11-30", place / "out"], check=True, capture_output=True)
            work_through(counts, random.Random(seed), schools > 5)
            again = subprocess.run([program, "score", "--quiet", "--plan", place / "in/plan.yaml", "--roster",
                                    place / "in/roster.csv", "--counts", counts, "--previous", place / "out", "--for", "leader",
                                    "--out", place / "more", *sorted((place / "in").glob("responses*.csv"))],
                                   capture_output=True, text=True)
            if again.returncode not in (0, 1):
                print("FAIL with ledgers", again.returncode, again.stderr[-500:])
                return 1
            hidden, found, tight, lonely, missing = check(place / "more/district.xlsx")
            bad += len(missing) != (schools > 5)
            print(f"{students} students, {schools} schools: {hidden} hidden, {found} worked out, {tight} known to be small, "
                  f"{lonely} means alone")
            leaders = [check_leader(place / "more/district.xlsx", path)
                       for path in sorted((place / "more/roles/leader").glob("*.xlsx"))[:4]]
            print(f"    {len(leaders)} heads of schools: {sum(b for b, _ in leaders)} worked out, {sum(s for _, s in leaders)} shown")
            bad += sum(b for b, _ in leaders)
            total += hidden
            bad += found + tight + lonely
    return 1 if bad or total < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
