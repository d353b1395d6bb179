"""Was what the simulator planted found?  Prints a table and fails when something was not.

    truth.py INPUT RESULTS      directories of `psyscreen simulate` and `psyscreen score`"""
import collections
import csv
import json
import pathlib
import sys


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compare(planted, results):
    """[(what, planted, found, examples of what was not found)]"""
    truth = rows(pathlib.Path(planted) / "truth.csv")
    scores = {r["student"]: r for r in rows(pathlib.Path(results) / "scores.csv")}
    findings = rows(pathlib.Path(results) / "findings.csv")
    roster = rows(pathlib.Path(planted) / "roster.csv")
    kinds = collections.defaultdict(set)
    for t in truth:
        kinds[t["id"]].add(t["kind"])
    table = [("students on the roster have a row", len(roster), len(scores), [])]

    def count(what, chosen, found):
        chosen = list(chosen)
        missed = [t["id"] for t in chosen if not found(t)]
        table.append((what, len(chosen), len(chosen) - len(missed), missed[:5]))

    def silent(t):
        return kinds[t["id"]] & {"no_consent", "consent_unanswered"}

    def stranger(t):
        return "unmatched" in kinds[t["id"]]

    def fired(t):
        use, item = t["what"].split(".")
        urgent = t["kind"].startswith("urgent")
        r = scores[t["id"]]
        return f"{use}.{'urgent' if urgent else 'critical'}_{item}" in r["rules"].split(";") and (
            not urgent or r["tier"] == "3")

    critical = [t for t in truth if t["kind"].replace("_second", "") in ("urgent", "review")]
    for kind in ("urgent", "review"):
        count(f"{kind} critical answers are listed",
              (t for t in critical if t["kind"].startswith(kind) and not silent(t) and not stranger(t)), fired)
    count("critical answers without consent are sealed: status only", (t for t in critical if silent(t)),
          lambda t: scores[t["id"]]["status"] == "no_consent" and not scores[t["id"]]["rules"])
    for kind, statuses in (("absent", {"absent"}), ("exempt", {"absent"}), ("no_consent", {"no_consent"}),
                           ("consent_unanswered", {"no_consent"}),
                           ("duplicate_differs", {"doubtful", "incomplete", "retest", "invalid"})):
        count(f"{kind}: the status says so",
              (t for t in truth if t["kind"] == kind and not stranger(t)
               and (kind in ("no_consent", "consent_unanswered") or not silent(t))),
              lambda t, statuses=statuses: scores[t["id"]]["status"] in statuses)
    subjects = collections.defaultdict(set)
    for f in findings:
        subjects[f["rule"]].add(f["subject"])
    for kind, rule in (("late_gbk", None), ("late_xlsx", None), ("wrong_class", "class_differs"),
                       ("former_number", "former_number"), ("no_code_found", "matched_otherwise")):
        count(f"{kind}: the paper is his" + (f", told as {rule}" if rule else ""),
              (t for t in truth if t["kind"] == kind),
              lambda t, rule=rule: scores[t["id"]]["status"] != "absent" and (rule is None or t["id"] in subjects[rule]))
    lost = [t for t in truth if t["kind"] in ("mistyped", "no_code_ambiguous")]
    count("papers that could be several pupils' are nobody's", lost, lambda t: scores[t["id"]]["status"] == "absent")
    away = {t["id"] for t in truth if t["kind"] in ("absent", "exempt", "mistyped", "no_code_ambiguous")} - {
        t["id"] for t in truth if silent(t)}
    found_away = {r["student"] for r in scores.values() if r["status"] == "absent"}
    table.append(("exactly those are absent who are", len(away), len(away & found_away) - len(found_away - away), []))
    strangers = [t for t in truth if t["kind"] == "unmatched"]
    papers = sum(1 + bool(kinds[t["id"]] & {"duplicate_same", "duplicate_differs"}) for t in strangers) + len(lost)
    errors = sum(f["severity"] == "error" and f["rule"].startswith("unmatched") for f in findings)
    table.append(("papers of nobody on the roster are errors", papers, errors, []))
    count("nobody unmatched has a row", strangers, lambda t: t["id"] not in scores)
    counts = json.loads((pathlib.Path(results) / "run.json").read_text(encoding="utf-8"))["counts"]
    exempt = sum(t["kind"] == "exempt" for t in truth)
    untested = len({t["id"] for t in truth if t["kind"] in ("absent", "exempt", "mistyped", "no_code_ambiguous")})
    table += [("T: everybody on the roster", len(roster), counts["T_target"], []),
              ("E: excused", exempt, counts["E_exempt"], []),
              ("D = T - E", len(roster) - exempt, counts["D_due"], []),
              ("C: with at least one answer", len(roster) - untested, counts["C_tested"], []),
              ("V: valid or doubtful", sum(r["status"] in ("valid", "doubtful") for r in scores.values()),
               counts["V_valid"], [])]
    none = [r for r in scores.values() if r["tier"] == "0"]
    wrong = [r["student"] for r in none if r["status"] != "valid" or r["undecided"]]
    table.append(("tier none only where valid and decided", len(none), len(none) - len(wrong), wrong[:5]))
    return table


def main():
    table = compare(sys.argv[1], sys.argv[2])
    print(f"{'what was planted':<55}{'planted':>9}{'found':>9}")
    for what, planted, found, missed in table:
        print(f"{what:<55}{planted:>9,}{found:>9,}{'' if planted == found else '   MISSED ' + ' '.join(missed)}")
    sys.exit(any(planted != found for _, planted, found, _ in table))


if __name__ == "__main__":
    main()
