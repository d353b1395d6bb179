"""Nothing is left behind: memory of repeated runs is flat, references come back."""

import gc
import os
import sys
import tracemalloc

import psyscreen
import pytest


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grows(work, rounds, warm=10):
    """Bytes a round adds to the process once it has warmed up."""
    for _ in range(warm):
        work()
    gc.collect()
    before = resident()
    for _ in range(rounds):
        work()
    gc.collect()
    return resident() - before


def test_a_hundred_runs(district, tmp_path):
    def work():
        run = psyscreen.Screening.run(district.plan, district.responses, tmp_path,
                                      roster=district.roster, workbooks=False, threads=1)
        assert len(run.reasons) and len(run.scores) and len(run.findings)

    assert grows(work, 100) < 3 << 20


def test_a_hundred_scorings_from_every_side():
    np = pytest.importorskip("numpy")
    pa = pytest.importorskip("pyarrow")
    rng = np.random.default_rng(1)
    arrays = {f"gad7_{i}": rng.integers(0, 5, 20000).astype(np.int8) for i in range(1, 8)}
    table = pa.table(arrays)

    def work():
        scores = psyscreen.score("gad7", arrays)
        scores.to_arrow(), scores.to_numpy(), scores.to_csv()
        psyscreen.score("gad7", table)

    # One round makes about 2 MB of results; a leak of one of them would show.
    assert grows(work, 100) < 20 << 20


def test_references_come_back():
    np = pytest.importorskip("numpy")
    column = np.zeros(100, dtype=np.int8)
    answers = {f"gad7_{i}": column for i in range(1, 8)}
    phq9 = psyscreen.Instrument.load("phq9")
    psyscreen.score("gad7", answers)
    gc.collect()
    before = sys.getrefcount(column), sys.getrefcount(phq9)
    for _ in range(50):
        scores = psyscreen.score("gad7", answers)
        views = scores.to_numpy()
        del scores, views
    gc.collect()
    assert (sys.getrefcount(column), sys.getrefcount(phq9)) == before


def test_failures_leave_nothing_behind():
    tracemalloc.start()
    try:
        def fail():
            for data in ({"phq9_1": [1]}, {"phq9_1": [object()]}):
                with pytest.raises(psyscreen.PsyscreenError):
                    psyscreen.score("phq9", data)
            with pytest.raises(psyscreen.PsyscreenError):
                psyscreen.Instrument.loads("nonsense")

        for _ in range(20):
            fail()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            fail()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 100_000
    finally:
        tracemalloc.stop()
