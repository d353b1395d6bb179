"""A simulated district, scored: the planted truth must be found, and the same input must give
the same bytes for any number of threads, any order of rows and any locale.

    district.py PROGRAM [--students N] [--schools K]"""
import collections
import csv
import filecmp
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
STUDENTS = sys.argv[sys.argv.index("--students") + 1] if "--students" in sys.argv else "4000"
SCHOOLS = sys.argv[sys.argv.index("--schools") + 1] if "--schools" in sys.argv else "7"
passed, failed = 0, []


def expect(what, condition, detail=""):
    global passed
    if condition:
        passed += 1
    else:
        failed.append(what)
        print(f"FAILED {what} {detail}")


def run(*arguments, code=(0, 1), **environment):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          env=dict(os.environ, **environment))
    if done.returncode not in code:
        sys.exit(f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    answers = [scratch / "in/responses_1.csv", scratch / "in/responses_2.csv"]
    out = scratch / "out"
    run("score", *given, "--out", out, *answers)

    # ---- the planted truth
    truth, scores = rows(scratch / "in/truth.csv"), {r["student"]: r for r in rows(out / "scores.csv")}
    roster, findings = rows(scratch / "in/roster.csv"), rows(out / "findings.csv")
    kinds = collections.defaultdict(set)
    for t in truth:
        kinds[t["id"]].add(t["kind"])
    expect("one row per roster student", len(scores) == len(roster), f"{len(scores)} of {len(roster)}")
    order = [(r["school"], r["student"]) for r in rows(out / "scores.csv")]
    expect("rows are sorted bytewise by school and student",
           order == sorted(order, key=lambda x: (x[0].encode(), x[1].encode())))
    sealed, missed, planted = 0, [], 0
    for t in truth:
        kind = t["kind"].replace("_second", "")
        if kind not in ("urgent", "review"):
            continue
        planted += 1
        mine = kinds[t["id"]]
        use, item = t["what"].split(".")
        rule = f"{use}.{'urgent' if kind == 'urgent' else 'critical'}_{item}"
        if "unmatched" in mine:
            expect("an unmatched sheet is no row", t["id"] not in scores)
        elif mine & {"no_consent", "consent_unanswered"}:
            sealed += 1
            r = scores[t["id"]]
            expect("no consent: identity and status only",
                   r["status"] == "no_consent" and not r["rules"] and not r["tier"])
        elif rule not in scores[t["id"]]["rules"].split(";"):
            missed.append((t["id"], rule))
        elif kind == "urgent" and scores[t["id"]]["tier"] != "3":
            missed.append((t["id"], "tier"))
    expect(f"every planted critical item is listed ({planted})", planted > 20 and not missed, missed[:5])
    for kind, status in (("absent", {"absent"}), ("exempt", {"absent"}), ("no_consent", {"no_consent"}),
                         ("consent_unanswered", {"no_consent"}),
                         ("duplicate_differs", {"doubtful", "incomplete", "retest", "invalid", "no_consent"})):
        wrong = [t["id"] for t in truth if t["kind"] == kind and "unmatched" not in kinds[t["id"]]
                 and not (kind == "absent" and kinds[t["id"]] & {"no_consent", "consent_unanswered"})
                 and scores[t["id"]]["status"] not in status]
        n = sum(t["kind"] == kind for t in truth)
        expect(f"{kind}: {n} accounted for", n > 0 and not wrong, wrong[:5])
    strangers = sum(t["kind"] == "unmatched" for t in truth)
    unmatched = sum(f["severity"] == "error" and "unmatched" in f["rule"] for f in findings)
    expect("every unmatched sheet is an error finding", unmatched >= strangers > 0, f"{unmatched} {strangers}")
    for r in scores.values():
        if r["tier"] == "0" and (r["status"] != "valid" or r["undecided"]):
            expect("none only where valid and decided", False, r["student"])
            break
    else:
        expect("none only where valid and decided", True)

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
        mixed / "responses_2.csv", mixed / "responses_1.csv")
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
    expect("critical lists the planted ones", {t["id"] for t in truth if t["kind"].startswith(("urgent", "review"))} <=
           {r["student"] for r in listed})

print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or not passed else 0)
