#!/usr/bin/env python3
"""Mistakes that were found in other programs: we do not make them.

    wrong_implementations.py PROGRAM INSTRUMENTS

Each case is a sheet on which the mistake matters: what the published key says (counted by
hand), what the other program makes of it, and that psyscreen prints the former."""
import csv
import io
import subprocess
import sys

failed = 0


def score(instrument, answers, variant="", person=None):
    """One row of `psyscreen score --instrument`; answers: {item: text}."""
    row = {f"{instrument}_{item}": value for item, value in answers.items()}
    row.update(person or {})
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(row))
    writer.writeheader()
    writer.writerow(row)
    done = subprocess.run([sys.argv[1], "score", "--instruments", sys.argv[2], "--instrument",
                           instrument + variant, "--quiet"], input=text.getvalue(),
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{instrument}: exit {done.returncode}: {done.stderr}")
    return next(csv.DictReader(io.StringIO(done.stdout)))


def expect(what, row, column, right, wrong):
    global failed
    got = row[column]
    if got != right or right == wrong:
        print(f"{what}: {column} is '{got}', the key says '{right}' (the mistake gives '{wrong}')")
        failed += 1


def sheet(n, value, **others):
    answers = {str(i): str(value) for i in range(1, n + 1)}
    answers.update({k.lstrip("i"): str(v) for k, v in others.items()})
    return answers


def main():
    # MHT: item 100 counted as loneliness, the ten lie items counted in the total.
    row = score("mht", sheet(100, 0, i100=1))
    expect("mht item 100", row, "mht.loneliness", "0", "1")
    row = score("mht", sheet(100, 1))
    expect("mht total", row, "mht.total", "90", "100")
    # SCL-90 and MSSMHS printed 0-4: an answer 1 is a positive item, and bands are those of 0-4.
    row = score("scl90", sheet(90, 1), ":0-4")
    expect("scl90 printed 0-4", row, "scl90.pst", "90", "0")
    expect("scl90 printed 0-4", row, "scl90.total.band", "screen_positive", "below")
    # SDQ without reversals: the best sheet would score 10 of 40.
    best = sheet(25, 0, **{f"i{i}": 2 for i in (1, 4, 7, 9, 11, 14, 17, 20, 21, 25)})
    row = score("sdq", best, person={"informant": "self"})
    expect("sdq reversals", row, "sdq.total_difficulties", "0", "10")
    # SDQ peer problems are 6, 11, 14, 19, 23 (11 and 14 reversed).
    row = score("sdq", dict(best, **{"6": "2", "19": "2", "23": "2", "11": "0", "14": "0"}),
                person={"informant": "self"})
    expect("sdq peer list", row, "sdq.peer", "10", "6")
    # RCADS: three of the depression items blank is no score, and an answer 0 is an answer.
    blank = sheet(47, 1, **{f"i{i}": "" for i in (2, 6, 11)})
    row = score("rcads47", blank)
    expect("rcads47 three blank", row, "rcads47.depression", "", "10")
    row = score("rcads47", sheet(47, 0))
    expect("rcads47 zero is an answer", row, "rcads47.depression", "0", "")
    expect("rcads47 zero is an answer", row, "rcads47.depression.answered", "10", "0")
    # RCADS: sex counts in every grade, also in 4, 6, 8, 10 and 12.
    t = "rcads47.separation.t@us_users_guide"
    for grade in ("4", "6", "8", "10", "12"):
        of = {sex: score("rcads47", sheet(47, 2),
                         person={"informant": "self", "sex": sex, "grade": grade})[t]
              for sex in ("male", "female")}
        if of["male"] == of["female"]:
            expect(f"rcads47 grade {grade}", {t: of["female"]}, t, "not as the boys", of["male"])
    # PSQI: 23:30 is half past eleven, not 23.30 hours, and the night goes over midnight.
    night = {f"q5{c}": "0" for c in "bcdefghij"}
    night.update({"q1_bed": "23:30", "q2_min": "10", "q3_up": "07:00", "q4_hours": "6.5",
                  "q5a": "0", "q6": "0", "q7": "0", "q8": "0", "q9": "0"})
    row = score("psqi", night)
    expect("psqi bedtime", row, "psqi.time_in_bed_min", "450", "462")
    expect("psqi bedtime", row, "psqi.c4", "0", "1")
    late = score("psqi", dict(night, q1_bed="00:30"))
    expect("psqi after midnight", late, "psqi.time_in_bed_min", "390", "1830")
    # UPI: the critical item is 25; 15, 20, 45 and 54 alone are nothing urgent.
    row = score("upi", sheet(60, 0, i25=1))
    expect("upi item 25", row, "upi.critical_25", "true", "false")
    row = score("upi", sheet(60, 0, i15=1, i45=1, i54=1))
    expect("upi items 15, 45, 54", row, "upi.critical_25", "false", "true")
    print(f"wrong implementations: {failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
