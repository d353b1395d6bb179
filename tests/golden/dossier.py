"""A dossier over two waves says what the scores.csv of both say, compares what may be compared,
and calls a change reliable exactly when the formula does.

    dossier.py PROGRAM"""
import csv
import hashlib
import io
import json
import math
import pathlib
import shutil
import tempfile

from expectations import end, expect
from program import run
from workbook import head_name, listed, tables

RELIABILITY, SD = 0.84, 4.9


def scores(directory):
    with open(directory / "scores.csv", encoding="utf-8", newline="") as file:
        return {r["student"]: r for r in csv.DictReader(file)}


def swapped(source, target):
    """Every other child answers PHQ-9 the other way round."""
    text = source.read_bytes()
    try:
        text = text.decode("utf-8-sig")
    except UnicodeDecodeError:  # as some schools export it
        text = text.decode("gb18030")
    table = list(csv.reader(io.StringIO(text, newline="")))
    items = [i for i, name in enumerate(table[0]) if name.startswith("PHQ9_")]
    for number, row in enumerate(table[1:]):
        for i in items:
            if number % 2 and row[i] in ("0", "1", "2", "3"):
                row[i] = str(3 - int(row[i]))
    with open(target, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run("simulate", "--plan", "district_demo", "--students", 700, "--schools", 3, "--seed", 9, "--out", scratch / "in")
    plan = (scratch / "in/plan.yaml").read_text(encoding="utf-8")
    basis = f'change: [{{scale: phq9.total, reliability: {RELIABILITY}, sd: {SD}, cite: "made up for this test"}}]\n'
    (scratch / "in/spring.yaml").write_text(
        plan.replace("2026-autumn", "2027-spring").replace("2026-10-15", "2027-04-15") + basis, encoding="utf-8")
    answers = sorted((scratch / "in").glob("responses_*.csv"))
    later = scratch / "later"
    later.mkdir()
    for path in answers:
        swapped(path, later / path.name)
    roster = ["--roster", scratch / "in/roster.csv"]
    run("score", "--no-workbooks", "--plan", scratch / "in/plan.yaml", *roster, "--out", scratch / "w1", *answers)
    run("score", "--no-workbooks", "--plan", scratch / "in/spring.yaml", *roster, "--out", scratch / "w2",
        *sorted(later.glob("*.csv")))
    before, now = scores(scratch / "w1"), scores(scratch / "w2")
    both = [s for s in now if before.get(s, {}).get("phq9.total") and now[s]["phq9.total"]]
    kinds = {}
    for student in both:
        index = (float(now[student]["phq9.total"]) - float(before[student]["phq9.total"])) / (
            math.sqrt(2) * SD * math.sqrt(1 - RELIABILITY))
        kind = "上升，超出测量误差" if index >= 1.96 else "下降，超出测量误差" if index <= -1.96 else "未超出测量误差"
        kinds.setdefault(kind, []).append((student, index))
    expect("the waves hold every kind of change", len(kinds) == 3, {k: len(v) for k, v in kinds.items()})
    given = ["dossier", "--plan", scratch / "in/spring.yaml"]

    # ---- what is said about change
    # The ones nearest to the mark on either side, too.
    chosen = []
    for kind, students in kinds.items():
        students.sort(key=lambda s: abs(abs(s[1]) - 1.96))
        chosen += [(kind, *s) for s in students[:2] + students[-1:]]
    for number, (kind, student, index) in enumerate(chosen):
        path = scratch / f"d{number}.xlsx"
        run(*given, "--student", student, "--out", path, scratch / "w2", scratch / "w1")
        book = tables(path)
        change = {r["总分与维度"]: r for r in listed(book["变化"], 2)}
        line = change["PHQ-9 总分"]
        expect(f"{student}: {kind}", line["判断"] == kind, line)
        expect(f"{student}: the index", abs(float(line["变化指数"]) - index) <= 0.005 + 1e-9, (line, index))
        expect(f"{student}: the difference", abs(float(line["差"]) - (
            float(now[student]["phq9.total"]) - float(before[student]["phq9.total"]))) < 1e-9, line)
        if "MHT 全量表分" in change:
            expect(f"{student}: nothing is said without a basis",
                   "不作判断" in change["MHT 全量表分"]["判断"] and not change["MHT 全量表分"].get("变化指数"))
        records = listed(book["测评记录"], 1)
        for wave, truth in (("2026-autumn", before), ("2027-spring", now)):
            shown = {r["总分与维度"]: r for r in records if r["波次"] == wave}
            expect(f"{student} {wave}: the total is that of scores.csv",
                   abs(float(shown["PHQ-9 总分"]["得分"]) - float(truth[student]["phq9.total"])) < 1e-9)
            expect(f"{student} {wave}: as many scores",
                   len(shown) == sum(1 for k, v in truth[student].items() if k.endswith(".status") and
                                     v in ("scored", "prorated", "not_scored")), len(shown))
        history = listed(book["等级历程"], 1)[:2]
        expect(f"{student}: the oldest wave first", [r["波次"] for r in history] == ["2026-autumn", "2027-spring"])
        for line, truth in zip(history, (before, now)):
            expect(f"{student}: rank", line.get("等级序 （大=重）", "") == truth[student]["tier"], line)
        expect(f"{student}: the sheets", [*book][:5] == ["说明", "基本信息", "测评记录", "等级历程", "变化"] and
               len(book) == 13, [*book])

    # ---- what may not be compared
    other = scratch / "edition"
    shutil.copytree(scratch / "w1", other)
    manifest = json.loads((other / "run.json").read_text(encoding="utf-8"))
    for use in manifest["uses"]:
        if use["id"] == "phq9":
            use["edition"] = "1999"
    (other / "run.json").write_text(json.dumps(manifest), encoding="utf-8")  # one line, other blanks
    run(*given, "--student", both[0], "--out", scratch / "e.xlsx", scratch / "w2", other)
    book = tables(scratch / "e.xlsx")
    change = {r["总分与维度"]: r for r in listed(book["变化"], 2)}
    expect("another edition is not compared", "不可比" in change["PHQ-9 总分"]["判断"] and
           not change["PHQ-9 总分"].get("差") and not change["PHQ-9 总分"].get("变化指数"), change["PHQ-9 总分"])
    expect("nor are tiers then", "不可比" in listed(book["等级历程"], 1)[1]["与上次"])

    # ---- an instrument that has changed since: its scores keep their names, and nothing is said of their error
    for wave in ("w1", "w2"):
        shutil.copytree(scratch / wave, scratch / f"old_{wave}")
        text = (scratch / wave / "run.json").read_text(encoding="utf-8")
        fingerprint = next(use["fingerprint"] for use in json.loads(text)["uses"] if use["id"] == "phq9")
        (scratch / f"old_{wave}/run.json").write_text(text.replace(fingerprint, "0" * 64), encoding="utf-8")
    run(*given, "--student", both[0], "--out", scratch / "o.xlsx", scratch / "old_w1", scratch / "old_w2")
    book = tables(scratch / "o.xlsx")
    change = {r["总分与维度"]: r for r in listed(book["变化"], 2)}
    expect("a changed instrument: scores in words", not any("phq9" in name for name in change), [*change])
    expect("and a difference, but no verdict", "计分与这些波次不同" in change["PHQ-9 总分"]["判断"] and "差" in change["PHQ-9 总分"] and
           not change["PHQ-9 总分"].get("变化指数"), change["PHQ-9 总分"])
    expect("bands in words", not {r.get("等次", "") for r in listed(book["测评记录"], 1)} & {"minimal", "mild", "moderate", "severe"})

    # ---- who
    with open(scratch / "in/roster.csv", encoding="utf-8", newline="") as file:
        code = next(r["学籍号"] for r in csv.DictReader(file))
    done = run(*given, "--student", code, "--out", scratch / "k.xlsx", scratch / "w1", scratch / "w2")
    expect("a student number is found with the plan's key", "2 of 2" in done.stdout, done.stdout)
    expect("and is not printed", not any(code in text for rows in tables(scratch / "k.xlsx").values()
                                         for row in rows.values() for text in row.values()))
    untouched = (scratch / "k.xlsx").read_bytes()
    done = run(*given, "--student", code, "--out", scratch / "k.xlsx", scratch / "w1", code=(4,))
    expect("a file that is there is never overwritten", (scratch / "k.xlsx").read_bytes() == untouched, done.stderr)
    done = run(*given, "--student", "nobody", "--out", scratch / "n.xlsx", scratch / "w1", code=(2, 3))
    expect("nobody of this id", "nobody of this id" in done.stderr and not (scratch / "n.xlsx").exists(), done.stderr)
    (scratch / "empty").mkdir()
    done = run(*given, "--student", both[0], "--out", scratch / "n.xlsx", scratch / "empty", code=(3,))
    expect("a directory without results", "no finished results" in done.stderr, done.stderr)
    run(*given, "--student", both[0], "--out", scratch / "a.xlsx", scratch / "w1", scratch / "w2")
    run(*given, "--student", both[0], "--out", scratch / "b.xlsx", scratch / "w2", scratch / "w1")
    expect("the same bytes in any order", (scratch / "a.xlsx").read_bytes() == (scratch / "b.xlsx").read_bytes())

    # ---- contacts: what people have written about this student, and nobody else
    ledgers, cases, columns = [], {}, "file,sheet,row,school,case_id,student_code,touched,problem,as_of,status,seq,date,mode,facts,guardian_informed,next_date,tier_final,note"
    listed_now = [s for s in both if before[s]["tier"] not in ("", "0") and now[s]["tier"] not in ("", "0")]
    student, neighbour = listed_now[:2]
    for wave, known in (("2026-autumn", before), ("2027-spring", now)):
        name = "in/plan.yaml" if wave == "2026-autumn" else "in/spring.yaml"
        for who in (student, neighbour):
            text = f"psyscreen/case/1\ndistrict_demo\n{wave}\n{known[who]['school']}\n{who}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            cases[wave, who] = f"C-{digest[:4]}-{digest[4:8]}-{digest[8:12]}"
        rows = [columns]
        for who, facts in ((neighbour, "of the neighbour"), (student, f"first of {wave}"), (student, f"=second of {wave}")):
            rows.append(",".join(["x.xlsx", "follow_up", "9", known[who]["school"], cases[wave, who], who, "true", "", "", "watching",
                                  "2" if "second" in facts else "1", "2026-10-20", "telephone", facts, "yes", "2026-11-02", "", ""]))
        rows.append(",".join(["x.xlsx", "follow_up", "10", known[student]["school"], cases[wave, student], student, "false", "", "",
                              "to review", "1", "", "", "never written", "", "", "", ""]))
        rows.append(",".join(["x.xlsx", "alert_list", "11", known[student]["school"], cases[wave, student], student, "true", "", "", "",
                              "", "2026-10-19", "", "", "", "", "", f"noted in {wave}"]))
        path = scratch / f"{wave}.csv"
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        ledgers += ["--entries", path]
    for language in ("zh", "en"):
        spoken = scratch / "in" / f"spring_{language}.yaml"
        spoken.write_text((scratch / "in/spring.yaml").read_text(encoding="utf-8").replace("language: [zh, en]", f"language: [{language}]")
                          .replace("language: [zh]", f"language: [{language}]"), encoding="utf-8")
        path = scratch / f"contacts_{language}.xlsx"
        run("dossier", "--plan", spoken, "--student", student, *ledgers, *ledgers[:2], "--out", path, scratch / "w2", scratch / "w1")
        book = tables(path)
        contacts = book["跟进与家校沟通" if language == "zh" else "Contacts"]
        at = {head_name(text): c for c, text in contacts[1].items()}
        heads = ("案例编号", "主要事实", "方式", "下次跟进", "系统等级", "波次") if language == "zh" else (
            "Case number", "Facts", "Mode", "Next contact", "Tier", "Wave")
        missing = [h for h in heads if h not in at]
        expect(f"{language}: the columns of the ledger", not missing, (missing, [*at]))
        lines = [row for number, row in sorted(contacts.items()) if number > 1 and row.get(at[heads[0]])]
        wanted = [(cases[w, student], f) for w in ("2026-autumn", "2027-spring")
                  for f in (f"first of {w}", f"=second of {w}", f"noted in {w}")]
        expect(f"{language}: his contacts, oldest wave first, each once",
               [(r[at[heads[0]]], r.get(at[heads[1]], "")) for r in lines] == wanted, [*lines][:7])
        expect(f"{language}: the words of the list", {r.get(at[heads[2]], "") for r in lines} == {"电话" if language == "zh" else "telephone", ""},
               {r.get(at[heads[2]], "") for r in lines})
        expect(f"{language}: a date as a date", lines[0][at[heads[3]]] == "46328", lines[0])
        expect(f"{language}: wave and tier", lines[0][at[heads[5]]] == "2026-autumn" and lines[0].get(at[heads[4]]), lines[0])
        expect(f"{language}: nobody else", not any("neighbour" in t or "never written" in t for rows in book.values() for row in rows.values()
                                                   for t in row.values()))
    done = run(*given, "--student", student, "--entries", scratch / "w1/scores.csv", "--out", scratch / "n.xlsx", scratch / "w1", code=(3,))
    expect("entries of another kind are refused", "entries of ledgers" in done.stderr and not (scratch / "n.xlsx").exists(), done.stderr)
    two = scratch / "two"
    shutil.copytree(scratch / "w1", two)
    lines = (two / "scores.csv").read_text(encoding="utf-8").splitlines()
    mine = next(line for line in lines if line.startswith(both[0] + ","))
    (two / "scores.csv").write_text("\n".join([*lines, mine.replace(before[both[0]]["school"], "9999")]) + "\n", encoding="utf-8")
    done = run(*given, "--student", both[0], "--out", scratch / "n.xlsx", two, code=(2,))
    expect("two schools with one id: name the school", "name the school" in done.stderr, done.stderr)
    run(*given, "--student", both[0], "--school", "9999", "--out", scratch / "n.xlsx", two)
    expect("the named school", any("9999" in row.values() for row in tables(scratch / "n.xlsx")["基本信息"].values()))

end()
