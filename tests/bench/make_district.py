#!/usr/bin/env python3
"""A district for the comparison with other programs: 231 items, 40 scales, T by sex and grade.

    make_district.py STUDENTS SCHOOLS SEED OUT [percentiles|raw]

Writes OUT/instruments/bench40.yaml with its norm table, OUT/plan.yaml, OUT/plan_peers.yaml (the same
with the sheets that the peers write, too), OUT/responses.csv and OUT/key.csv (scale, item, reversed), from which the peers score.  One answer in a hundred is
blank; a scale may miss a fifth of its items and is prorated; tiers count the T scores >= 70.
With `percentiles` there is a second norm, counts of scores by sex and grade, which gives percentiles.  With `raw` there is
no norm: 45 columns a student instead of 85, and tiers count the scores that reach the cut of their scale.
Nothing in it is anybody's: answers come from a generator, the same for a seed.
"""
import pathlib
import random
import sys

STUDENTS, SCHOOLS, SEED = (int(text) for text in sys.argv[1:4])
OUT = pathlib.Path(sys.argv[4])
ITEMS, SCALES, MOST = 231, 40, 4
draw = random.Random(SEED)
(OUT / "instruments" / "norms").mkdir(parents=True, exist_ok=True)

# Every scale has its own items, and every seventh shares some with the next.
key, at = {}, 1
for scale in range(1, SCALES + 1):
    size = 4 + scale % 5
    items = [1 + (at + step - 1) % ITEMS for step in range(size)]
    at += size - (scale % 7 == 0)
    key[scale] = items
reversed_items = (3, 40, 77, 150, 201)
allowed = {scale: len(items) // 5 for scale, items in key.items()}

lines = [f"""format: psyscreen/instrument/1
id: bench40
edition: "1"
name: {{en: Forty scales (for measuring), zh: 四十量表(测速用)}}
informants: [self]
grades: 7..12
text_licence: none
sources: [{{cite: made by tests/bench/make_district.py, for: [scoring, norms], confidence: verified}}]
responses: {{often: {{codes: [0, 1, 2, 3, 4]}}}}
items:
  - {{ids: 1..{ITEMS}, response: often}}
reverse: [{", ".join(map(str, reversed_items))}]
scales:"""]
for scale, items in key.items():
    lines.append(f"""  s{scale:02}:
    name: {{en: Scale {scale}, zh: 量表{scale}}}
    items: [{", ".join(map(str, items))}]
    score: sum
    missing: {{allow: {allowed[scale]}, then: prorate, round: none, confidence: verified}}
    worse: high
    confidence: verified""")
(OUT / "instruments" / "bench40.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_norm(name, kind, metric, columns, rows):
    """A norm of the instrument, by sex and grade: its head and its table."""
    (OUT / "instruments" / "norms" / f"{name}.yaml").write_text(f"""format: psyscreen/norms/1
id: {name}
instrument: bench40
kind: {kind}
metrics: [{metric}]
population: {{en: nobody (for measuring), zh: 测速用}}
source: made by tests/bench/make_district.py
confidence: verified
groups: [sex, grade]
outside: none
""", encoding="utf-8")
    with open(OUT / "instruments" / "norms" / f"{name}.csv", "w", encoding="utf-8") as file:
        file.write(columns + "\n")
        for scale, items in key.items():
            for sex in ("male", "female"):
                for grade in range(7, 13):
                    for row in rows(len(items), sex, grade):
                        file.write(f"s{scale:02},{sex},{grade},{row}\n")


def mean_and_sd(n, sex, grade):
    mean = round(1.2 * n + 0.1 * grade + (0.25 if sex == "female" else 0), 2)
    return [f"{grade},{mean},{round(0.7 * n ** 0.5 + 1, 2)}"]


def counts(n, sex, grade):
    most = MOST * n
    return [f"{grade},{raw},1,{1 + (raw + 1) * (most + 1 - raw) ** 2 // 40 + grade}" for raw in range(most + 1)]


RAW = sys.argv[5:] == ["raw"]
cuts = {scale: int(1.2 * len(items) + 2 + 2 * (0.7 * len(items) ** 0.5 + 1)) for scale, items in key.items()}
if not RAW:
    write_norm("bench_t", "mean_sd", "t", "scale,sex,grade_from,grade_to,mean,sd", mean_and_sd)
if sys.argv[5:] == ["percentiles"]:
    write_norm("bench_p", "histogram", "percentile", "scale,sex,grade_from,grade_to,num,den,count", counts)
with open(OUT / "key.csv", "w", encoding="utf-8") as file:
    file.write("scale,item,reversed,allowed,cut\n")
    for scale, items in key.items():
        for item in items:
            file.write(f"s{scale:02},{item},{int(item in reversed_items)},{allowed[scale]},{cuts[scale]}\n")

high = " + ".join(f"(bench.s{scale:02} >= {cuts[scale]})" if RAW else f"(bench.s{scale:02}.t@bench_t >= 70)" for scale in key)
plan = f"""format: psyscreen/plan/1
id: bench_plan
name: {{en: For measuring, zh: 测速}}
wave: "1"
as_of: 2026-10-15
identity: {{output: plain}}
inputs:
  responses:
    encoding: utf-8
    columns: {{student: id, school: school, grade: grade, class: class, sex: sex}}
    items: {{bench: "q{{n}}"}}
    codes: {{sex: {{m: male, f: female}}}}
uses: {{bench: {{instrument: bench40, informant: self}}}}
batteries: [{{id: all, name: {{en: All, zh: 全体}}, uses: [bench]}}]
duplicates: manual
tiers:
  scheme: three_first_worst
  rules:
    - {{id: many, rank: 2, when: "{high} >= 6", text: {{zh: 至少6个量表偏高, en: six scales are high}}}}
    - {{id: some, rank: 1, when: "{high} >= 3", text: {{zh: 至少3个量表偏高, en: three scales are high}}}}
duty: {{urgent: {{hours: 24, who: nobody}}, review: {{hours: 72}}}}
outputs: {{language: [zh], small_cell: 5}}
"""
(OUT / "plan.yaml").write_text(plan, encoding="utf-8")
(OUT / "plan_peers.yaml").write_text(plan.replace("small_cell: 5}", "small_cell: 5, sheets: [scores, classes]}"),
                                     encoding="utf-8")

with open(OUT / "responses.csv", "w", encoding="utf-8") as file:
    file.write("id,school,grade,class,sex," + ",".join(f"q{n}" for n in range(1, ITEMS + 1)) + "\n")
    rows = 4096
    # Rows of answers are drawn once and cut anew for each student: a random number a cell
    # would take minutes and change nothing.
    pool = [str(min(MOST, int(draw.expovariate(0.75)))) if draw.random() >= 0.01 else "" for _ in range(rows * ITEMS)]
    for n in range(STUDENTS):
        start = draw.randrange(len(pool) - ITEMS)
        file.write(f"{2026000000 + n},{510800 + draw.randrange(SCHOOLS)},{7 + draw.randrange(6)},"
                   f"{1 + draw.randrange(8)},{'mf'[draw.randrange(2)]},{','.join(pool[start:start + ITEMS])}\n")
