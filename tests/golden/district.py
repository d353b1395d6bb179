"""A simulated district, scored: the planted truth must be found, and the same input must give
the same bytes for any number of threads, any order of rows and any locale.

    district.py PROGRAM [--students N] [--schools K]"""
import csv
import filecmp
import pathlib
import random
import sys
import tempfile

from expectations import end, expect
from program import run
import truth

STUDENTS = sys.argv[sys.argv.index("--students") + 1] if "--students" in sys.argv else "4000"
SCHOOLS = sys.argv[sys.argv.index("--schools") + 1] if "--schools" in sys.argv else "7"


def differences(a, b):
    names = {p.relative_to(a) for p in a.rglob("*") if p.is_file()}
    others = {p.relative_to(b) for p in b.rglob("*") if p.is_file()}
    return sorted(map(str, names ^ others)) + [str(n) for n in sorted(names & others)
                                               if not filecmp.cmp(a / n, b / n, shallow=False)]


def shuffle(source, target, seed):
    lines = source.read_text(encoding="utf-8").splitlines()
    body = lines[1:]
    random.Random(seed).shuffle(body)
    target.write_text("\n".join([lines[0], *body]) + "\n", encoding="utf-8")


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    run("simulate", "--plan", "district_demo", "--students", STUDENTS, "--schools", SCHOOLS, "--seed", 11,
        "--out", scratch / "in")
    run("simulate", "--plan", "district_demo", "--students", STUDENTS, "--schools", SCHOOLS, "--seed", 11,
        "--out", scratch / "again")
    expect("a seed gives the same district", not differences(scratch / "in", scratch / "again"))
    given = ["--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv"]
    answers = [scratch / "in" / name for name in ("responses_1.csv", "responses_2.csv", "responses_3.csv", "responses_4.xlsx")]
    out = scratch / "out"
    run("score", *given, "--out", out, *answers)

    # ---- the planted truth
    truth_rows = truth.rows(scratch / "in/truth.csv")
    for what, planted, found, some in truth.compare(scratch / "in", out):
        expect(what, planted == found and planted > 0, f"{planted} planted, {found} found {some}")
    order = [(r["school"].encode(), r["student"].encode()) for r in truth.rows(out / "scores.csv")]
    expect("rows are sorted bytewise by school and student", order == sorted(order))

    # ---- the same bytes
    for threads in (1, 2, 3, 8):
        run("score", *given, "--out", scratch / f"t{threads}", "--threads", threads, *answers)
        expect(f"{threads} threads: same bytes", not differences(out, scratch / f"t{threads}"),
               differences(out, scratch / f"t{threads}")[:4])
    run("score", *given, "--out", scratch / "locale", *answers, LC_ALL="de_DE.UTF-8", TZ="Asia/Shanghai")
    expect("another locale and time zone: same bytes", not differences(out, scratch / "locale"))
    mixed = scratch / "mixed"
    mixed.mkdir()
    for name in ("roster.csv", "responses_1.csv", "responses_2.csv"):
        shuffle(scratch / "in" / name, mixed / name, 5)
    run("score", "--plan", scratch / "in/plan.yaml", "--roster", mixed / "roster.csv", "--out", scratch / "shuffled",
        answers[3], mixed / "responses_2.csv", mixed / "responses_1.csv", answers[2])
    expect("row and file order: same scores.csv",
           filecmp.cmp(out / "scores.csv", scratch / "shuffled/scores.csv", shallow=False))
    again = run("score", *given, "--out", out, *answers)
    expect("running again over its own results: same bytes", not differences(out, scratch / "t1"), again.stderr[-300:])

    # ---- other runs and edited workbooks
    run("score", "--plan", scratch / "in/plan.yaml", "--roster", scratch / "in/roster.csv", "--out", out, answers[0],
        code=(0, 1, 4))
    book = sorted((scratch / "t1/schools").glob("[!_]*.xlsx"))[0]
    book.write_bytes(book.read_bytes() + b"edited")
    edited = book.read_bytes()
    done = run("score", *given, "--out", scratch / "t1", "--force", *answers, code=(0, 1, 4))
    expect("an edited workbook is never overwritten", book.read_bytes() == edited and done.returncode == 4, done.stderr)
    critical = run("critical", scratch / "in/plan.yaml", *answers)
    listed = list(csv.DictReader(critical.stdout.splitlines()))
    # without a roster nobody knows who had another number before, or none
    renamed = {t["id"] for t in truth_rows if t["kind"] in ("former_number", "mistyped", "no_code_found", "no_code_ambiguous")}
    expect("critical lists the planted ones", {t["id"] for t in truth_rows if t["kind"].startswith(("urgent", "review"))} <=
           {r["student"] for r in listed} | renamed)

end()
