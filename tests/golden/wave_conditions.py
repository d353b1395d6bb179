"""Waves are compared only where edition, rules and norm agree: else 波次对比 has no number, and says why.

    wave_conditions.py PROGRAM INSTRUMENTS"""
import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

from expectations import end, expect, expect_same
from workbook import head_name, tables

PROGRAM, INSTRUMENTS = sys.argv[1], pathlib.Path(sys.argv[2])
PLAN = """format: psyscreen/plan/1
id: waves
wave: {wave}
as_of: {day}
identity: {{output: plain}}
inputs:
  responses:
    encoding: utf-8
    columns: {{student: id, school: school, grade: grade, class: class, sex: sex}}
    items: {{sds: "D{{n}}", gad7: "G{{n}}"}}
    codes: {{sex: {{m: male, f: female}}}}
uses:
  sds: {{instrument: sds, edition: "{edition}", informant: self}}
  gad7: {{instrument: gad7, informant: self, population: {population}}}
batteries: [{{id: all, uses: [sds, gad7]}}]
{norms}
tiers:
  scheme: {scheme}
  rules:
    - {{id: gad, rank: 2, when: '{gad}', text: {{zh: 焦虑, en: anxious}}}}
    - {{id: sds, rank: 1, when: '{sds}', text: {{zh: 抑郁, en: depressed}}}}
duty: {{urgent: {{hours: 24}}, review: {{hours: 72}}}}
outputs: {{language: [{language}], small_cell: 0}}
"""
SAME = {"wave": "2026-spring", "day": "2026-04-15", "population": "screen_10", "scheme": "three_first_worst",
        "gad": "gad7.total >= 10", "sds": "sds.std >= 53", "language": "zh", "norms": "", "edition": "1986"}
moved = set()
LATER = {"wave": "2026-autumn", "day": "2026-10-15"}


def run(folder, name, plan, definitions, *options, answers="answers.csv"):
    (folder / "plan.yaml").write_text(PLAN.format(**plan), encoding="utf-8")
    done = subprocess.run([PROGRAM, "score", "-q", "--instruments", definitions, "--plan", folder / "plan.yaml", "--out",
                           folder / name, *options, folder / answers], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        expect(name, False, f"exit {done.returncode} {done.stderr[-300:]}")
        return []
    rows = tables(folder / name / "district.xlsx")
    sheet = rows["波次对比" if plan["language"] == "zh" else "Waves compared"]
    heads = {column: head_name(text) for column, text in sheet[1].items()}
    lines = [{heads[c]: text for c, text in sheet[n].items() if c in heads} for n in sorted(sheet) if n > 1]
    return [line for line in lines if line.get("可比性", line.get("Comparable", ""))]


def look(what, lines, language, numberless, why):
    """Lines of a kind ("rate" of tiers, a scale) without a number and with the sentence; the others with numbers."""
    zh = language == "zh"
    keys = ("指标", "上次", "本次", "差", "可比性") if zh else ("Figure", "Before", "Now", "Difference", "Comparable")
    expect_same(f"{what}: there are lines", True, len(lines) > 5)
    seen = set()
    for line in lines:
        figure, before, now, difference, comparable = (line.get(key, "") for key in keys)
        kind = "tiers" if ("检出率" if zh else "rate") in figure else "sds" if "SDS" in figure or "Zung" in figure else "gad7"
        seen.add(kind)
        if kind in numberless:
            expect_same(f"{what}: {figure} has no number", ("", "", ""), (before, now, difference))
            expect_same(f"{what}: {figure} says why", why[kind], comparable)
        else:
            expect_same(f"{what}: {figure} has numbers", True, "" not in (before, now, difference))
            # Rates differ by points; and by what is printed, without the dust of a subtraction of doubles.
            points = (Decimal(now) - Decimal(before)) * (100 if kind == "tiers" else 1)
            expect_same(f"{what}: {figure} differs by", f"{points:.2f}".rstrip("0").rstrip("."), difference)
            moved.add((kind, points != 0))
            expect_same(f"{what}: {figure} is comparable", True, comparable.startswith("可比" if zh else "yes"))
    expect_same(f"{what}: all kinds", {"tiers", "sds", "gad7"}, seen)


SCALE = {"zh": "不可比：上次没有此量表，或版本、计分、常模、填答人不同",
         "en": "no: not given then, or another edition, coding, norm or informant"}
TIERS = {"zh": "不可比：上次有量表的版本、计分、常模或填答人不同",
         "en": "no: another edition, coding, norm or informant then"}
RULES = {"zh": "不可比：上次的规则不同", "en": "no: other rules then"}
RANKS = {"zh": "不可比：上次的等级方案级数不同", "en": "no: another number of tiers then"}
PEOPLE = {"zh": "不可比：上次的分界所依人群不同", "en": "no: cut-offs of another population then"}
LOCAL = {"zh": "不可比：规则读本地常模，常模每波次不同",
         "en": "no: a rule reads local norms, which each wave makes anew"}

with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    heads = ["id", "school", "grade", "class", "sex", *[f"D{i}" for i in range(1, 21)], *[f"G{i}" for i in range(1, 8)]]
    for name, other in (("answers.csv", False), ("answers_then.csv", True)):
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            for i in range(240):
                writer.writerow([f"s{i}", f"S{i % 3}", 10, 1, "mf"[i % 2], *[1 + (i + j) % 4 for j in range(20)],
                                 *[(i // 3 + j // 4) % (3 if other and i % 7 == 0 else 4) for j in range(7)]])
    shutil.copytree(INSTRUMENTS, folder / "now")
    shutil.copytree(INSTRUMENTS, folder / "edition")
    shutil.copytree(INSTRUMENTS, folder / "norm")
    text = (folder / "edition" / "sds.yaml").read_text(encoding="utf-8")
    (folder / "edition" / "sds.yaml").write_text(text.replace('edition: "1986"', 'edition: "1987"'), encoding="utf-8")
    text = (folder / "norm" / "norms" / "sds_cn1340.csv").read_text(encoding="utf-8")
    (folder / "norm" / "norms" / "sds_cn1340.csv").write_text(text.replace("41.88,10.57", "41.78,10.67"), encoding="utf-8")
    local = "norms: [{id: here, scale: gad7.total, local: {by: [sex], min_n: 30}, metrics: [t]}]"
    reads = {"norms": local, "sds": "gad7.total.t@here >= 60"}
    for language in ("zh", "en"):
        now = {**SAME, **LATER, "language": language}
        run(folder, f"before {language}", {**SAME, "language": language}, folder / "now",
            answers="answers_then.csv")
        before = ("--previous", folder / f"before {language}")
        look("the same", run(folder, f"same {language}", now, folder / "now", *before), language, (), {})
        why = {"sds": SCALE[language], "tiers": TIERS[language]}
        look("another edition", run(folder, f"edition {language}", {**now, "edition": "1987"}, folder / "edition", *before), language,
             ("sds", "tiers"), why)
        look("another norm", run(folder, f"norm {language}", now, folder / "norm", *before), language, ("sds", "tiers"), why)
        look("another cut", run(folder, f"cut {language}", {**now, "gad": "gad7.total >= 12"}, folder / "now", *before), language,
             ("tiers",), {"tiers": RULES[language]})
        look("another rank", run(folder, f"rank {language}", {**now, "scheme": "red_orange_yellow_blue"}, folder / "now", *before),
             language, ("tiers",), {"tiers": RANKS[language]})
        look("other people's cut-offs", run(folder, f"people {language}", {**now, "population": "screen_8"}, folder / "now", *before),
             language, ("tiers",), {"tiers": PEOPLE[language]})
        run(folder, f"local before {language}", {**SAME, **reads, "language": language}, folder / "now")
        look("a norm of each wave", run(folder, f"local {language}", {**now, **reads}, folder / "now", "--previous",
                                        folder / f"local before {language}"), language, ("tiers",), {"tiers": LOCAL[language]})
    expect("rates and means did change, and some did not", {("tiers", True), ("gad7", True), ("sds", False)} <= moved, moved)

end()
