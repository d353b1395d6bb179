#!/usr/bin/env python3
"""Check that every public C function is bound in Python, or is not on purpose.

Run:  python3 bindings/python/check_bound.py [project directory]
"""
import fnmatch
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DECLARED = re.compile(r"PSY_API[^;{]*?\b(psy_\w+)\s*\(")


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE.parents[1]
    public = set()
    for header in sorted((root / "include/psyscreen").glob("*.h")):
        public |= set(DECLARED.findall(header.read_text(encoding="utf-8")))
    used = set()
    for source in sorted((HERE / "src/psyscreen").glob("*.py")):
        used |= set(re.findall(r"(?:\b|_)lib\.(psy_\w+)", source.read_text(encoding="utf-8")))
    for source in sorted((HERE / "native").glob("*.c")):
        used |= set(re.findall(r"\b(psy_\w+)\(", source.read_text(encoding="utf-8")))
    left_out = {}
    for line in (HERE / "not_bound.txt").read_text(encoding="utf-8").splitlines():
        name, _, reason = line.partition(":")
        if line.strip() and not line.startswith("#"):
            left_out[name.strip()] = reason.strip()
    problems = []
    matched = {pattern: {name for name in public if fnmatch.fnmatchcase(name, pattern)}
               for pattern in left_out}
    unbound = set().union(*matched.values()) - used
    for name in sorted(public - used - unbound):
        problems.append(f"{name}() is public and Python does not know it. Either call it in "
                        "bindings/python/src/psyscreen, or add this line to "
                        f"bindings/python/not_bound.txt (a family may be a pattern, psy_irt_*):"
                        f"\n    {name}: the reason")
    for pattern, names in sorted(matched.items()):
        if not names - used:
            problems.append(f"{pattern} is bound now, or no public function any more: take its "
                            "line out of bindings/python/not_bound.txt")
    for name, reason in sorted(left_out.items()):
        if not reason:
            problems.append(f"not_bound.txt gives no reason for {name}")
    if not public:
        problems.append("no public functions found")
    for problem in problems:
        print(problem)
    print(f"{len(public & used)} of {len(public)} public functions are bound, "
          f"{len(unbound)} are not on purpose")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
