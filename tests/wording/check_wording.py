#!/usr/bin/env python3
"""No text of the program calls a child ill: every string literal of lib/ and bindings/ and
every line of the definitions is searched for words a screening must not use.

    check_wording.py SOURCE"""
import pathlib
import re
import sys

SOURCE = pathlib.Path(sys.argv[1])
FORBIDDEN = re.compile("确诊|患病|心理疾病|最差班级|精神病人|diagnosed (as|with)|mentally ill|worst class")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LIST_OF_THEM = SOURCE / "lib/definition/lint.c"
texts = found = 0

for path in sorted([*SOURCE.glob("lib/**/*.c"), *SOURCE.glob("bindings/**/*.c"), *SOURCE.glob("bindings/**/*.py")]):
    # Neighbouring literals are one text.
    source = re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
    for literal in LITERAL.finditer(source):
        texts += 1
        if FORBIDDEN.search(literal.group(1)) and path != LIST_OF_THEM:
            found += 1
            print(f"{path.relative_to(SOURCE)}: {literal.group(1)}")
for path in sorted((SOURCE / "instruments").glob("**/*.yaml")):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        texts += 1
        if FORBIDDEN.search(line) and "cite:" not in line:
            found += 1
            print(f"{path.relative_to(SOURCE)}:{number}: {line.strip()}")
# A search that finds nothing because it reads nothing would pass for ever.
if not FORBIDDEN.search(LIST_OF_THEM.read_text(encoding="utf-8")) or texts < 5000:
    sys.exit(f"only {texts} texts were searched, or the pattern finds nothing")
sys.exit(bool(found))
