"""Score the sheets of this folder with the command line and compare every column.

compare_instruments.py PSYSCREEN INSTRUMENTS_DIR [ID...]
"""
import csv
import io
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCE = 1e-12  # relative: both sides print the double nearest to an exact number


def same(got, expected):
    if got == expected:
        return True
    try:
        got, expected = float(got), float(expected)
    except ValueError:
        return False
    return abs(got - expected) <= TOLERANCE * max(1.0, abs(expected))


def compare(program, instruments, name):
    """Differences of one instrument, as sentences."""
    path = os.path.join(HERE, name + ".csv")
    with open(path, encoding="ascii", newline="") as file:
        sheets = list(csv.reader(file))
    header, sheets = sheets[0], sheets[1:]
    first = next(i for i, cell in enumerate(header) if cell.startswith(name + "."))
    answers = io.StringIO()
    csv.writer(answers, lineterminator="\n").writerows(row[:first] for row in [header] + sheets)
    run = subprocess.run([program, "score", "--quiet", "--instruments", instruments,
                          "--instrument", name, "--keep", "row"],
                         input=answers.getvalue().encode(), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    if run.returncode != 0:
        return ["%s: exit %d: %s" % (name, run.returncode, run.stderr.decode().strip())]
    scored = {row["row"]: row for row in csv.DictReader(io.StringIO(run.stdout.decode()))}
    found = []
    for sheet in sheets:
        for column, expected in zip(header[first:], sheet[first:]):
            got = scored.get(sheet[0], {}).get(column, "(no such cell)")
            if not same(got, expected):
                found.append("%s, row %s: %s is '%s', expected '%s'"
                             % (name, sheet[0], column, got, expected))
    return found


def main():
    program, instruments, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    names = names or sorted(name[:-4] for name in os.listdir(HERE) if name.endswith(".csv"))
    found = [line for name in names for line in compare(program, instruments, name)]
    print("\n".join(found[:50] + ["%d instruments, %d differences" % (len(names), len(found))]))
    sys.exit(1 if found else 0)


main()
