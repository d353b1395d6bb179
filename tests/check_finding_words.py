"""Every kind of finding that a run of a screening can make has a name in both languages, and what can stand
beside a student says so in Chinese, too: a reader of a workbook does not read English.

    check_finding_words.py PROJECT"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
# Never in a workbook: a column, and what is found about keys, passwords and by other commands than `score`.
NEVER = {"case_id", "case_edited", "case_filled_in", "case_unknown", "column_missing", "example_failed", "key_against", "key_readable", "key_unclear",
         "not_loaded", "password_shared", "passwords_readable", "roles_removed", "row_edited", "row_missing", "row_repeated",
         "sheet_missing", "stale_edited", "state_differs", "workbook_missing", "workbook_repeated"}
failed = []


def expect(what, condition):
    if not condition:
        failed.append(what)
        print("FAILED", what)


words = (ROOT / "lib/report/finding_words.c").read_text(encoding="utf-8")
names_part, said_part = words.split("said[] = {")
names = {rule: (zh, en) for rule, zh, en in re.findall(r'\{"([a-z_]+)",\s*"([^"]*)",\s*"([^"]*)"\}', names_part)}
said = set(re.findall(r'\{"([a-z_]+)",', said_part))
chinese = re.compile("[\u4e00-\u9fff]")
made, about_one = set(), set()
for floor in ("intake", "cohort", "screening", "score", "norm", "tier", "validity", "report", "answers"):
    for path in (ROOT / "lib" / floor).glob("*.c"):
        if path.name.startswith(("collect", "simulate")):  # other commands, which tell their own reader
            continue
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"\.rule = ([^,;]*)", text):
            made |= set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', found.group(1)))
        for found in re.finditer(r'psyi_(?:record|student)_finding\([^;]*?"([a-z]+(?:_[a-z]+)+)"', text):
            about_one.add(found.group(1))
        for found in re.finditer(r'\b(?:differs|roster_finding|leave_out|about_previous|tell)\([^;]*?"([a-z]+(?:_[a-z]+)+)",', text):
            made.add(found.group(1))
        for found in re.finditer(r'\[PSYI_[A-Z_]+\] = \{"([a-z_]+)", PSY_(?:NOTE|WARNING|ERROR)', text):
            about_one.add(found.group(1))  # of a cell, and so of the student on its line
        if path.name == "people.c":
            about_one |= set(re.findall(r'"([a-z]+_differs)"', text))
made |= about_one
expect(f"enough kinds were found in the sources: {len(made)}, {len(about_one)} of them about one student", len(made) > 60 and len(about_one) > 20)
for rule in sorted(made - NEVER):
    expect(f"{rule}: a name in both languages in finding_words.c", rule in names and chinese.search(names[rule][0]) and
           names[rule][1] and not chinese.search(names[rule][1]))
for rule in sorted(about_one - NEVER):
    expect(f"{rule}: what it says in Chinese in finding_words.c", rule in said)
expect("each has one name", len(re.findall(r'\{"[a-z_]+",', names_part)) == len(names))
print(f"{len(made)} kinds, {len(about_one)} about one student, {len(failed)} failed")
sys.exit(1 if failed else 0)
