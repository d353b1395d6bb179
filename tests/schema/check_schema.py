#!/usr/bin/env python3
"""The printed schemas are those of docs/, and every shipped definition is valid by them.

    check_schema.py PROGRAM PROJECT

Without the Python packages jsonschema and yaml the second half is skipped, by name."""
import json
import pathlib
import subprocess
import sys


def main():
    program, project = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = 0
    schemas = {}
    for kind in ("instrument", "norms", "plan"):
        printed = subprocess.run([program, "schema", kind], capture_output=True, text=True, check=True).stdout
        schemas[kind] = json.loads(printed)
        committed = project / "docs" / f"{kind}.schema.json"
        if committed.read_text() != printed:
            print(f"{committed}: not what `psyscreen schema {kind}` prints; write it again")
            failed += 1
    try:
        import jsonschema
        import yaml
    except ImportError as why:
        print(f"skipped: validation of the shipped definitions ({why})")
        return 1 if failed else 0
    files = sorted((project / "instruments").glob("**/*.yaml"))
    for path in files:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        kind = data["format"].split("/")[1]
        for error in jsonschema.Draft202012Validator(schemas[kind]).iter_errors(data):
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
            failed += 1
            break
    broken = {"format": "psyscreen/instrument/1", "id": "x", "scals": {}}
    if jsonschema.Draft202012Validator(schemas["instrument"]).is_valid(broken):
        print("a misspelt key is valid by the schema of instruments")
        failed += 1
    print(f"{len(files)} definitions, {failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
