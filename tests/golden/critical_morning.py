"""The critical list in the middle of a testing day: files that are still being written, the same papers in two exports of a
morning, no roster and no norms.

    critical_morning.py PROGRAM"""
import csv
import io
import pathlib
import subprocess
import sys
import tempfile

from expectations import end, expect
from workbook import head_of, listed as listed_in, tables

PROGRAM = sys.argv[1]


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    subprocess.run([PROGRAM, "simulate", "--plan", "district_demo", "--students", "400", "--schools", "2", "--seed", "6", "--out",
                    scratch / "in"], check=True, capture_output=True)
    (scratch / "in/roster.csv").unlink()  # nobody has it yet
    whole = (scratch / "in/responses_1.csv").read_bytes()
    lines = whole.split(b"\n")

    def listed(*files):
        done = subprocess.run([PROGRAM, "critical", scratch / "in/plan.yaml", *files], capture_output=True, text=True)
        return done, list(csv.DictReader(io.StringIO(done.stdout)))

    def papers(rows):
        return sorted(tuple(v for k, v in r.items() if k not in ("file", "row")) for r in rows)

    # ---- a file that is being written
    first = b"\n".join(lines[:60]) + b"\n"
    partial = scratch / "partial.csv"
    partial.write_bytes(first)
    done, before = listed(partial)
    expect("a part of an export", done.returncode in (0, 1) and len(before) > 3, done.stderr[-300:])
    row = lines[60]
    for encoding in ("utf-8", "gb18030"):
        coded, tail = first.decode().encode(encoding), row.decode().encode(encoding)
        for cut in range(0, len(tail) + 1, 1 if encoding == "utf-8" else 3):
            partial.write_bytes(coded + tail[:cut])
            done, rows = listed(partial)
            expect(f"{encoding}, cut off behind byte {cut} of the last row", done.returncode in (0, 1) and
                   len(rows) in (len(before), len(before) + 1) and not set(papers(before)) - set(papers(rows)),
                   (done.returncode, len(rows), done.stderr[-200:]))
    partial.write_bytes(first + "合".encode()[:2])
    done = subprocess.run([PROGRAM, "score", "--plan", scratch / "in/plan.yaml", "--out", scratch / "out", partial],
                          capture_output=True, text=True)
    expect("a whole run refuses what was cut off within a character", done.returncode == 3 and "it was cut off" in done.stderr,
           done.stderr[-300:])

    # ---- two exports of one morning: the later one has all of the earlier, and more
    early, late = scratch / "early.csv", scratch / "late.csv"
    early.write_bytes(b"\n".join(lines[:150]) + b"\n")
    late.write_bytes(b"\n".join([lines[0], *reversed(lines[1:300])]) + b"\n")
    _, alone = listed(late)
    done, both = listed(early, late)
    expect("papers of two exports are listed once", papers(both) == papers(alone), (len(both), len(alone)))
    expect("the order of the files changes nothing", papers(listed(late, early)[1]) == papers(both))
    # A second paper of a child who answers otherwise is another line.
    head = lines[0].split(b",")
    cells = next(line.split(b",") for line in lines[1:] if line.split(b",")[head.index(b"PHQ9_9")] == b"3")
    other = list(cells)
    other[head.index(b"PHQ9_1")] = b"0" if cells[head.index(b"PHQ9_1")] != b"0" else b"1"
    partial.write_bytes(b"\n".join([lines[0], b",".join(cells), b",".join(cells), b",".join(other)]) + b"\n")
    expect("a paper with other answers stays", len(listed(partial)[1]) == 2)
    nobody = [b"" if i == 0 else c for i, c in enumerate(cells)]
    partial.write_bytes(b"\n".join([lines[0], b",".join(nobody), b",".join(nobody)]) + b"\n")
    expect("two papers of nobody known are two", len(listed(partial)[1]) == 2)

    # ---- a file that cannot be read does not hold up the others, and nobody takes the list for a whole one
    broken, nowhere = scratch / "cut.xlsx", scratch / "not_there.csv"
    broken.write_bytes((scratch / "in/responses_4.xlsx").read_bytes()[:3000])
    done, rows = listed(late, broken, nowhere)
    expect("the other files are listed", papers(rows) == papers(alone), (len(rows), len(alone)))
    expect("the exit is that of a result with gaps", done.returncode == 1, done.returncode)
    expect("which files, and why", done.stderr.count("[file_left_out]") == 2 and "cut.xlsx: error: the list is not complete" in done.stderr
           and "cut off or damaged" in done.stderr and "not_there.csv" in done.stderr, done.stderr[-600:])
    expect("nothing is told twice", done.stderr.count("columns_unused") <= 1, done.stderr)
    book = scratch / "gaps.xlsx"
    subprocess.run([PROGRAM, "critical", "-q", "--out", book, scratch / "in/plan.yaml", late, broken, nowhere], capture_output=True)
    above = [text for number, row in sorted(tables(book)["重点题名单"].items()) for text in row.values() if number < 5]
    expect("the workbook says so, above its list", any("名单不完整" in t and "cut.xlsx, not_there.csv" in t for t in above), above)
    expect("and has its lines", len(listed_in(tables(book)["重点题名单"], head_of(tables(book)["重点题名单"]))) == len(rows))
    done, rows = listed(broken)
    expect("one file alone is refused as before", done.returncode == 3 and not rows, (done.returncode, done.stderr[-200:]))
    done, rows = listed(broken, nowhere)
    expect("none that can be read: refused", done.returncode == 3 and not rows, (done.returncode, done.stderr[-200:]))

    # ---- most urgent first, then by when it is due; times that are not known come last
    order = {"urgent": 0, "review": 1, "unanswered": 2}
    keys = [(order[r["class"]], r["due"] or "9") for r in both]
    expect("sorted", keys == sorted(keys) and len({k[0] for k in keys}) > 1)

end()
