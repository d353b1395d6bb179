#!/usr/bin/env python3
"""The YAML of docs/instruments.md runs, and its mistakes are answered as it says.

    check_blocks.py PROGRAM DOCUMENT

A block that starts with `format:` is a file by itself, called after its `id`; a block of CSV
after it is the table of the norm before it.  A block `console` under "Mistakes" holds a
command `sed ...` on the file named in it and the first line of what `psyscreen check` says."""
import pathlib
import re
import subprocess
import sys
import tempfile


def blocks(text):
    return re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def check(program, folder, path):
    done = subprocess.run([program, "check", "--instruments", str(folder), str(path)], cwd=folder,
                          capture_output=True, text=True)
    return done.returncode, done.stderr


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    text = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    failed = n = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "norms").mkdir()
        files, last = [], None
        for kind, body in blocks(text):
            if kind == "yaml" and body.startswith("format:"):
                identity = re.search(r"^id: (\w+)", body, re.MULTILINE)[1]
                norm = body.startswith("format: psyscreen/norms")
                last = folder / "norms" / identity if norm else folder / identity
                last.with_suffix(".yaml").write_text(body)
                if not norm:
                    files.append(last.with_suffix(".yaml"))
            elif kind == "csv":
                last.with_suffix(".csv").write_text(body)
        for path in files:
            code, said = check(program, folder, path)
            n += 1
            if code != 0 or "warning" in said:
                print(f"{path.name}: exit {code}\n{said}")
                failed += 1
        for kind, body in blocks(text):
            if kind != "console":
                continue
            change, name, expected = re.match(r"\$ sed '(.*)' (\S+)\n(.*)\n", body).groups()
            path = folder / name
            before = path.read_text()
            path.write_text(subprocess.run(["sed", change], input=before, capture_output=True,
                                           text=True, check=True).stdout)
            code, said = check(program, folder, name)
            path.write_text(before)
            n += 1
            if code not in (0, 3) or expected not in said.splitlines():
                print(f"sed '{change}' {name}: expected\n  {expected}\ngot exit {code}\n{said}")
                failed += 1
    print(f"{n} blocks, {failed} problems")
    return 1 if failed or n == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
