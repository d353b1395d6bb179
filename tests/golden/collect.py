"""Ledgers that people filled in, moved about and damaged are collected as they were written.

    collect.py PROGRAM

What was written is kept here beside the workbooks, and counted a second time."""
import datetime
import pathlib
import random
import stat
import subprocess
import tempfile

from csv_file import read
from expectations import end, expect
from program import PROGRAM, run
from edit_workbook import Book
from workbook import tables

LEDGER, ALERTS = "跟进台账", "预警名单"
DAY = datetime.date
STATES = {"待复核": "to review", "跟进中": "in progress", "观察中": "watching", "已转介": "referred", "在治": "in treatment",
          "已结案": "closed", "重新打开": "reopened"}


def found(done):
    """Rules of the findings that were shown."""
    return sorted(line.rsplit("[", 1)[1].rstrip("]") for line in done.stderr.splitlines()
                  if line.endswith("]") and ": " in line)


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run("simulate", "--plan", "district_demo", "--students", 900, "--schools", 4, "--seed", 11, "--out", scratch / "in", code=0)
    plan = ["--plan", scratch / "in/plan.yaml"]
    answers = sorted((scratch / "in").glob("responses_*"))
    subprocess.run([PROGRAM, "score", *map(str, plan), "--roster", scratch / "in/roster.csv", "--out", scratch / "out",
                    "--quiet", *answers], check=False)
    out, books = scratch / "out", sorted((scratch / "out/schools").glob("[0-9]*.xlsx"))
    scores = {(r["school"], r["student"]): r for r in read(out / "scores.csv")}
    entries, counts = scratch / "ledger.csv", scratch / "counts.csv"

    def collect(*files, code=0, more=()):
        return run("collect", *plan, "--out", entries, "--counts", counts, *more, out, *files, code=code)

    # ---- untouched: every case once, nothing to tell
    done = collect()
    rows = read(entries)
    expect("an untouched ledger has no findings", found(done) == [], done.stderr)
    expect("nothing was touched", {r["touched"] for r in rows} == {"false"})
    expect("every case stands once", len({r["case_id"] for r in rows}) == len(rows))
    tiers = [(k, r["tier"]) for k, r in scores.items() if r["tier"] not in ("", "0")]
    listed = {(r["school"], r["student_code"]) for r in rows}
    expect("whoever has a tier has a case", all(k in listed for k, _ in tiers))
    expect("the tier is that of scores.csv", all(r["tier"] == scores[r["school"], r["student_code"]]["tier"] for r in rows))
    expect("only the owner may read it", stat.S_IMODE(entries.stat().st_mode) == 0o600)
    expect("counts add up", sum(int(r["cases"]) for r in read(counts)) == len(rows))
    expect("nobody's number in the counts", not any(r["student_code"] in counts.read_text() for r in rows))

    # ---- filled in by people who sort, insert and type
    random.seed(5)
    written = {}  # (school, student) -> what became of the case
    for number, path in enumerate(books):
        book = Book(path)
        head = book.columns(LEDGER, 1)
        last = max(book.rows(LEDGER))
        if number == 1:  # whoever made a column narrower broke its head
            book.put(LEDGER, 1, head["主要事实"], "主要\n事实 \nFacts")
            book.put(LEDGER, 1, head["当前状态"], "当前状态 \n")
        cases = [n for n in sorted(book.rows(LEDGER)) if n > 1 and book.rows(LEDGER)[n].get(head["案例编号"])]
        free = max(cases) + 1
        for n in cases:
            row = book.rows(LEDGER)[n]
            who = (path.stem, row[head["学生编号"]])
            state = random.choice(list(STATES))
            one = written[who] = {"state": STATES[state], "interviewed": False, "guardian": False, "referred": False,
                                  "contacts": 1, "text": ""}
            book.put(LEDGER, n, head["当前状态"], state)
            if random.random() < .5:
                book.put(LEDGER, n, head["日期"], DAY(2026, 10, random.randint(10, 28)))
                book.put(LEDGER, n, head["方式"], "访谈")
                book.put(LEDGER, n, head["主要事实"], "=CMD|' /C calc'!A0" if n % 3 else "第一行\n第二行，“引号”\"x\"")
                one["interviewed"] = True
            if random.random() < .3:
                book.put(LEDGER, n, head["已告知监护人"], random.choice(["是", "否", "拒绝"]))
                one["guardian"] = book.tree(LEDGER) is not None and [
                    c for c in book.row(LEDGER, n) if c.get("r") == head["已告知监护人"] + str(n)][0][0][0].text == "是"
            if random.random() < .2:
                book.put(LEDGER, n, head["转介"], "已转")
                one["referred"] = True
            if random.random() < .3 and free <= last:  # a second contact in one of the empty rows
                book.put(LEDGER, free, head["案例编号"], row[head["案例编号"]])
                book.put(LEDGER, free, head["记录序号"], 2)
                book.put(LEDGER, free, head["当前状态"], "已结案")
                book.put(LEDGER, free, head["日期"], "2026年11月3日" if number % 2 else DAY(2026, 11, 3))
                one["state"], one["contacts"] = "closed", 2
                free += 1
        if number == 1:  # rows moved about: number them from the bottom
            order = list(range(2, free))
            for k, n in enumerate(order):
                book.copy_row(LEDGER, n, 5000 + len(order) - k)
            for n in order:
                book.take_out(LEDGER, n)
        book.save(scratch / f"{path.stem} 已填.xlsx")
    edited = sorted(scratch.glob("*已填.xlsx"))
    before = [p.read_bytes() for p in edited]
    done = collect(*edited, more=["--as-of", "2026-11-30"])
    expect("no findings about what is in order", found(done) == [], done.stderr)
    expect("workbooks are only read", before == [p.read_bytes() for p in edited])
    rows = read(entries)
    per_case = {}
    for row in rows:
        per_case.setdefault((row["school"], row["student_code"]), []).append(row)
    expect("every case is there", set(per_case) == set(written))
    expect("every contact is there", all(len(per_case[k]) == w["contacts"] for k, w in written.items()))
    expect("the last state", all(per_case[k][-1]["status"] == w["state"] for k, w in written.items()))
    expect("contacts in their order", all([r["seq"] for r in per_case[k]] == ["1", "2"][:w["contacts"]]
                                          for k, w in written.items()))
    expect("dates in one form", {r["date"] for r in rows if r["seq"] == "2"} == {"2026-11-03"})
    facts = {r["facts"] for r in rows if r["facts"]}
    expect("free text as it was written, no formula", facts == {"'=CMD|' /C calc'!A0", "第一行\n第二行，“引号”\"x\""}, facts)
    for row in read(counts):
        mine = [w for k, w in written.items() if k[0] == row["school"] and scores[k]["tier"] == row["tier"]]
        own = {"cases": len(mine), "interviewed": sum(w["interviewed"] for w in mine),
               "guardian_informed": sum(w["guardian"] for w in mine),
               "referred": sum(w["referred"] or w["state"] == "referred" for w in mine),
               "in_treatment": sum(w["state"] == "in treatment" for w in mine)}
        for state, column in zip(STATES.values(), ["to_review", "in_progress", "watching", "state_referred",
                                                   "state_in_treatment", "closed", "reopened"]):
            own[column] = sum(w["state"] == state for w in mine)
        expect(f"counts of {row['school']} tier {row['tier']}", all(int(row[k]) == v for k, v in own.items()), f"{row} {own}")
    again = entries.read_bytes()
    collect(*reversed(edited), more=["--as-of", "2026-11-30"])
    expect("the order of files changes nothing", entries.read_bytes() == again)

    # ---- carried into new workbooks: a run again, with what came in since, begins with what schools had written
    carried = scratch / "carried"
    book = Book(edited[0])
    top = next(n for n, row in sorted(book.rows(ALERTS).items()) if any(t.startswith("案例编号") for t in row.values()))
    alert = book.columns(ALERTS, top)
    book.put(ALERTS, top + 1, alert["访谈人"], "+86 王老师")
    book.put(ALERTS, top + 1, alert["访谈日期"], DAY(2026, 10, 21))
    book.put(ALERTS, top + 1, alert["访谈结论"], "重点关注")
    book.put(ALERTS, top + 1, alert["复核等级"], "二级预警")
    book.put(ALERTS, top + 1, alert["备注"], "=1+1")
    book.save(scratch / f"{books[0].stem} 已填.xlsx")
    collect(*edited)
    def again_with(out, *more, code=(0, 1), roster="roster.csv"):
        done = subprocess.run([PROGRAM, "score", *map(str, plan), "--roster", str(scratch / "in" / roster), "--out", str(out),
                               "--quiet", "--entries", str(entries), *map(str, more), *map(str, answers)],
                              capture_output=True, text=True)
        expect(f"score --entries {more}", done.returncode in code, (done.returncode, done.stderr[-300:]))
        return done
    again_with(carried)
    first = read(entries)
    run("collect", *plan, "--out", scratch / "second.csv", carried, code=0)
    second = read(scratch / "second.csv")
    def core(rows):
        return sorted(tuple((k, v) for k, v in sorted(r.items()) if k not in ("file", "row", "grade", "class")) for r in rows)
    expect("every entry is in the new workbooks", core(first) == core(second),
           [x for x in core(first) if x not in core(second)][:1] + [x for x in core(second) if x not in core(first)][:1])
    expect("those of the warning list, too", any(r["sheet"] == "alert_list" and r["interviewer"] == "'+86 王老师" and
                                                 r["tier_final"] and r["note"] == "'=1+1" for r in second))
    import zipfile
    for path in sorted((carried / "schools").glob("[0-9]*.xlsx")):
        with zipfile.ZipFile(path) as package:
            expect(f"{path.name}: no formula", not any(b"<f>" in package.read(n) or b"<f " in package.read(n)
                                                       for n in package.namelist() if "worksheets/sheet" in n))
    again_with(scratch / "carried4", "--threads", "4")
    expect("the same bytes on any number of threads", all(
        p.read_bytes() == (scratch / "carried4/schools" / p.name).read_bytes() for p in (carried / "schools").glob("*.xlsx")))
    expect("another scores.csv it is not", (carried / "scores.csv").read_bytes() == (out / "scores.csv").read_bytes())
    # 处置进度 of the district, from the entries or from their counts: the same table, and the same published.
    run("collect", *plan, "--out", scratch / "dated.csv", "--counts", counts, "--as-of", "2026-11-30", out, *edited)
    progress = {}
    for name, given in (("counts", ["--counts", counts]), ("entries", ["--entries", scratch / "dated.csv"]),
                        ("undated", ["--entries", entries])):
        subprocess.run([PROGRAM, "score", *map(str, plan), "--roster", str(scratch / "in/roster.csv"), "--out",
                        str(scratch / f"by_{name}"), "--quiet", *map(str, given), *map(str, answers)], check=False)
        progress[name] = [sorted(row.items()) for _, row in sorted(tables(scratch / f"by_{name}/district.xlsx")["处置进度"].items())]
    expect("progress from entries is that from counts", progress["entries"] == progress["counts"],
           [pair for pair in zip(progress["entries"], progress["counts"]) if pair[0] != pair[1]][:1])
    expect("and published so", (scratch / "by_entries/published.csv").read_bytes() == (scratch / "by_counts/published.csv").read_bytes())
    said = {(r["row"], r["figure"]): r["value"] for r in read(scratch / "by_entries/published.csv") if r["sheet"] == "process all"}
    summed = {k: sum(int(r[k]) for r in read(counts)) for k in ("cases", "interviewed", "referred", "closed", "overdue")}
    expect("of the district what the counts add up to", all(said["", k] in ("*", str(n)) for k, n in summed.items()) and
           said["", "interviewed"] != "*", f"{said} {summed}")
    expect("without a day nothing is overdue", [r["value"] for r in read(scratch / "by_undated/published.csv")
                                                if r["sheet"] == "process all" and r["figure"] == "overdue"][:1] == ["—"])

    # A plan in which hardly anybody is listed any more: the cases stay in the ledger.
    loose = (scratch / "in/plan.yaml").read_text(encoding="utf-8").replace("mht.total >= 65", "mht.total >= 89").replace(
        "mht.total >= 56", "mht.total >= 88")
    (scratch / "in/loose.yaml").write_text(loose, encoding="utf-8")
    subprocess.run([PROGRAM, "score", "--plan", str(scratch / "in/loose.yaml"), "--roster", str(scratch / "in/roster.csv"), "--out",
                    str(scratch / "loose"), "--quiet", "--entries", str(entries), *map(str, answers)], check=False)
    kept = 0
    for path in sorted((scratch / "loose/schools").glob("[0-9]*.xlsx")):
        book = Book(path)
        head = book.columns(LEDGER, 1)
        kept += sum(1 for n, row in book.rows(LEDGER).items() if n > 1 and row.get(head["案例编号"]))
        names = {row.get(head["案例编号"]) for row in book.rows(LEDGER).values()}
        mine = {r["case_id"] for r in first if r["school"] == path.stem and r["touched"] == "true"}
        expect(f"{path.name}: cases off the list stay in the ledger", mine <= names, len(mine - names))
    expect("there were such", kept > 0)
    # Rows of nobody are told, not taken; a file of another kind is refused.
    lines = entries.read_text(encoding="utf-8").splitlines()
    (scratch / "strange.csv").write_text(lines[0] + "\n" + ",".join(
        {"file": "x.xlsx", "sheet": "follow_up", "row": "9", "school": "nowhere", "case_id": "C-0000-0000-0000", "touched": "true",
         "facts": "x"}.get(k, "") for k in lines[0].split(",")) + "\n", encoding="utf-8")
    done = subprocess.run([PROGRAM, "score", *map(str, plan), "--roster", str(scratch / "in/roster.csv"), "--out",
                           str(scratch / "strange"), "--entries", str(scratch / "strange.csv"), *map(str, answers)],
                          capture_output=True, text=True)
    expect("an entry of no school is told", "entry_left_out" in (scratch / "strange/findings.csv").read_text(encoding="utf-8"))
    for name, text in (("empty", ""), ("other", "school,tier\n1,2\n"), ("short", lines[0] + "\nx,y\n"), ("nul", lines[0] + "\n\0\n")):
        (scratch / f"{name}.csv").write_text(text, encoding="utf-8")
        done = run("score", *plan, "--roster", scratch / "in/roster.csv", "--out", scratch / f"no_{name}", "--entries",
                   scratch / f"{name}.csv", *answers, code=3)
        expect(f"{name}: refused", "entries of ledgers" in done.stderr and not (scratch / f"no_{name}/scores.csv").exists(), done.stderr)
    # A workbook in which somebody has worked is never written over, with the entries or without.
    worked = sorted((scratch / "carried/schools").glob("[0-9]*.xlsx"))[0]
    book = Book(worked)
    book.put(LEDGER, 2, book.columns(LEDGER, 1)["主要事实"], "又写了一句")
    book.save(worked)
    edited_bytes = worked.read_bytes()
    again_with(carried, code=(4,))
    again_with(carried, "--force", code=(4,))
    expect("a workbook that was worked in stays", worked.read_bytes() == edited_bytes)

    # ---- what goes wrong
    book = Book(books[0])
    top = next(n for n, row in sorted(book.rows(ALERTS).items()) if any(t.startswith("案例编号") for t in row.values()))
    head, alert = book.columns(LEDGER, 1), book.columns(ALERTS, top)
    ids = [n for n in sorted(book.rows(LEDGER)) if n > 1 and book.rows(LEDGER)[n].get(head["案例编号"])]
    a, b, c, d, e, f, g = ids[:7]
    free = max(ids) + 1
    cell = book.rows(LEDGER)
    book.put(LEDGER, a, head["当前状态"], "张三说还好")                       # no word of the list
    book.put(LEDGER, b, head["下次跟进"], "下周")                             # no date
    book.put(LEDGER, c, head["案例编号"], cell[d][head["案例编号"]])          # a column that was sorted alone
    book.put(LEDGER, e, head["案例编号"], None)                               # number taken out, student there
    book.take_out(LEDGER, f)                                                  # a row taken out
    book.copy_row(LEDGER, g, free)                                            # a row twice
    book.put(LEDGER, free + 1, head["主要事实"], "不知是谁")                  # nobody's row
    book.put(LEDGER, a, head["学生编号"], "someone else")                     # what the program wrote, changed
    book.put(LEDGER, 1, head["医院反馈"], "别的列")                           # a head that was renamed
    alerts = book.rows(ALERTS)
    first = next(n for n in sorted(alerts) if n > top and alerts[n].get(alert["案例编号"]) == cell[b][head["案例编号"]])
    book.put(LEDGER, b, head["当前状态"], "观察中")
    book.put(ALERTS, first, alert["状态"], "已结案")                          # two sheets, two states
    book.put(ALERTS, first, alert["访谈日期"], DAY(2026, 10, 20))
    book.save(scratch / "bad.xlsx")
    done = collect(scratch / "bad.xlsx", code=1)
    want = sorted(["unknown_value", "bad_date", "case_edited", "case_filled_in", "row_missing", "row_missing", "row_repeated",
                   "case_unknown", "row_edited", "column_missing", "state_differs", "workbook_missing", "workbook_missing",
                   "workbook_missing"])
    expect("each thing that is wrong is told once", found(done) == want, f"{found(done)}\n{done.stderr}")
    expect("with the name of its cell", f"cell {head['当前状态']}{a} " in done.stderr, done.stderr)
    expect("no word of anybody's is quoted", "张三" not in done.stderr and "下周" not in done.stderr)
    rows = read(entries)
    expect("the unknown word is kept", any(r["status"] == "张三说还好" for r in rows))
    expect("and so is the unclear date", any(r["next_date"] == "下周" for r in rows))
    expect("nobody's row is kept, with its problem", [r["problem"] for r in rows if r["facts"] == "不知是谁"] == ["case_unknown"])
    expect("the sorted row is counted nowhere", [r["problem"] for r in rows if r["row"] == str(c)] == ["case_edited"])
    expect("an interview on the warning list is collected",
           [(r["sheet"], r["date"], r["status"]) for r in rows if r["sheet"] == "alert_list"] == [("alert_list", "2026-10-20", "closed")])

    # ---- workbooks with passwords, and a copy without; the same one twice
    subprocess.run([PROGRAM, "score", *map(str, plan), "--roster", scratch / "in/roster.csv", "--out", scratch / "sealed",
                    "--quiet", "--new-passwords", scratch / "pw.csv", *answers], check=False)
    run("collect", *plan, "--out", scratch / "a.csv", "--passwords", scratch / "pw.csv", scratch / "sealed", code=0)
    collect()
    expect("the same from workbooks with passwords", (scratch / "a.csv").read_bytes() == entries.read_bytes())
    done = run("collect", *plan, "--out", scratch / "b.csv", scratch / "sealed", code=3)
    expect("a password is asked for", "--passwords" in done.stderr and not (scratch / "b.csv").exists())
    wrong = (scratch / "pw.csv").read_text().splitlines()
    (scratch / "wrong.csv").write_text("\n".join(line[:-1] + ("0" if line[-1] != "0" else "1") if "," in line and i else line
                                                 for i, line in enumerate(wrong)) + "\n")
    done = run("collect", *plan, "--out", scratch / "b.csv", "--passwords", scratch / "wrong.csv", scratch / "sealed", code=3)
    expect("a wrong one is refused", "does not open" in done.stderr)
    sealed = sorted((scratch / "sealed/schools").glob("[0-9]*.xlsx"))[0]
    spoiled = bytearray(sealed.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    (scratch / sealed.name).write_bytes(spoiled)
    done = run("collect", *plan, "--out", scratch / "b.csv", "--passwords", scratch / "pw.csv", scratch / "sealed",
               scratch / sealed.name, code=3)
    expect("a changed byte is refused", "damaged or was changed" in done.stderr, done.stderr)
    done = collect(books[0], books[1], books[2], books[3], books[0])
    expect("a workbook named twice is read once", found(done) == ["workbook_repeated"] and
           len(read(entries)) == len(read(scratch / "a.csv")))
    (scratch / "text.xlsx").write_text("no workbook")
    run("collect", *plan, "--out", scratch / "b.csv", out, scratch / "text.xlsx", code=3)
    run("collect", *plan, "--out", scratch / "b.csv", "--as-of", "someday", out, code=2)

end()
