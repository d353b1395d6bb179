"""Two publications of one wave: what both together would tell about few pupils is not in the second.

    publications.py PROGRAM

The first is made of most pupils, the second with some more, or with other answers of one. What the second shows is
compared with published.csv of the first and with who has really changed; published.csv itself with the workbook."""
import csv
import pathlib
import random
import subprocess
import sys
import tempfile

import twice_plan
from csv_file import write
from expectations import end, expect, expect_same
from workbook import head_name, tables

PROGRAM = sys.argv[1]
PLAN = twice_plan.HEAD + twice_plan.TIERS + """outputs: {roles: [leader, bureau]}
"""
HEAD = ["id", "school", "grade", "class", "sex"]
BASES = ("target", "exempt", "tested", "valid")


def run(folder, name, sheets, *options):
    """Exit, numbers by place, findings about an earlier publication."""
    write(folder / "answers.csv", [[*HEAD, *[f"P{i}" for i in range(1, 10)]], *sheets])
    out = folder / name
    done = subprocess.run([PROGRAM, "score", "-q", *options, "--plan", folder / "plan.yaml", "--roster", folder / "roster.csv",
                           "--out", out, folder / "answers.csv"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return done.returncode, done.stderr, []
    with open(out / "published.csv", encoding="utf-8", newline="") as file:
        numbers = {(row["sheet"], row["row"], row["figure"]): row["value"] for row in csv.DictReader(file)}
    with open(out / "findings.csv", encoding="utf-8", newline="") as file:
        told = [row["severity"] for row in csv.DictReader(file) if row["rule"] == "published_difference"]
    return done.returncode, numbers, told


def as_printed(folder, name, numbers):
    """published.csv says what 学校汇总 prints, line by line."""
    rows = tables(folder / name / "district.xlsx")["学校汇总"]
    heads = {column: head_name(text) for column, text in rows[1].items()}
    code = next(c for c, text in heads.items() if text.startswith("学校标识码"))
    tested = next(c for c, text in heads.items() if "C" in text and "实测" in text)
    listed = next(c for c, text in heads.items() if text.startswith("各等级合计") or "合计" in text)
    seen = 0
    for number in sorted(rows)[1:]:
        row = rows[number]
        if ("school", row.get(code, ""), "tested") not in numbers:
            continue
        seen += 1
        expect_same(f"{row[code]} tested", numbers["school", row[code], "tested"], row.get(tested))
        expect_same(f"{row[code]} listed", numbers["school", row[code], "any.listed"], row.get(listed))
    expect_same("schools of the workbook", len({r for s, r, _ in numbers if s == "school"}), seen)


def cells_of(folder, name):
    """Numbers of 学校汇总 and 年级性别 line by line, as a reader of the workbook has them, and as published.csv has."""
    book, seen = tables(folder / name / "district.xlsx"), {}
    with open(folder / name / "published.csv", encoding="utf-8", newline="") as file:
        numbers = [(row["sheet"], row["row"], row["figure"], row["value"]) for row in csv.DictReader(file)]
    for sheet, sources in (("学校汇总", ("school", "district")), ("年级性别", ("grade", "district"))):
        rows = book[sheet]
        heads = {head_name(text): column for column, text in rows[1].items()}
        tiers = [h for h in heads if h.endswith("名单人数") and not h.startswith("合计")]
        figures = {"tested": "实测 C", "valid": "有效 V", "any.listed": "合计名单人数", "critical": "重点题人数",
                   "not_judged": "未能判定", "retest": "待复测",
                   **{f"tier{len(tiers) - i}.listed": h for i, h in enumerate(tiers)}}
        # The worst tier stands first, and has the highest rank; everybody is the last line of both.
        lines = [row for number, row in sorted(rows.items()) if number > 1 and row.get(heads["有效 V"], "").isdigit()]
        keys = []
        for source, key, *_ in numbers:
            if source in sources and (source, key) not in keys:
                keys.append((source, key))
        keys.sort(key=lambda k: k[0] == "district")
        expect(f"{name} {sheet}: as many lines", len(keys) == len(lines), (len(keys), len(lines)))
        for key, line in zip(keys, lines):
            for figure, head in figures.items():
                seen[(*key, figure)] = line.get(heads[head], "")
    return seen, {n[:3]: n[3] for n in numbers}


def check(what, pupils, changed, first, second):
    """Rows with somebody changed are hidden but for the district's; of the others no more is shown than was."""
    sexes = {"m": "1", "f": "2"}
    rows = set()
    for pupil in pupils:
        if pupil[0] in changed:
            rows |= {("school", pupil[1]), ("grade", f"{pupil[2]}/255"), ("grade", f"{pupil[2]}/{sexes[pupil[4]]}")}
    looked = 0
    for (sheet, row, figure), value in second.items():
        if figure in BASES or sheet not in ("school", "grade", "district") or value == "*":
            continue
        before = first.get((sheet, row, figure))
        looked += 1
        told = f"{sheet} {row} {figure} shows {before} and {value}"
        if (sheet, row) in rows and figure != "retest":
            expect(what, value == before, told)
        elif (sheet, row) not in rows and sheet != "district":
            expect(what, before != "*", told)
        if sheet == "district" and before is not None and before != value:
            expect(what, before != "*" and abs(int(value) - int(before)) >= 5, told)
    return looked


with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    chance = random.Random(5)
    pupils = [[f"s{i}", f"S{i % 6}", 7 + i // 6 % 3, 1, "mf"[i // 18 % 2]] for i in range(900)]
    answers = {p[0]: [min(3, max(0, chance.choice([0, 0, 1, 2, 3]) + 0)) for _ in range(1)] * 8 + [0] for p in pupils}
    write(folder / "roster.csv", [HEAD, *pupils])

    def sheets(without=(), other=None):
        return [[*p, *((other or {}).get(p[0]) or answers[p[0]])] for p in pupils if p[0] not in without]

    late = {p[0] for p in pupils[-3:]}
    many = {p[0] for p in pupils[::5]}
    code, first, _ = run(folder, "first", sheets(late))
    as_printed(folder, "first", first)
    publication = folder / "first" / "published.csv"
    earlier = ("--previous-publication", publication)
    expect_same("the same again is the same", (code, first, []), run(folder, "again", sheets(late), *earlier))

    _, second, told = run(folder, "second", sheets(), *earlier)
    expect_same("three more are told", ["warning"], told)
    expect_same("three more: looked at", True, check("three more", pupils, late, first, second) > 50)
    expect_same("three more take the district's line", "*", second["district", "", "any.listed"])
    expect_same("without the earlier one it is there", False, run(folder, "alone", sheets())[1]["district", "", "any.listed"] == "*")
    expect_same("and its leaders'", "*", second["leader " + pupils[-1][1], f"{pupils[-1][2]}/255", "any.listed"])

    one = pupils[7][0]
    _, mended, told = run(folder, "mended", sheets(late, {one: [3] * 9}), *earlier)
    expect_same("one corrected is told", ["warning"], told)
    check("one corrected", pupils, {one}, first, mended)
    expect_same("one corrected takes the district's line", "*", mended["district", "", "any.listed"])

    _, most, _ = run(folder, "most", sheets(many))
    _, all_of_them, told = run(folder, "all", sheets(), "--previous-publication", folder / "most" / "published.csv")
    expect_same("many more are told", ["warning"], told)
    check("many more", pupils, many, most, all_of_them)
    expect_same("of many the district's line is told", False, all_of_them["district", "", "any.listed"] == "*")

    # ---- three publications: the third is held beside both that were handed out
    run(folder, "one", sheets(many | late))
    one_and = ("--previous-publication", folder / "one" / "published.csv")
    _, two_of, _ = run(folder, "two", sheets(late), *one_and)
    two_and = ("--previous-publication", folder / "two" / "published.csv")
    _, third, told = run(folder, "three", sheets(), *one_and, *two_and)
    expect_same("the third is told", ["warning"], told)
    expect_same("whichever was named first", third, run(folder, "turned", sheets(), *two_and, *one_and, *two_and)[1])
    expect_same("and the same workbook", (folder / "three/district.xlsx").read_bytes(), (folder / "turned/district.xlsx").read_bytes())
    for what, changed, before in (("third and first", many | late, "one"), ("third and second", late, "two")):
        of_before, _ = cells_of(folder, before)
        now, published = cells_of(folder, "three")
        expect(f"{what}: the workbook is published.csv", all(now[k] == published[k] for k in now),
               [(k, now[k], published[k]) for k in now if now[k] != published[k]][:3])
        looked = check(what, pupils, changed, of_before, now)
        expect(f"{what}: looked at", looked > 5 and len(now) > 100, (looked, len(now)))
    _, only_first, _ = run(folder, "only", sheets(), *one_and)
    expect("beside the first alone more would be told", sum(v == "*" for v in only_first.values()) < sum(v == "*" for v in third.values()))
    (folder / "plan.yaml").write_text(
        PLAN.replace("  roster:\n", "  previous_publication: [two/published.csv, one/published.csv]\n  roster:\n", 1), encoding="utf-8")
    expect_same("the plan may name both", third, run(folder, "planned", sheets())[1])
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")

    code, message, _ = run(folder, "broken", sheets(), "--previous-publication", folder / "first" / "scores.csv")
    expect_same("something else is refused", (3, True), (code, "published.csv" in message))
    # ---- what is not the file that was handed out
    text = publication.read_text(encoding="utf-8")
    lines = text.splitlines()
    shown = next(i for i, line in enumerate(lines) if line.startswith("school,S1,any.listed,") and not line.endswith("*"))
    hidden = next(i for i, line in enumerate(lines) if line.endswith(",*"))
    turned = [",".join([*line.split(",")[1:], line.split(",")[0]]) for line in lines]
    edits = {
        "a number changed": [*lines[:shown], lines[shown] + "0", *lines[shown + 1:]],
        "a hidden number filled in": [*lines[:hidden], lines[hidden][:-1] + "3", *lines[hidden + 1:]],
        "text in a number": [*lines[:shown], lines[shown] + " pupils", *lines[shown + 1:]],
        "a line left out": [*lines[:hidden], *lines[hidden + 1:]],
        "cut off": lines[:len(lines) // 2],
        "the last line lost": lines[:-1],
        "a line twice": [*lines[:shown], lines[shown], *lines[shown:]],
        "a line twice behind the last": [*lines, lines[shown]],
        "two lines changed about": [*lines[:shown], lines[shown + 1], lines[shown], *lines[shown + 2:]],
        "columns in another order": turned,
        "a column more": [line + "," for line in lines],
        "nothing": [],
    }
    edited = folder / "edited.csv"
    for what, of in edits.items():
        edited.write_text("".join(line + "\n" for line in of), encoding="utf-8")
        code, message, _ = run(folder, "edited", sheets(), "--previous-publication", edited)
        expect_same(f"{what}: refused", (3, False), (code, (folder / "edited").exists()))
    # Line ends, a byte order mark and quotes change no number.
    quoted = ['"' + line.replace(",", '","') + '"' for line in lines]
    for what, of in (("CRLF", "\r\n".join(lines) + "\r\n"), ("BOM", "\ufeff" + text), ("quotes", "\n".join(quoted) + "\n"), ("no last line end", text[:-1])):
        edited.write_bytes(of.encode("utf-8"))
        expect_same(f"{what}: read", second, run(folder, what, sheets(), "--previous-publication", edited)[1])
    strange = [[p[0], "T" + p[1][1:], *p[2:]] for p in pupils]
    write(folder / "roster.csv", [HEAD, *strange])
    code, message, _ = run(folder, "strange", [[*p, *answers[p[0]]] for p in strange], *earlier)
    expect_same("another district is refused", (3, True), (code, "none of these schools" in message))
    write(folder / "roster.csv", [HEAD, *pupils])
    (folder / "plan.yaml").write_text(PLAN.replace("2026-autumn", "2027-spring"), encoding="utf-8")
    code, message, _ = run(folder, "spring", sheets(), *earlier)
    expect_same("another wave is refused", (3, True), (code, "2026-autumn" in message))
    (folder / "plan.yaml").write_text(
        PLAN.replace("  roster:\n", f"  previous_publication: first/published.csv\n  roster:\n", 1), encoding="utf-8")
    expect_same("the plan may name it", second, run(folder, "named", sheets())[1])

end()
