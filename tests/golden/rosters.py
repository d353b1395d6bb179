"""Schools send a roster each: the same results as with one roster of all, in whatever order, format and encoding they come.

    rosters.py PROGRAM"""
import csv
import filecmp
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

from csv_file import read, write
from expectations import end, expect, expect_same
from plain_xlsx import write_xlsx
from program import PROGRAM, run
from workbook import tables

SCHOOLS = 6
PLACES = ("file", "row", "column", "message")


def differences(a, b, but=frozenset()):
    left, right = ({str(p.relative_to(d)) for p in d.rglob("*") if p.is_file()} for d in (a, b))
    return sorted(left ^ right) + [n for n in sorted((left & right) - but) if not filecmp.cmp(a / n, b / n, shallow=False)]


def cut(rows, folder, name):
    """A file of each school, in turn CSV, CSV in GB18030 and a workbook, their columns in other orders; and
    (file, row) of each -> its row among `rows`, the header being row 1."""
    head, *body = rows
    school, place, paths = head.index("学校标识码"), {}, []
    for i, code in enumerate(sorted({row[school] for row in body})):
        order = random.Random(i).sample(range(len(head)), len(head))
        own = [(n, row) for n, row in enumerate(body, 2) if row[school] == code]
        table = [[row[c] for c in order] for row in [head, *(row for _, row in own)]]
        path = folder / name(i, ("csv", "csv", "xlsx")[i % 3])
        path.parent.mkdir(parents=True, exist_ok=True)
        if i % 3 == 2:
            write_xlsx(path, table)
        else:
            with open(path, "w", encoding=("utf-8", "gb18030")[i % 3], newline="") as file:
                csv.writer(file).writerows(table)
        paths.append(path)
        place.update({(path.name, n): there for n, (there, _) in enumerate(own, 2)})
    return paths, place


def options(rosters):
    return [word for path in rosters for word in ("--roster", path)]


def without_lists(book):
    """The cells of a workbook but for the lines of 说明 that name rosters, which are as many as there are files."""
    sheets = tables(book)
    for name, rows in sheets.items():
        sheets[name] = [cells for _, cells in sorted(rows.items()) if "名册文件" not in cells.get("A", "")]
    return sheets


def named_rosters(book):
    return [cells["B"].split("：")[0] for cells in tables(book)["说明"].values() if "名册文件" in cells.get("A", "")]


def found(path, place):
    """Findings as a sorted list; those at the line of a roster by its line in the roster of all."""
    rows = []
    for row in read(path):
        if place is not None and (row["file"], int(row["row"] or 0)) in place:
            row.update(row=str(place[row["file"], int(row["row"])]), file="roster.csv")
        rows.append(tuple(row.items()))
    return sorted(rows)


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    given = scratch / "in"
    run("simulate", "--plan", "district_demo", "--students", 900, "--schools", SCHOOLS, "--seed", 7, "--out", given)
    plan = (given / "plan.yaml").read_text(encoding="utf-8")
    before, roster_of_plan = plan.split("  roster:\n")
    (given / "plan.yaml").write_text(before + "  roster:\n" + roster_of_plan.replace(
        "encoding: utf-8", "encoding: [utf-8, gb18030]", 1), encoding="utf-8")
    with open(given / "roster.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    head = rows[0]
    # One pupil of two schools, rows without a number, without a class, and one pupil of a school twice.
    moved = list(rows[5])
    moved[head.index("学校标识码")] = rows[-1][head.index("学校标识码")]
    nameless, classless = list(rows[9]), list(rows[-9])
    nameless[head.index("学籍号")] = classless[head.index("班级")] = ""
    rows = [*rows[:9], nameless, *rows[10:-9], classless, *rows[-8:], moved, list(rows[20])]
    write(given / "roster.csv", rows)
    answers = sorted(given.glob("responses_*"))
    paths, place = cut(rows, scratch / "cut", lambda i, ending: f"school{i}.{ending}")
    expect_same("a file of each school, of three kinds", (SCHOOLS, 2), (len(paths), len({p.suffix for p in paths})))

    def arguments(out, rosters, *more):
        return [str(a) for a in (PROGRAM, "score", "-q", "--plan", given / "plan.yaml", *options(rosters), "--what-if", "--for",
                                 "homeroom,leader,centre,bureau", "--out", out, *more, *answers)]

    def score(out, rosters, *more, code=(0, 1)):
        return run(*arguments(scratch / out, rosters, *more)[1:], code=code)

    # ---- the same as one roster of all
    score("one", [given / "roster.csv"])
    score("many", paths, "--threads", 1)
    one, many = scratch / "one", scratch / "many"
    books = sorted(str(p.relative_to(one)) for p in one.rglob("*.xlsx"))
    # (The hashes of the workbooks are in run.json, and what has no list of its inputs is the same to the byte.)
    different = differences(one, many, {"run.json", "findings.csv"} | set(books))
    expect("scores.csv, published.csv, whatif.csv: the same bytes", not different, different)
    expect("which are there", (one / "published.csv").exists() and (one / "whatif.csv").exists())
    for book in books:
        expect(f"{book}: the same cells", without_lists(one / book) == without_lists(many / book))
    expect("and not because nothing is compared", len(books) > SCHOOLS and
           tables(one / "district.xlsx") != tables(many / "district.xlsx"))
    for book in ("district.xlsx", "schools/_unmatched.xlsx"):
        expect_same(f"{book}: 说明 lists the rosters by name", sorted(p.name for p in paths), named_rosters(many / book))
    for i, path in enumerate(paths):
        code = sorted({row[head.index("学校标识码")] for row in rows[1:]})[i]
        expect_same("that of a school its own alone", [path.name], named_rosters(many / f"schools/{code}.xlsx"))
    # Of a pupil twice in a roster the sentence names the other place where there are several rosters; `class_blank` is of a file.
    wanted, got = found(one / "findings.csv", None), found(many / "findings.csv", place)
    apart = [row for row in got if dict(row)["rule"] == "roster_repeated"]
    expect("the same findings at the same lines", [row for row in wanted if dict(row)["rule"] != "roster_repeated"] ==
           [row for row in got if dict(row)["rule"] != "roster_repeated"], set(wanted) ^ set(got))
    expect_same("a pupil twice on one roster", [(place["school0.csv", 21], "here and in row 21 of 'school0.csv'")], [
        (place["school0.csv", 21] if "school0.csv" in dict(row)["message"] else None,
         dict(row)["message"][dict(row)["message"].index("here"):dict(row)["message"].index(";")]) for row in apart])
    shared = [dict(row) for row in read(many / "findings.csv") if row["rule"] == "code_in_two_schools"]
    expect_same("a pupil of two schools: an error at both places", {"school0.csv", paths[-1].name}, {r["file"] for r in shared})
    inputs = json.loads((many / "run.json").read_text(encoding="utf-8"))["inputs"]
    expect_same("run.json lists them", [(p.name, "roster") for p in sorted(paths)],
                [(i["name"], i["role"]) for i in inputs if i["role"] == "roster"])
    expect_same("with their pupils", len(rows) - 1, sum(i["rows"] for i in inputs if i["role"] == "roster"))

    # ---- a roster whose pupils all stand on another
    again = write(scratch / "zz_again.csv", [head, rows[30]])
    score("again", [*paths, again])
    expect("its pupil is counted once", filecmp.cmp(many / "scores.csv", scratch / "again/scores.csv", shallow=False))
    expect("and the district's workbook names it", "zz_again.csv" in named_rosters(scratch / "again/district.xlsx"))

    # ---- given in another order, by other threads, with a budget
    for n, (threads, more) in enumerate(itertools.product((1, 2, 3), ((), ("--memory", "1M")))):
        mixed = random.Random(n).sample(paths, len(paths))
        score(f"mixed{n}", mixed, "--threads", threads, *more)
        different = differences(many, scratch / f"mixed{n}")
        expect(f"another order, {threads} threads {more}: same bytes", not different, different)

    # ---- a run goes on with the same rosters in another order, and not with others
    out = scratch / "resumed"
    for _ in range(20):  # killed when the first workbook has its name, and before the last has
        shutil.rmtree(out, ignore_errors=True)
        process = subprocess.Popen(arguments(out, paths, "--threads", 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not any((out / "schools").glob("[!.]*.xlsx")):
            time.sleep(0.0005)
        process.kill()
        if process.wait() < 0:
            break
    left = sorted((out / "schools").glob("[!.]*.xlsx"))
    expect("a run was stopped among its workbooks", (out / ".psyscreen/journal").exists() and left, left)
    made = [path.stat().st_ino for path in left]
    score("resumed", paths[:-1], code=4)
    score("resumed", paths[::-1])
    different = differences(many, out)
    expect("and goes on with the rosters in another order", not different, different)
    expect_same("from where it was", made, [path.stat().st_ino for path in left])
    done = score("many", [given / "roster.csv"], code=4)
    expect("one roster of all is another run", "belongs to another run" in done.stderr, done.stderr)

    # ---- all of one name, in a folder of each school
    named, _ = cut(rows, scratch / "folders", lambda i, ending: f"s{i}/roster")
    score("named", named)
    expect("the same scores", filecmp.cmp(many / "scores.csv", scratch / "named/scores.csv", shallow=False))
    for n in range(4):
        score(f"named{n}", random.Random(n).sample(named, len(named)))
        different = differences(scratch / "named", scratch / f"named{n}")
        expect(f"files of one name in order {n}: same bytes", not different, different)
    told = {row["file"] for row in read(scratch / "named/findings.csv")}
    expect("findings say which of them", {"s0/roster"} <= told and "roster" not in told, told)

    # ---- a path that is the end of another one: what is wrong on its lines is said of no other school's pupils
    ends = [scratch / "ends/roster.csv", scratch / "ends/b/roster.csv"]
    ends[1].parent.mkdir(parents=True)
    column = {name: head.index(name) for name in ("学校标识码", "班级", "年级")}
    schools = sorted({row[column["学校标识码"]] for row in rows[1:]})
    parts = [[list(row) for row in rows[1:] if row[column["学校标识码"]] in own] for own in (schools[:3], schools[3:])]
    parts[0][3][column["班级"]] = "2026-07-01"
    parts[0][4][column["年级"]] = "?"
    for path, part in zip(ends, parts):
        write(path, [head, *part])
    # Times of answers are told like classes of rosters, and a column that is declared by its place is like one declared by its name.
    own = parts[0][3][column["学校标识码"]]
    first, *sheets = csv.reader(answers[0].read_text(encoding="utf-8").splitlines())
    next(row for row in sheets if row[first.index("学校标识码")] == own)[first.index("所用时间")] = "?"
    write(ends[0].with_name("answers.csv"), [first, *sheets])
    by_name = (given / "plan.yaml").read_text(encoding="utf-8")
    by_place = by_name.replace("duration: 所用时间", f'duration: "#{first.index("所用时间") + 1}"')
    before, roster_of_plan = by_place.split("  roster:\n")
    by_place = before + "  roster:\n" + roster_of_plan.replace(" 年级", f' "#{column["年级"] + 1}"', 1)
    whole = pathlib.Path.cwd()
    os.chdir(ends[0].parent)
    for name, text in (("by_name", by_name), ("by_place", by_place)):
        expect_same(f"{name}: columns with a place", 2 * (name == "by_place"), text.count('"#'))
        (given / f"{name}.yaml").write_text(text, encoding="utf-8")
        out = scratch / f"ends_{name}"
        run("score", "-q", "--plan", given / f"{name}.yaml", *options(["roster.csv", "b/roster.csv"]), "--out", out, "answers.csv",
            *answers[1:], code=(0, 1))
        told = {(row["rule"], row["row"]) for row in read(out / "findings.csv") if row["file"] == "./roster.csv"}
        expect(f"{name}: such a file is called by all of its path", {("date_cell", "5"), ("unreadable", "6")} <= told, told)
        for what, fields in (("编号或班级变成了日期", ["班级"]), ("内容无法识别", ["年级", "所用时间"])):
            shown = [(school, cells["H"]) for school in schools for rows in [tables(out / f"schools/{school}.xlsx")["数据质量"]]
                     for cells in rows.values() if cells.get("B", "").startswith(what) and cells.get("H") in fields]
            expect_same(f"{name}, {what}: in the workbook of one school", [(own, field) for field in fields], sorted(shown))
    os.chdir(whole)

    # ---- rows in another order: what does not name lines or hashes is the same
    (scratch / "turned").mkdir()
    turned = []
    for path in paths:
        if path.suffix == ".csv":
            code = "utf-8" if path == paths[0] or path == paths[3] else "gb18030"
            with open(path, encoding=code, newline="") as file:
                first, *rest = csv.reader(file)
            path = scratch / "turned" / path.name
            with open(path, "w", encoding=code, newline="") as file:
                csv.writer(file).writerows([first, *rest[::-1]])
        turned.append(path)
    score("turned_out", turned)
    different = differences(many, scratch / "turned_out", {"run.json", "findings.csv"})
    expect("rows in another order: scores.csv and every workbook are the same", not different, different)

    # ---- norms and quality
    for command, more in (("norms", ("build",)), ("quality", ("-q",))):
        for out, rosters in (("one", [given / "roster.csv"]), ("many", paths[::-1])):
            done = run(command, *more, "--plan", given / "plan.yaml", *options(rosters), "--out", scratch / f"{command}_{out}", *answers)
        different = differences(scratch / f"{command}_one", scratch / f"{command}_many")
        expect(f"{command}: the same files", not different and any((scratch / f"{command}_one").iterdir()), different)

    # ---- mistakes are told by the file
    def refused(*rosters):
        done = score("no", rosters, code=3)
        expect("nothing is written", not (scratch / "no").exists())
        return done.stderr.splitlines()[-1]

    copy = shutil.copy(paths[1], scratch / "copy.csv")
    expect("the same file twice", "school1.csv: error: this roster is the same" in refused(*paths, copy) and
           "copy.csv" in refused(*paths, copy), refused(*paths, copy))
    empty = write(scratch / "empty.csv", [head])
    expect("a file without pupils", "empty.csv: error: this roster lists nobody" in refused(*paths, empty))
    lacks = write(scratch / "lacks.csv", [[one for one in head if one != "学籍号"], ["x"] * (len(head) - 1)])
    expect("a file without a column", any("lacks.csv" in line and "学籍号" in line for line in [refused(lacks, *paths)]))
    latin = scratch / "latin.csv"
    latin.write_bytes(",".join(head).encode("utf-8") + b"\n\xff\xff\n")
    expect("a file of another encoding", "latin.csv" in refused(*paths, latin))

end()
