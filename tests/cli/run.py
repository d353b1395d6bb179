"""Run the cases of tests/cli: each folder holds `cmd` (a shell script), its input files and
what must come out: `stdout`, `stderr` (lines may hold * wildcards) and `exit` (default 0).

    run.py PROGRAM CASES [CASE...] [--update]

A case runs in a scratch copy of its folder with $PSY as the program and $SOURCE as the
project.  --update writes what came out; read it before you commit it."""
import fnmatch
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def same(wanted, got):
    if wanted == got:
        return True
    a, b = wanted.splitlines(), got.splitlines()
    return len(a) == len(b) and all(w == g or ("*" in w and fnmatch.fnmatchcase(g, w.replace("[", "[[]")))
                                    for w, g in zip(a, b))


def run_case(program, folder, update):
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch) / "case"
        shutil.copytree(folder, work)
        for name in ("cmd", "stdout", "stderr", "exit"):
            (work / name).unlink(missing_ok=True)
        source = pathlib.Path(__file__).resolve().parent.parent.parent
        environment = dict(os.environ, PSY=program, SOURCE=str(source), LC_ALL="C.UTF-8", TZ="UTC")
        done = subprocess.run(["bash", "-u", str((folder / "cmd").resolve())], cwd=work, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=240)
    got = {"stdout": done.stdout.decode("utf-8", "replace"), "stderr": done.stderr.decode("utf-8", "replace"),
           "exit": f"{done.returncode}\n"}
    for key in got:
        got[key] = got[key].replace(str(source), "$SOURCE").replace(scratch, "$SCRATCH")
    problems = []
    for key, text in got.items():
        path = folder / key
        wanted = path.read_text() if path.exists() else ("0\n" if key == "exit" else "")
        if same(wanted, text):
            continue
        if update:
            if text == ("0\n" if key == "exit" else ""):
                path.unlink(missing_ok=True)
            else:
                path.write_text(text)
        problems.append(f"{key}:\n--- wanted\n{wanted}--- got\n{text}---")
    return problems


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    update = "--update" in sys.argv
    program, cases, chosen = str(pathlib.Path(arguments[0]).resolve()), pathlib.Path(arguments[1]), arguments[2:]
    passed = failed = 0
    for folder in sorted(p.parent for p in cases.glob("*/cmd")):
        if chosen and folder.name not in chosen:
            continue
        problems = run_case(program, folder, update)
        passed, failed = passed + (not problems), failed + bool(problems)
        print(f"{'updated' if problems and update else 'FAILED' if problems else 'ok'}  {folder.name}")
        for problem in [] if update else problems:
            print(problem)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if (failed and not update) or passed + failed == 0 else 0)


main()
