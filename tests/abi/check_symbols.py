#!/usr/bin/env python3
"""Check what the library exports, and that it keeps no state.

The dynamic symbols of the shared library are exactly those of psyscreen.symbols, all begin
with psy_, and it asks for no psy symbol that it does not have.  In the archive of its
objects every global name begins with psy_ or psyi_, and no object is in writable memory.

Run:  python3 check_symbols.py LIBRARY.so ARCHIVE.a
"""
import pathlib
import subprocess
import sys

LIST = pathlib.Path(__file__).resolve().parent / "psyscreen.symbols"
# What some linkers add to every library.
LINKER = {"__bss_start", "_edata", "_end", "_init", "_fini"}
WRITABLE = (".data", ".bss", ".tdata", ".tbss", "*COM*")


def run(*command):
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout


def exported(library):
    lines = run("nm", "-D", "--defined-only", library).splitlines()
    return sorted({line.split()[-1] for line in lines if line.strip()} - LINKER)


def check_library(library):
    good = True
    names = exported(library)
    listed = LIST.read_text(encoding="utf-8").split()
    for name in sorted(set(names) - set(listed)):
        print(f"{name} is exported but not in psyscreen.symbols (tests/abi/update.sh)")
        good = False
    for name in sorted(set(listed) - set(names)):
        print(f"{name} is in psyscreen.symbols but not exported")
        good = False
    if listed != sorted(listed):
        print("psyscreen.symbols is not sorted")
        good = False
    for name in names:
        if not name.startswith("psy_"):
            print(f"{name} does not begin with psy_")
            good = False
    for line in run("nm", "-D", "--undefined-only", library).splitlines():
        name = line.split()[-1]
        if name.startswith("psy"):
            print(f"{name} is used but defined nowhere")
            good = False
    return good


def check_archive(archive):
    good = True
    for line in run("objdump", "-t", archive).splitlines():
        # address, seven flag characters, section, size, name
        if len(line) < 25 or line[16] != " " or not line[:16].isalnum():
            continue
        flags, rest = line[17:24], line[25:].split()
        section, name = rest[0], rest[-1]
        if "d" in flags or "f" in flags or section == "*UND*":
            continue
        if flags[0] == "g" and not name.startswith(("psy_", "psyi_")):
            print(f"the global name {name} does not begin with psy_ or psyi_")
            good = False
        # .data.rel.ro is read-only once the library is loaded.
        if section.startswith(WRITABLE) and not section.startswith(".data.rel.ro"):
            print(f"{name} is state: it lies in {section}")
            good = False
    return good


def main():
    if sys.argv[1] == "--update":
        LIST.write_text("\n".join(exported(sys.argv[2])) + "\n", encoding="utf-8")
        return 0
    library, archive = sys.argv[1:]
    good = check_library(library)
    good &= check_archive(archive)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
