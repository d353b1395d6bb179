"""Files for one role hold the columns of its allow-list and nothing else.

    roles.py PROGRAM

The lists stand here a second time, on purpose: a column that is added to the program's must be
added here by somebody who has thought about it."""
import pathlib
import re
import tempfile
import zipfile

from csv_file import read
from expectations import end, expect
from program import run
from workbook import head_name, head_of, listed, tables

COUNTS = "目标人数 T|非应测 E|应测 D|实测 C|参测率|有效 V|有效率".split("|")
HOMEROOM = ["年级", "班级", "姓名", "是否完成", "关怀提示"]
KEY_LIST = ("序号|学校标识码|学校|年级|班级|姓名|学籍号后四位|系统等级|复核等级|命中规则|建议时限|访谈结论|"
            "监护人是否知情|联系人 （学校）|转介去向").split("|")
OUTCOME = re.compile("(.级预警|合计).*|重点题人数|未能判定|待复测")


def head(rows, number=1):
    return [head_name(text) for _, text in sorted(rows[number].items(), key=lambda cell: (len(cell[0]), cell[0]))]


def package_text(path):
    with zipfile.ZipFile(path) as package:
        return "\n".join(package.read(name).decode("utf-8") for name in package.namelist())


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run("simulate", "--plan", "district_demo", "--students", 1500, "--schools", 4, "--seed", 3, "--out", scratch / "in")
    given = ["--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv"]
    answers = sorted((scratch / "in").glob("responses_*.csv"))
    out = scratch / "out"
    run("score", *given, "--out", out, "--for", "班主任,leader,centre,bureau,psychology", *answers)
    roster = read(scratch / "in/roster.csv")
    scores = read(out / "scores.csv")
    ids = {r["student"] for r in scores}
    codes = {r["学籍号"] for r in roster}
    rules = {rule for r in scores for rule in r["rules"].split(";") if rule}
    names = {r["姓名"] for r in roster}

    # ---- class teachers
    files = sorted((out / "roles/homeroom").rglob("*.xlsx"))
    classes = {(r["学校标识码"], r["年级"], r["班级"]) for r in roster}
    expect("a file for every class", len(files) == len(classes), f"{len(files)} of {len(classes)}")
    seen = care = 0
    for path in files:
        book = tables(path)
        where = str(path.relative_to(out))
        expect(f"{where}: two sheets", list(book) == ["说明", "班级关怀"], list(book))
        rows = book["班级关怀"]
        expect(f"{where}: the five columns", head(rows) == HOMEROOM, head(rows))
        lines = listed(rows, 1)
        seen += len(lines)
        expect(f"{where}: one class", len({(line["年级"], line["班级"]) for line in lines}) == 1)
        expect(f"{where}: known words only",
               {line["是否完成"] for line in lines} <= {"是", "否", "不参加"} and
               {line.get("关怀提示", "") for line in lines} <= {"需关注", "常规", ""})
        care += sum(line.get("关怀提示") == "需关注" for line in lines)
        text = package_text(path)
        words = set(re.findall(r"[a-z0-9_.]{4,}", text))
        expect(f"{where}: no id, no rule, no level", not (words & (ids | rules)) and not any(c in text for c in codes) and
               "级预警" not in text and "MHT" not in text and "PHQ" not in text)
        mine = {line["姓名"] for line in lines}
        others = {r["姓名"] for r in roster if r["学校标识码"] == path.parent.name} - mine
        expect(f"{where}: nobody of another class", not any(f">{name}<" in text for name in others))
    expect("every student is in one class file", seen == len(roster), f"{seen} of {len(roster)}")
    alerts = [tables(path)["预警名单"] for path in (out / "schools").glob("[!_]*.xlsx")]
    on_lists = sum(len(listed(rows, head_of(rows))) for rows in alerts)
    expect("who needs care is who is on a warning list", care == on_lists > 0, f"{care} and {on_lists}")

    # ---- sums
    for path in sorted((out / "roles/leader").glob("*.xlsx")) + [out / "roles/bureau/summary.xlsx"]:
        book = tables(path)
        text = package_text(path)
        expect(f"{path.name}: no name, no id", not any(f">{name}<" in text for name in names) and
               not any(i in text for i in ids) and not any(c in text for c in codes))
        for sheet, rows in book.items():
            if sheet in ("说明", "字段说明"):
                continue
            unknown = [h for h in head(rows) if h not in COUNTS and not OUTCOME.fullmatch(h) and
                       h not in ("年级", "班级", "学段", "性别", "学校标识码", "学校名称", "城乡", "已访谈", "访谈率", "转介人数", "抑制标记")]
            expect(f"{path.name} {sheet}: known columns only", not unknown, unknown)
    expect("a file for every head", len(list((out / "roles/leader").glob("*.xlsx"))) == 4)

    # ---- the centre
    rows = tables(out / "roles/centre/key_list.xlsx")["区级重点名单"]
    expect("the sealed list: its columns", head(rows) == KEY_LIST, head(rows))
    worst = [r for r in scores if r["tier"] == "3"]
    lines = listed(rows, 1)
    expect("the sealed list: the worst tier", len(lines) == len(worst) > 0, f"{len(lines)} of {len(worst)}")
    expect("the sealed list: no whole number", not any(c in package_text(out / "roles/centre/key_list.xlsx") for c in codes))

    # ---- only when asked for, and the fixed files stay as they are
    run("score", *given, "--out", scratch / "plain", *answers)
    expect("nothing that was not asked for", not (scratch / "plain/roles").exists())
    same = [p for p in (scratch / "plain").rglob("*.xlsx")
            if p.read_bytes() != (out / p.relative_to(scratch / "plain")).read_bytes()]
    expect("the fixed files are the same", not same and
           (scratch / "plain/scores.csv").read_bytes() == (out / "scores.csv").read_bytes(), same)
    for threads in (1, 3):
        run("score", *given, "--out", scratch / f"t{threads}", "--threads", threads, "--for", "homeroom,centre", *answers)
    a, b = (sorted((scratch / f"t{n}/roles").rglob("*.xlsx")) for n in (1, 3))
    expect("the same bytes on any number of threads", [p.read_bytes() for p in a] == [p.read_bytes() for p in b])
    planned = (scratch / "in/plan.yaml").read_text(encoding="utf-8")
    (scratch / "in/roles.yaml").write_text(planned.replace("small_cell: 5", "small_cell: 5, roles: [leader, bureau]"),
                                          encoding="utf-8")
    run("score", "--plan", scratch / "in/roles.yaml", "--roster", scratch / "in/roster.csv", "--out", scratch / "planned", *answers)
    expect("a plan can ask", sorted(p.name for p in (scratch / "planned/roles").iterdir()) == ["bureau", "leader"])
    (scratch / "in/nameless.yaml").write_text(planned.replace(", schools: names", ""), encoding="utf-8")
    done = run("score", "--plan", scratch / "in/nameless.yaml", "--roster", scratch / "in/roster.csv", "--out", scratch / "no",
               "--for", "homeroom", *answers, code=(2, 3, 4))
    expect("no names, no class files", "names" in done.stderr and not list((scratch / "no").rglob("*.xlsx")), done.stderr)
    done = run("score", *given, "--out", scratch / "no", "--for", "neighbour", *answers, code=(2,))
    expect("an unknown role is refused", "neighbour" in done.stderr, done.stderr)

end()
