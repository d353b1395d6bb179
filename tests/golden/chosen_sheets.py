"""A plan chooses the sheets of its schools' workbooks; the legend and the lists it cannot leave out.

    chosen_sheets.py PROGRAM"""
import json
import pathlib
import tempfile

from expectations import end, expect
from program import run
from workbook import tables

ALWAYS = ["说明", "预警名单", "复测名单", "未测名单"]
SHEETS = {"ledger": ["跟进台账"], "participation": ["参测情况"], "scores": ["得分总表"], "profile": ["名单剖面"],
          "classes": ["班级汇总", "班级图表"], "class_scales": ["班级量表"], "quality": ["数据质量"],
          "dictionary": ["字段说明"]}


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run("simulate", "--plan", "district_demo", "--students", 400, "--schools", 2, "--seed", 5, "--out", scratch / "in")
    text = (scratch / "in/plan.yaml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("outputs: {"))

    def score(name, sheets, code=(0, 1)):
        plan = scratch / "in" / f"{name}.yaml"
        chosen = line if sheets is None else line[:-1] + f", sheets: [{', '.join(sheets)}]}}"
        plan.write_text(text.replace(line, chosen), encoding="utf-8")
        done = run("score", "--plan", plan, "--roster", scratch / "in/roster.csv", "--out", scratch / name,
                   *sorted((scratch / "in").glob("responses_*.csv")), code=code)
        if done.returncode > 1:
            return done
        book = sorted((scratch / name / "schools").glob("[0-9]*.xlsx"))[0]
        return tables(book)

    whole = score("all", None)
    known = set(ALWAYS + ["未匹配"] + [sheet for names in SHEETS.values() for sheet in names])
    expect("every sheet is known here", set(whole) <= known, set(whole) - known)
    unmatched = [name for name in whole if name == "未匹配"]
    for name, words in (("some", ["scores", "classes"]), ("none", []), ("most", [w for w in SHEETS if w != "ledger"])):
        book = score(name, words)
        wanted = [sheet for sheet in whole if sheet in ALWAYS + unmatched or any(sheet in SHEETS[w] for w in words)]
        expect(f"{name}: the sheets", list(book) == wanted, list(book))
        for sheet in book:
            if sheet not in ("说明", "字段说明"):
                expect(f"{name}: {sheet} is the same", book[sheet] == whole[sheet])
        named = {row.get("A") for row in book["说明"].values()} & (set(whole) - {"说明"})
        expect(f"{name}: the first sheet names none that is not there", named <= set(book), named - set(book))
        missing = set(whole) - set(book)
        quoted = {(sheet, gone) for sheet, rows in book.items() for row in rows.values() for text in row.values()
                  for gone in missing if f"“{gone}”" in text}
        expect(f"{name}: no cell sends to a sheet that is not there", not quoted, quoted)
        expect(f"{name}: the legend is there", any("一级" in text for row in book["说明"].values() for text in row.values()))
        expect(f"{name}: the scores are the same",
               (scratch / name / "scores.csv").read_bytes() == (scratch / "all/scores.csv").read_bytes())
    for word in ("cover", "warning_list"):
        done = score("wrong", [word], code=(2, 3, 4, 5, 6, 7, 65))
        expect(f"{word} is no sheet to choose", not isinstance(done, dict) and word in done.stderr and
               "class_scales" in done.stderr, getattr(done, "stderr", ""))
    # A run of other sheets is another run.
    prints = {name: json.loads((scratch / name / "run.json").read_text(encoding="utf-8"))["plan"]["fingerprint"]
              for name in ("all", "some")}
    expect("fingerprints differ", prints["all"] != prints["some"], prints)

end()
