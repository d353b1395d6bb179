#!/usr/bin/env python3
"""Compile every public header alone, twice in a row, as C11 and as C++17.

Also: the umbrella <psyscreen/psyscreen.h> includes every other header, and no header defines
a macro outside PSY_, PSYSCREEN_ and the guards of the Arrow C data interface.

Run:  python3 check_headers.py CC CXX INCLUDE_DIRECTORY...    (CXX may be empty)
"""
import pathlib
import re
import subprocess
import sys

FLAGS = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
OURS = re.compile(r"(PSY|PSYSCREEN)_|ARROW_")


def compiles(compiler, language, standard, header, directories):
    source = f"#include <psyscreen/{header}>\n" * 2 + "int psy_header_test;\n"
    command = [compiler, f"-std={standard}", *FLAGS, "-x", language, "-"]
    command += [f"-I{directory}" for directory in directories]
    result = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
    if result.returncode != 0:
        print(f"<psyscreen/{header}> does not compile alone as {standard}:\n{result.stderr}")
    return result.returncode == 0


def main():
    cc, cxx, *directories = sys.argv[1:]
    public = pathlib.Path(directories[0]) / "psyscreen"
    headers = sorted(path.name for path in public.glob("*.h"))
    good = len(headers) > 0
    for header in headers:
        good &= compiles(cc, "c", "c11", header, directories)
        if cxx:
            good &= compiles(cxx, "c++", "c++17", header, directories)
        for name in MACRO.findall((public / header).read_text(encoding="utf-8")):
            if not OURS.match(name):
                print(f"<psyscreen/{header}> defines {name}")
                good = False
    umbrella = public / "psyscreen.h"
    text = umbrella.read_text(encoding="utf-8") if umbrella.exists() else ""
    for header in headers:
        if header != "psyscreen.h" and f"#include <psyscreen/{header}>" not in text:
            print(f"<psyscreen/psyscreen.h> does not include <psyscreen/{header}>")
            good = False
    if not cxx:
        print("no C++ compiler: the headers were tried as C only")
    print(f"{len(headers)} headers")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
