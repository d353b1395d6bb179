#!/usr/bin/env python3
"""What a district's analyst writes with pandas and XlsxWriter.

    peer_pandas.py DISTRICT OUT [none]

Scores, T scores and tiers of make_district.py's district; a workbook a school (all scores, the
students with a tier, a summary with a chart) and one for the district.  `none`: no workbooks.
"""
import pathlib
import sys

import numpy
import pandas

DISTRICT, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
OUT.mkdir(parents=True, exist_ok=True)
answers = pandas.read_csv(DISTRICT / "responses.csv", dtype={"id": str, "school": str})
key = pandas.read_csv(DISTRICT / "key.csv")
norms = None
if (DISTRICT / "instruments/norms/bench_t.csv").exists():
    norms = pandas.read_csv(DISTRICT / "instruments/norms/bench_t.csv")
    norms["sex"] = norms["sex"].str[0]
    norms = norms.set_index(["scale", "sex", "grade_from"])
group = pandas.MultiIndex.from_frame(answers[["sex", "grade"]])

for item in key.loc[key["reversed"] == 1, "item"].unique():
    answers[f"q{item}"] = 4 - answers[f"q{item}"]
scores = answers[["id", "school", "grade", "class", "sex"]].copy()
raw, standard, cuts = {}, {}, {}
for scale, rows in key.groupby("scale"):
    items = answers[[f"q{item}" for item in rows["item"]]]
    n = items.notna().sum(axis=1)
    total = items.sum(axis=1) * len(rows) / n
    raw[scale] = total.where(n >= len(rows) - rows["allowed"].iloc[0])
    cuts[scale] = rows["cut"].iloc[0]
    if norms is None:
        continue
    norm = norms.loc[scale].reindex(group)
    t = 50 + 10 * (raw[scale].to_numpy() - norm["mean"].to_numpy()) / norm["sd"].to_numpy()
    standard[scale + ".t"] = numpy.floor(t * 10 + 0.5 + 1e-9) / 10
scores = pandas.concat([scores, pandas.DataFrame(raw), pandas.DataFrame(standard, index=scores.index)], axis=1)
if norms is None:
    high = sum((scores[scale] >= cut).astype(int) for scale, cut in cuts.items())
else:
    high = sum((scores[column] >= 70).astype(int) for column in standard)
scores["tier"] = numpy.where(high >= 6, 2, numpy.where(high >= 3, 1, 0))
if len(sys.argv) > 3:
    scores.to_csv(OUT / "scores.csv", index=False)
    sys.exit()

for school, students in scores.groupby("school"):
    students = students.sort_values(["grade", "class", "id"])
    with pandas.ExcelWriter(OUT / f"{school}.xlsx", engine="xlsxwriter") as book:
        students.round(2).to_excel(book, sheet_name="Scores", index=False, freeze_panes=(1, 4))
        students[students["tier"] > 0].sort_values("tier", ascending=False).round(2).to_excel(
            book, sheet_name="Tiers", index=False)
        summary = students.groupby(["class", "tier"]).size().unstack(fill_value=0)
        summary.to_excel(book, sheet_name="Summary")
        chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
        for column in range(1, 1 + summary.shape[1]):
            chart.add_series({"name": ["Summary", 0, column],
                              "categories": ["Summary", 1, 0, len(summary), 0],
                              "values": ["Summary", 1, column, len(summary), column]})
        book.sheets["Summary"].insert_chart("H2", chart)
with pandas.ExcelWriter(OUT / "district.xlsx", engine="xlsxwriter") as book:
    scores.groupby(["school", "tier"]).size().unstack(fill_value=0).to_excel(book, sheet_name="Schools")
    scores.groupby(["grade", "sex"])[list(raw) + list(standard)].agg(["mean", "std"]).round(2).to_excel(
        book, sheet_name="Scales")
scores.to_csv(OUT / "scores.csv", index=False)
