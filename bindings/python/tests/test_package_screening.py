"""A whole screening: the bytes of the command line, progress, Ctrl-C, reasons, pickling."""

import csv
import hashlib
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import zipfile

import psyscreen
import pytest


def digests(directory):
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(pathlib.Path(directory).rglob("*")) if path.is_file()}


def test_same_files_as_the_command_line(cli, district, run, tmp_path):
    out = tmp_path / "out"
    done = subprocess.run([cli, "score", "--quiet", "--plan", district.plan, "--roster",
                           district.roster, "--out", str(out), *district.responses],
                          capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    expected, got = digests(out), digests(run.directory)
    assert set(got) == set(expected)
    assert got["scores.csv"] == expected["scores.csv"]
    assert got == expected


def test_a_roster_of_each_school(cli, district, run, tmp_path):
    """A list of paths in any order; one path is one path."""
    with open(district.roster, encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    school = head.index("学校标识码")
    rosters = []
    for code in sorted({row[school] for row in rows}):
        (tmp_path / code).mkdir()
        rosters.append(tmp_path / code / "名册.csv")
        with open(rosters[-1], "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *(row for row in rows if row[school] == code)])
    assert len(rosters) == 4
    words = [word for path in rosters for word in ("--roster", str(path))]
    done = subprocess.run([cli, "score", "--quiet", "--plan", district.plan, *words, "--out",
                           str(tmp_path / "out"), *district.responses],
                          capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    own = psyscreen.Screening.run(district.plan, district.responses, tmp_path / "own",
                                  roster=rosters[::-1])
    assert digests(own.directory) == digests(tmp_path / "out")
    assert own.scores == run.scores and own.summary.target == run.summary.target
    for given in (district.roster, pathlib.Path(district.roster), [district.roster],
                  (path for path in rosters)):
        norms = psyscreen.Norms.build(district.plan, district.responses, roster=given)
        assert norms[0].table().to_csv() == psyscreen.Norms.build(
            district.plan, district.responses, roster=district.roster)[0].table().to_csv()
    whole, cut = (psyscreen.quality(district.plan, district.responses, roster=given, by=[])
                  for given in (district.roster, tuple(rosters)))
    assert whole.scales == cut.scales and whole.text_en == cut.text_en
    with pytest.raises(psyscreen.DataError, match="byte for byte") as caught:
        psyscreen.Screening.run(district.plan, district.responses, tmp_path / "twice",
                                roster=[rosters[0], rosters[1], rosters[0]])
    assert caught.value.source == str(rosters[0])
    assert psyscreen.Screening.run(district.plan, district.responses, tmp_path / "none", roster=[],
                                   workbooks=False).findings["rule"].count("no_roster") == 1


def test_scores_as_a_table(run):
    path = pathlib.Path(run.directory) / "scores.csv"
    assert run.scores.to_csv() == path.read_text(encoding="utf-8")
    assert run.scores.types["mht.total"] == "float"
    assert run.scores.types["mht.total.answered"] == "int"
    assert run.scores.types["mht.critical_85"] == "bool"
    assert len(run.scores) == run.summary.target
    bad = path.parent / "elsewhere"
    bad.mkdir(exist_ok=True)
    (bad / "scores.csv").write_text("student,school\nx\n", encoding="utf-8")
    with pytest.raises(psyscreen.DataError, match="2: 1 cells"):
        psyscreen.read_scores(run.plan, bad)


def test_reasons_agree_with_scores(run):
    """Every rule that scores.csv names has reasons, and no other; values are those printed."""
    scores = {row["student"]: row for row in run.scores.rows()}
    told = {}
    for row in run.reasons.rows():
        told.setdefault((row["student"], row["outcome"]), set()).add(
            (row["rule"], row["cause"]))
        if row["operand"] in run.scores.columns and row["kind"] == "tier":
            printed = scores[row["student"]][row["operand"]]
            if row["state"] == "known" and isinstance(printed, float):
                assert printed == row["value"], row["operand"]
            elif row["state"] == "known" and isinstance(printed, str):
                assert printed == row["word"], row["operand"]
    for student, row in scores.items():
        fired = {(rule, None) for rule in (row["rules"] or "").split(";") if rule}
        assert told.get((student, "fired"), set()) == fired
        undecided = {tuple(one.rsplit(":", 1)) for one in (row["undecided"] or "").split(";")
                     if one}
        assert told.get((student, "undecided"), set()) == undecided
    kinds = set(run.reasons["kind"])
    assert {"urgent", "review", "tier"} <= kinds
    assert run.reasons["text_zh"].count(None) == 0


def test_summary_and_showing(run):
    assert run.summary.target == 600 and run.summary.schools == 4
    assert sum(run.summary.status.values()) == 600
    assert "target 600" in repr(run) and "<table>" in run._repr_html_()
    assert len(run.workbooks) == 6  # four schools, the district, sheets of nobody


def test_pickling(run):
    copy = pickle.loads(pickle.dumps(run))
    assert copy.scores == run.scores and copy.reasons == run.reasons
    assert copy.summary == run.summary and copy.plan == run.plan
    one = psyscreen.Instrument.load("phq9")
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_definition_that_changed_is_not_unpickled(tmp_path):
    path = tmp_path / "gad7.yaml"
    text = pathlib.Path(psyscreen.Instrument.load("gad7").path).read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    data = pickle.dumps(psyscreen.Instrument.load(path))
    assert pickle.loads(data).id == "gad7"
    assert "from: 5" in text
    path.write_text(text.replace("from: 5", "from: 6", 1), encoding="utf-8")
    with pytest.raises(psyscreen.DataError, match="scores otherwise"):
        pickle.loads(data)


class Bar:
    """What a run needs of tqdm."""

    def __init__(self):
        self.total, self.n, self.descriptions, self.resets = None, 0, [], 0

    def set_description(self, text, refresh=True):
        self.descriptions.append(text)

    def reset(self, total=None):
        self.n, self.resets = 0, self.resets + 1

    def update(self, n):
        assert n >= 0
        self.n += n


def test_progress(district, tmp_path):
    seen, bar = [], Bar()
    psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a", workbooks=False,
                            roster=district.roster, progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(step[0] for step in seen)) == ["read", "score", "norms", "tiers",
                                                             "write"]
    psyscreen.Screening.run(district.plan, district.responses, tmp_path / "b", workbooks=False,
                            roster=district.roster, progress=bar)
    assert bar.descriptions[0] == "read" and bar.descriptions[-1] == "write"
    assert bar.n == bar.total


def test_a_real_progress_bar(district, tmp_path, capsys):
    tqdm = pytest.importorskip("tqdm")
    with tqdm.tqdm(file=sys.stdout) as bar:
        psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a",
                                roster=district.roster, progress=bar)
        assert bar.n == bar.total == 8
    assert "write" in capsys.readouterr().out


def test_a_callback_can_stop_the_run(district, tmp_path):
    def stop(phase, done, total):
        if phase == "write":
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a",
                                roster=district.roster, progress=stop)
    done = psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a",
                                   roster=district.roster)  # the same call goes on
    assert done.summary.target == 600


def test_ctrl_c(district, tmp_path):
    """An interrupt while C is working arrives as KeyboardInterrupt."""
    def interrupt(phase, done, total):
        if phase == "score":
            os.kill(os.getpid(), signal.SIGINT)

    # A shell that runs this in the background has the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a",
                                    roster=district.roster, progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not (tmp_path / "a" / "run.json").exists()


def test_the_lock_is_released(district, tmp_path):
    """Another thread counts while a run is busy."""
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1
            time.sleep(0)

    thread = threading.Thread(target=count)
    answers = {f"gad7_{i}": memoryview(bytes(400000)).cast("b").tolist() for i in range(1, 8)}
    np = pytest.importorskip("numpy")
    arrays = {name: np.array(values, dtype=np.int8) for name, values in answers.items()}
    thread.start()
    try:
        before = counted[0]
        for _ in range(3):
            psyscreen.score("gad7", arrays, threads=1)
        during = counted[0] - before
    finally:
        stop.set()
        thread.join()
    assert during > 50


def test_threads_share_instruments_plans_and_results(district, run, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    gad7 = psyscreen.Instrument.load("gad7")
    answers = {name: [0, 1, 2, 3, None] * 100 for name in gad7.columns}
    expected = psyscreen.score(gad7, answers).to_csv()

    def work(i):
        if i % 8 == 0:
            out = tmp_path / str(i)
            done = psyscreen.Screening.run(run.plan, district.responses, out, workbooks=False,
                                           roster=district.roster)
            return done.scores == run.scores
        assert run.scores.to_arrow().num_rows == 600
        return psyscreen.score(gad7, answers).to_csv() == expected

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(48)))


def test_other_processes(run):
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        plans = pool.map(_fingerprint, [run.plan, run.plan])
    assert plans == [run.plan.fingerprint] * 2


def _fingerprint(plan):
    return plan.fingerprint


def test_an_output_of_another_run_is_refused(district, tmp_path):
    psyscreen.Screening.run(district.plan, district.responses, tmp_path / "a", workbooks=False,
                            roster=district.roster)
    with pytest.raises(psyscreen.OutputError):
        psyscreen.Screening.run(district.plan, district.responses[:1], tmp_path / "a",
                                workbooks=False, roster=district.roster)


def test_dossier(run, tmp_path):
    student = run.scores["student"][0]
    assert psyscreen.dossier(run.plan, student, [run.directory], tmp_path / "d.xlsx") == 1
    assert (tmp_path / "d.xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(psyscreen.OutputError):
        psyscreen.dossier(run.plan, student, [run.directory], tmp_path / "d.xlsx")


def test_dossier_with_contacts(run, tmp_path):
    ledger = tmp_path / "ledger.csv"
    psyscreen.collect(run.plan, run.directory, out=ledger)
    with open(ledger, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = next(row for row in rows if row["sheet"] == "follow_up")
    mine.update(touched="true", date="2026-10-20", mode="interview", facts="=1+1", conclusion="close care")
    with open(ledger, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(mine), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    path = tmp_path / "d.xlsx"
    assert psyscreen.dossier(run.plan, mine["student_code"], [run.directory], path,
                             entries=[ledger, ledger]) == 1
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml")]
    # The contact once, though it was collected twice, and as text.
    assert sum(part.count(">=1+1</t>") for part in parts) == 1 and not any("<f>" in part for part in parts)
    assert any(mine["case_id"] in part for part in parts)
    with pytest.raises(psyscreen.DataError):
        psyscreen.dossier(run.plan, mine["student_code"], [run.directory], tmp_path / "e.xlsx",
                          entries=[run.directory + "/scores.csv"])


def test_earlier_publications(district, run, tmp_path):
    """One or several; the order in which they are named changes nothing."""
    psyscreen.Screening.run(district.plan, district.responses[:-1], tmp_path / "part",
                            roster=district.roster)
    whole, part = pathlib.Path(run.directory) / "published.csv", tmp_path / "part" / "published.csv"

    def published(name, previous):
        psyscreen.Screening.run(district.plan, district.responses, tmp_path / name,
                                roster=district.roster, previous_publication=previous)
        return (tmp_path / name / "published.csv").read_bytes()

    assert published("both", [whole, part]) == published("turned", (part, whole))
    assert published("one", str(part)) == published("list", [part])
    assert published("none", []) == whole.read_bytes()
    with pytest.raises(psyscreen.PsyscreenError):
        published("other", [whole, district.roster])


def test_critical_list(cli, district):
    table = psyscreen.critical(district.plan, district.responses)
    by_cli = subprocess.run([cli, "critical", "--quiet", district.plan, *district.responses],
                            capture_output=True, check=False).stdout.decode()
    assert table.columns == by_cli.splitlines()[0].split(",")
    assert len(table) == len(by_cli.splitlines()) - 1
    assert table["class"][0] == "urgent"
