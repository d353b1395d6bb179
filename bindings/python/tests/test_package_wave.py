"""What goes with a screening: its quality, a first plan, what is not in the questionnaires."""

import csv
import os
import pathlib
import signal
import subprocess
import sys
import time

import psyscreen
import pytest


def text_of(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def test_quality_is_that_of_the_command_line(cli, district, tmp_path):
    done = subprocess.run([cli, "quality", "--quiet", "--plan", district.plan, "--roster",
                           district.roster, "--by", "grade,sex", "--few", "30", "--out",
                           str(tmp_path / "cli"), *district.responses],
                          capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    found = psyscreen.quality(district.plan, district.responses, roster=district.roster,
                              by=["grade", "sex"], few=30, out=tmp_path / "own", threads=1)
    names = sorted(path.name for path in (tmp_path / "cli").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "own").iterdir())
    for name in names:
        assert text_of(tmp_path / "own" / name) == text_of(tmp_path / "cli" / name), name
    assert found.scales.to_csv() == text_of(tmp_path / "cli" / "scales.csv")
    assert found.items.to_csv() == text_of(tmp_path / "cli" / "items.csv")
    assert found.validity.to_csv() == text_of(tmp_path / "cli" / "validity.csv")
    assert found.checks.to_csv() == text_of(tmp_path / "cli" / "checks.csv")
    assert (found.text_en, found.text_zh) == (text_of(tmp_path / "cli" / "quality.en.md"),
                                              text_of(tmp_path / "cli" / "quality.zh.md"))
    assert {row["group"] for row in found.scales.rows()} >= {"all", "sex=female", "grade=7"}
    everybody = psyscreen.quality(district.plan, district.responses, by=[])
    assert set(everybody.scales["group"]) == {"all"}
    with pytest.raises(psyscreen.ArgumentError, match="stage, grade, sex"):
        psyscreen.quality(district.plan, district.responses, by="class")
    with pytest.raises(psyscreen.ArgumentError, match="level"):
        psyscreen.quality(district.plan, district.responses, level=2)


def test_what_is_not_in_the_questionnaires(district, run, tmp_path):
    """Reports from outside, the wave before, capacity, other cuts: as arguments."""
    text = text_of(district.plan)
    assert "  roster:\n" in text and "    - {id: mht_total_65," in text
    text = text.replace("  roster:\n", "  previous: small\n  external:\n    encoding: utf-8\n    columns: {student: "
                        "学籍号, code: 类别}\n    codes: {code: {自杀言论: talks_of_death}}\n  roster:\n", 1)
    text = text.replace("    - {id: mht_total_65,", "    - {id: told, rank: 2, when: "
                        "external.talks_of_death, text: {zh: 他人报告, en: told}}\n"
                        "    - {id: before, rank: 2, when: \"previous.tier >= 2\", "
                        "text: {zh: 上轮, en: before}}\n    - {id: mht_total_65,", 1)
    plan = tmp_path / "plan.yaml"
    plan.write_text(text, encoding="utf-8")
    (tmp_path / "district.key").write_bytes(
        pathlib.Path(district.plan).with_name("district.key").read_bytes())
    with open(district.roster, encoding="utf-8", newline="") as file:
        code = next(iter(csv.DictReader(file)))["学籍号"]
    told = tmp_path / "told.csv"
    told.write_text(f"学籍号,类别\n{code},自杀言论\n", encoding="utf-8")
    more = {"roster": district.roster, "workbooks": False}
    small = psyscreen.Screening.run(district.plan, district.responses[2:], tmp_path / "small",
                                    **more)
    plain = psyscreen.Screening.run(plan, district.responses, tmp_path / "plain", **more)
    done = psyscreen.Screening.run(plan, district.responses, tmp_path / "told", external=told,
                                   previous=run.directory, capacity=7, what_if=True, **more)
    assert small.summary.tested < run.summary.tested

    def fired(screening, rule):
        return {row["student"] for row in screening.reasons.rows()
                if row["rule"] == rule and row["outcome"] == "fired"}

    assert fired(plain, "told") == set() and len(fired(done, "told")) == 1
    assert len(fired(plain, "before")) < 20 < len(fired(done, "before"))
    assert (tmp_path / "told" / "whatif.csv").exists()
    assert not (tmp_path / "plain" / "whatif.csv").exists()
    assert '"capacity": 7' in text_of(tmp_path / "told" / "run.json")
    with pytest.raises(psyscreen.PsyscreenError):
        psyscreen.Screening.run(plan, district.responses, tmp_path / "x",
                                previous=tmp_path / "nowhere", **more)


def test_steps_of_a_run(district, tmp_path):
    """Every file read, every use scored, norms, tiers, every workbook; and each can stop it."""
    seen = []
    psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a", threads=1,
                            roster=district.roster, progress=lambda *step: seen.append(step))
    phases = list(dict.fromkeys(phase for phase, _, _ in seen))
    assert phases == ["read", "score", "norms", "tiers", "write"]
    steps = {phase: [(done, total) for one, done, total in seen if one == phase]
             for phase in phases}
    for phase, one in steps.items():
        assert [done for done, _ in one] == sorted(done for done, _ in one), phase
        assert all(done <= total or total == 0 for done, total in one), phase
    files = len(district.responses) + 1
    assert steps["read"] == [(i, files) for i in range(files)]
    assert len(steps["score"]) == steps["score"][0][1] > 12
    assert steps["write"][-1][0] == steps["write"][-1][1] == len(steps["write"]) - 1
    for stop in range(0, len(seen), 5):
        def counted(*step, left=[stop]):
            left[0] -= 1
            if left[0] < 0:
                raise StopIteration(step)

        with pytest.raises(StopIteration):
            psyscreen.Screening.run(district.plan, district.responses, tmp_path / "b", threads=1,
                                    roster=district.roster, progress=counted)
        assert not (tmp_path / "b" / "run.json").exists()


CHILD = """
import sys, time, psyscreen
plan, roster, out, *responses = sys.argv[1:]
begun = [False]
def step(phase, done, total):
    if not begun[0]:
        begun[0] = True
        print("begun", flush=True)
try:
    while True:
        psyscreen.Screening.run(plan, responses, out, roster=roster, progress=step, force=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("after", [0.0, 0.3, 0.9])
def test_ctrl_c_stops_promptly(district, tmp_path, after):
    """A real SIGINT from outside, at any moment: not at the end of the run, but at its next step."""
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(signal.SIGINT, "
                              "signal.default_int_handler)\n" + CHILD, district.plan,
                              district.roster, str(tmp_path / "out"), *district.responses],
                             stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "begun\n"
    time.sleep(after)
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=60)[0] == "stopped\n"
    assert child.returncode == 0
    assert time.monotonic() - sent < 20  # a step takes milliseconds; the machine may be busy
    assert not list(tmp_path.rglob("*.tmp"))


# ---- a first plan ----


def export(path, **changes):
    columns = {"学籍号": [f"S{i:03}" for i in range(20)], "学校标识码": ["A"] * 20, "年级": ["8"] * 20,
               "性别": ["男", "女"] * 10, "填写时间": ["2026-10-01 08:00"] * 20}
    columns.update({f"gad7_{i}": [str((i + j) % 4) for j in range(20)] for i in range(1, 8)})
    columns.update(changes)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))
    return path


def test_a_first_plan_runs(tmp_path):
    path = export(tmp_path / "export.csv")
    text, report = psyscreen.draft_plan(path, ["gad7"], id="first", wave="2026-autumn")
    assert "gad7" in report
    plan = tmp_path / "first.yaml"
    plan.write_text(text, encoding="utf-8")
    done = psyscreen.Screening.run(plan, path, tmp_path / "out", workbooks=False)
    assert done.plan.id == "first" and done.summary.tested == 20


def test_a_first_plan_is_that_of_the_command_line(cli, tmp_path):
    path = export(tmp_path / "export.csv")
    done = subprocess.run([cli, "plan", "--quiet", "--from", str(path), "--instrument", "gad7",
                           "--id", "first"], capture_output=True, check=True)
    assert psyscreen.draft_plan(str(path), "gad7", id="first")[0] == done.stdout.decode()


def test_open_questions_of_a_first_plan(tmp_path):
    """No plan while something can be read in two ways; the findings say how to choose."""
    path = export(tmp_path / "export.csv", 性别=["1", "2"] * 10)
    with pytest.raises(psyscreen.DataError) as caught:
        psyscreen.draft_plan(path, ["gad7"])
    assert caught.value.findings is not None and len(caught.value.findings) >= 1
    text, _ = psyscreen.draft_plan(path, ["gad7"], sex="1=male,2=female")
    assert "male" in text
    worded = export(tmp_path / "worded.csv", gad7_1=["0", "偶有几天"] * 10)
    with pytest.raises(psyscreen.DataError):
        psyscreen.draft_plan(worded, ["gad7"])
    text, _ = psyscreen.draft_plan(worded, ["gad7"], answers=["gad7:偶有几天=1"])
    assert '"偶有几天": 1' in text
    with pytest.raises(psyscreen.NotFoundError):
        psyscreen.draft_plan(path, ["nothing_like_it"])
    with pytest.raises(psyscreen.PsyscreenError):
        psyscreen.draft_plan(tmp_path / "nowhere.csv", ["gad7"])


def test_the_simulator_names_every_file(district):
    assert {os.path.basename(one) for one in district.responses} == {
        path.name for path in pathlib.Path(district.directory).glob("responses*")}


def test_collect_is_that_of_the_command_line(cli, run, tmp_path):
    done = subprocess.run([cli, "collect", "--quiet", "--plan", run.plan.path, "--out",
                           str(tmp_path / "cli.csv"), "--counts", str(tmp_path / "cli.counts.csv"),
                           "--as-of", "2026-11-20", run.directory], capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    found = psyscreen.collect(run.plan, run.directory, as_of="2026-11-20", out=tmp_path / "own.csv",
                              counts=tmp_path / "own.counts.csv")
    assert text_of(tmp_path / "own.csv") == text_of(tmp_path / "cli.csv")
    assert text_of(tmp_path / "own.counts.csv") == text_of(tmp_path / "cli.counts.csv")
    assert found.entries.to_csv() == text_of(tmp_path / "cli.csv")
    assert sum(found.counts["cases"]) > 0
    with pytest.raises(psyscreen.DataError):
        psyscreen.collect(run.plan, tmp_path)


def with_an_entry(path):
    """What somebody wrote into a ledger: the first row of it gets an owner."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["sheet"] == "follow_up")
    row.update(touched="true", owner="=1+1")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_what_schools_entered_stands_in_new_workbooks(cli, district, run, tmp_path):
    ledger, counts = tmp_path / "ledger.csv", tmp_path / "counts.csv"
    psyscreen.collect(run.plan, run.directory, out=ledger, counts=counts)
    with_an_entry(ledger)
    own = psyscreen.Screening.run(district.plan, district.responses, tmp_path / "own",
                                  roster=district.roster, entries=ledger, counts=counts)
    done = subprocess.run([cli, "score", "--quiet", "--plan", district.plan, "--roster",
                           district.roster, "--entries", ledger, "--counts", counts, "--out",
                           tmp_path / "cli", *district.responses], capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    names = [os.path.relpath(one, own.directory) for one in own.workbooks]
    assert len(names) >= 5
    for name in names:
        assert (tmp_path / "own" / name).read_bytes() == (tmp_path / "cli" / name).read_bytes()
    changed = [name for name in names if (tmp_path / "own" / name).read_bytes()
               != (pathlib.Path(run.directory) / name).read_bytes()]
    assert "district.xlsx" in changed and len(changed) > 1


@pytest.mark.parametrize("option, flag", [("fast", ["--fast"]),
                                          ("reference_writer", ["--writer", "reference"])])
def test_writers_are_those_of_the_command_line(cli, district, run, tmp_path, option, flag):
    own = psyscreen.Screening.run(district.plan, district.responses, tmp_path / "own",
                                  roster=district.roster, **{option: True})
    done = subprocess.run([cli, "score", "--quiet", *flag, "--plan", district.plan, "--roster",
                           district.roster, "--out", tmp_path / "cli", *district.responses],
                          capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    for one in own.workbooks:
        name = os.path.relpath(one, own.directory)
        assert pathlib.Path(one).read_bytes() == (tmp_path / "cli" / name).read_bytes(), name
    assert own.scores == run.scores
