#!/usr/bin/env python3
"""Check the structure of the source tree.

A floor of lib/ includes only headers of the floors before it (and its own); norm and
validity do not see each other; bindings include only <psyscreen/...>.  File names are unique;
a source file has at most 800 lines.  The library takes memory only through lib/base/memory.c,
does not print, exit, read the environment or set the locale.

Run:  python3 tests/check_floors.py [project directory]
"""
import pathlib
import re
import sys

FLOORS = ("base math table expr definition answers intake norm validity score tier cohort stats "
          "report screening").split()
APART = ({"norm", "validity"},)
LONGEST = 800
SOURCES = {".c", ".h", ".def", ".py"}
# Names that every directory may have.
COMMON = {"__init__.py", "conftest.py", "setup.py", "run.py"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

MEMORY = "malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf aligned_alloc"
NEVER = ("printf vprintf fprintf vfprintf puts putchar fputs fputc putc perror abort exit _exit "
         "quick_exit getenv secure_getenv setenv setlocale localeconv signal sigaction system "
         "popen rand srand time clock gettimeofday localtime gmtime ctime strtok strerror")


def calls(names):
    return re.compile(r"(?<![\w.>])(" + "|".join(names.split()) + r")[ \t]*\(")


MEMORY_CALL = calls(MEMORY)
FORBIDDEN_CALL = calls(NEVER)


def without_comments(text):
    """The code alone; comments and literals become blanks, line numbers stay."""
    return COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Checker:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.n_files = 0

    def complain(self, path, line, message):
        self.problems.append(f"{path.relative_to(self.root)}:{line}: {message}")

    def check_lib_include(self, path, floor, kind, name, line):
        if kind == "<":
            if name.startswith("psyscreen/"):
                header = self.root / "include" / name
                if not header.exists() and name != "psyscreen/export.h":
                    self.complain(path, line, f"there is no <{name}>")
            return
        parts = name.split("/")
        if len(parts) != 2 or parts[0] not in FLOORS:
            self.complain(path, line, f'"{name}" is not written as "floor/file.h"')
            return
        other = parts[0]
        if FLOORS.index(other) > FLOORS.index(floor):
            self.complain(path, line, f"{floor} includes {name} of a floor above it")
        if other != floor and any({floor, other} == pair for pair in APART):
            self.complain(path, line, f"{floor} and {other} do not see each other")
        if not (self.root / "lib" / name).exists():
            self.complain(path, line, f'there is no "{name}"')

    def check_lib(self):
        for directory in sorted((self.root / "lib").iterdir()):
            if directory.is_dir() and directory.name not in FLOORS:
                self.complain(directory, 0, "is no floor of the design")
        for floor in FLOORS:
            for path in sorted((self.root / "lib" / floor).glob("**/*")):
                if path.suffix not in SOURCES:
                    continue
                self.n_files += 1
                text = path.read_text(encoding="utf-8")
                for match in INCLUDE.finditer(text):
                    self.check_lib_include(path, floor, match.group(1), match.group(2),
                                           line_of(text, match.start()))
                code = without_comments(text)
                for match in FORBIDDEN_CALL.finditer(code):
                    self.complain(path, line_of(code, match.start()),
                                  f"the library does not call {match.group(1)}()")
                if path.name != "memory.c":
                    for match in MEMORY_CALL.finditer(code):
                        self.complain(path, line_of(code, match.start()),
                                      f"memory comes from psyi_alloc(), not {match.group(1)}()")

    def check_bindings(self):
        for path in sorted((self.root / "bindings").glob("**/*.[ch]")):
            self.n_files += 1
            text = path.read_text(encoding="utf-8")
            for match in INCLUDE.finditer(text):
                kind, name = match.groups()
                line = line_of(text, match.start())
                if kind == '"' and not (path.parent / name).exists():
                    self.complain(path, line, f'"{name}" is not a header of this binding')
                if kind == "<" and name.startswith("psyscreen/") and \
                        not (self.root / "include" / name).exists():
                    self.complain(path, line, f"there is no <{name}>")
                if kind == "<" and name.split("/")[0] in FLOORS:
                    self.complain(path, line, f"<{name}> is internal to the library")

    def check_names_and_lengths(self):
        seen = {}
        for top in ("include", "lib", "bindings", "tests"):
            for path in sorted((self.root / top).glob("**/*")):
                if path.suffix not in SOURCES or not path.is_file():
                    continue
                if any(part in ("build", "__pycache__", ".venv") for part in path.parts):
                    continue
                if path.name not in COMMON:
                    if path.name in seen:
                        self.complain(path, 0, f"has the name of {seen[path.name]}")
                    seen[path.name] = path.relative_to(self.root)
                text = path.read_text(encoding="utf-8")
                n_lines = text.count("\n")
                if n_lines > LONGEST:
                    self.complain(path, n_lines, f"has more than {LONGEST} lines")
                if path.suffix in (".c", ".h"):
                    self.check_comments(path, text)

    def check_comments(self, path, text):
        for match in COMMENT.finditer(text):
            if match.group().startswith("//"):
                self.complain(path, line_of(text, match.start()), "'//' is not used")
            if re.search(r"\b(TODO|FIXME|XXX)\b", match.group()) and match.group()[0] == "/":
                self.complain(path, line_of(text, match.start()), "work left undone")


def main():
    default = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default
    checker = Checker(root)
    checker.check_lib()
    checker.check_bindings()
    checker.check_names_and_lengths()
    for problem in checker.problems:
        print(problem)
    if checker.n_files == 0:
        print("no sources found")
    return 1 if checker.problems or checker.n_files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
