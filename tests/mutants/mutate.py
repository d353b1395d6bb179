#!/usr/bin/env python3
"""Damage every definition in every way a person would, and see that `psyscreen check` says so.

    mutate.py PROGRAM INSTRUMENTS [--only ID] [--cap N] [--seed S] [--jobs N] [--list]
                                  [--goal PERCENT]

A mutant is caught when `check` finds an error in it, or a warning that the undamaged file has
not and that names the damaged place.  Mutants whose compiled content is the same as before
(the fingerprint says so) are no damage and not counted.  --cap limits the mutants of one
operator and file (drawn by the seed; 0: all), --list names the survivors.  Ends with 1 below
the goal, or when a damaged cut-off or flag went unseen."""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import operators
import yaml_tree

BATCH = 100


def norm_files(folder, instrument):
    """{head file: (head text, CSV lines)} of the norms of one instrument."""
    found = {}
    for head in sorted((folder / "norms").glob("*.yaml")):
        text = head.read_text(encoding="utf-8")
        if yaml_tree.parse(text).get("instrument") == instrument:
            found[head.stem] = (text, head.with_suffix(".csv").read_text().splitlines())
    return found


def limited(mutants, cap, chance):
    mutants = list(mutants)
    return chance.sample(mutants, cap) if cap and len(mutants) > cap else mutants


def mutants_of(path, folder, options):
    """(operator, where, what, {relative file: text}) of one instrument."""
    data = yaml_tree.parse(path.read_text(encoding="utf-8"))
    form = operators.Form(data)
    norms = norm_files(folder, data["id"])
    files = {}
    for name, (head, lines) in norms.items():
        files[f"norms/{name}.yaml"] = head
        files[f"norms/{name}.csv"] = "\n".join(lines) + "\n"
    base = dict(files, **{path.name: yaml_tree.document(data)})
    out = [("", "", "", base)]
    for name, operator in operators.OPERATORS.items():
        chance = random.Random(f"{options.seed} {data['id']} {name}")
        for where, what, changes in limited(operator(form, chance), options.cap, chance):
            changed = {k: v for k, v in dict(data, **changes).items() if v is not None}
            out.append((name, where, what, dict(files, **{path.name: yaml_tree.document(changed)})))
    for name, operator in operators.NORM_OPERATORS.items():
        chance = random.Random(f"{options.seed} {data['id']} {name}")
        all_of = [(w, t, norm, lines) for norm, (_, rows) in norms.items()
                  for w, t, lines in operator(norm, rows)]
        for where, what, norm, lines in limited(all_of, options.cap, chance):
            out.append((name, where, what, dict(base, **{f"norms/{norm}.csv": "\n".join(lines) + "\n"})))
    return data["id"], out


def run_batch(program, root, paths):
    """Findings of many files: {path: [finding]}"""
    done = subprocess.run([program, "check", "--json", "--instruments", str(root), *paths],
                          capture_output=True, text=True, timeout=600)
    found = collections.defaultdict(list)
    if done.returncode not in (0, 3):
        sys.exit(f"mutate.py: check ended with {done.returncode}: {done.stderr[:500]}")
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        if "severity" in finding:
            found[finding["file"]].append(finding)
    return found


def key(finding):
    return finding.get("rule"), finding.get("field"), finding.get("subject"), finding.get("message")


def names_place(finding, where, what):
    """Does a warning point at the damage: its path, or one of the ids that were touched?"""
    field, subject = finding.get("field", ""), finding.get("subject", "")
    words = set(what.replace(":", " ").split())
    return field.startswith(where) or where.startswith(field) or subject in words


def fingerprints(program, folder):
    done = subprocess.run([program, "list", "--json", "--instruments", str(folder)],
                          capture_output=True, text=True, timeout=60)
    return {row["id"]: row["fingerprint"] for row in map(json.loads, done.stdout.splitlines())}


def judge(program, root, identity, mutants):
    """[(operator, where, what, outcome)]: caught, survived or same."""
    folders = []
    for n, (_, _, _, files) in enumerate(mutants):
        folder = root / f"{identity}-{n}"
        (folder / "norms").mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        folders.append(folder)
    empty = root / "empty"
    empty.mkdir(exist_ok=True)
    found = collections.defaultdict(list)
    for first in range(0, len(folders), BATCH):
        for path, findings in run_batch(program, empty, map(str, folders[first:first + BATCH])).items():
            found[str(pathlib.Path(path).relative_to(root)).split("/")[0]] += findings
    known = {key(f) for f in found[folders[0].name]}
    if any(f["severity"] == "error" for f in found[folders[0].name]):
        sys.exit(f"mutate.py: {identity} has errors before any damage")
    before = None
    results = []
    for folder, (operator, where, what, _) in list(zip(folders, mutants))[1:]:
        new = [f for f in found[folder.name] if key(f) not in known]
        if any(f["severity"] == "error" for f in new) or any(
                f["severity"] == "warning" and names_place(f, where, what) for f in new):
            outcome = "caught"
        else:
            before = before or fingerprints(program, folders[0])[identity]
            same = operator not in operators.NORM_OPERATORS
            same = same and fingerprints(program, folder).get(identity) == before
            outcome = "same" if same else "survived"
        results.append((operator, where, what, outcome))
    return identity, results


def report(results, options):
    table = collections.defaultdict(lambda: [0, 0])
    survivors = []
    same = 0
    for identity, rows in sorted(results):
        for operator, where, what, outcome in rows:
            if outcome == "same":
                same += 1
                continue
            table[operator][0] += 1
            table[operator][1] += outcome == "caught"
            if outcome == "survived":
                survivors.append((operator, identity, where, what))
    total = sum(n for n, _ in table.values())
    caught = sum(c for _, c in table.values())
    print(f"{'operator':<16} mutants  caught  survived")
    for operator, (n, c) in table.items():
        print(f"{operator:<16} {n:7} {c:7} {n - c:9}")
    share = 100.0 * caught / total if total else 100.0
    print(f"{'all':<16} {total:7} {caught:7} {total - caught:9}   {share:.2f} % caught; "
          f"{same} more changed nothing")
    if options.list:
        for operator, identity, where, what in sorted(survivors):
            print(f"survived: {operator}: {identity}: {where}: {what}")
    else:
        per = collections.Counter((o, i) for o, i, _, _ in survivors)
        for (operator, identity), n in sorted(per.items()):
            print(f"survived: {operator}: {identity}: {n}")
    tier = [s for s in survivors if s[0] in operators.TIER]
    print(f"{len(tier)} of them move a cut-off or a flag")
    return 1 if share < options.goal or tier else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("instruments", type=pathlib.Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--cap", type=int, default=0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--goal", type=float, default=95.0)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    paths = [p for p in sorted(options.instruments.glob("*.yaml"))
             if not options.only or p.stem in options.only]
    with tempfile.TemporaryDirectory() as scratch, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def work(path):
            identity, mutants = mutants_of(path, options.instruments, options)
            with tempfile.TemporaryDirectory(dir=scratch) as root:
                return judge(program, pathlib.Path(root), identity, mutants)
        results = list(pool.map(work, paths))
    return report(results, options)


if __name__ == "__main__":
    sys.exit(main())
