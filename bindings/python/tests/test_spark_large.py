"""A province on two cores of Spark, and the same on one machine: every file the same.

Slow, and not in the default suite: ``pytest -m slow tests/test_spark_large.py``, with as many
students as PSYSCREEN_STUDENTS says (a million by default; about 6 GB of memory and 2 GB of disk).
Each run is a process of its own, so that its memory is its own; times and memory are printed.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import psyscreen
import pytest

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)

pytestmark = [pytest.mark.spark, pytest.mark.slow]

STUDENTS = int(os.environ.get("PSYSCREEN_STUDENTS", "1000000"))

SINGLE = """
import sys, psyscreen
plan, roster, out, *responses = sys.argv[1:]
psyscreen.Screening.run(plan, responses, out, roster=roster, threads=2)
"""
SPARK = """
import os, sys
os.environ["PYSPARK_PYTHON"] = sys.executable
from pyspark.sql import SparkSession
from psyscreen.spark import screen
plan, roster, out, *responses = sys.argv[1:]
spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
         .config("spark.ui.showConsoleProgress", "false")
         .config("spark.driver.memory", "3g").config("spark.driver.bindAddress", "127.0.0.1")
         .config("spark.driver.host", "127.0.0.1").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
done = screen(spark, plan, responses, out, roster=roster, threads=2)
print("reasons:", done.reasons.count())
spark.stop()
"""


class Watched(threading.Thread):
    """Looks at all processes of a session: memory in use together, and of the largest; time."""

    def __init__(self, session):
        super().__init__(daemon=True)
        self.session, self.done = session, threading.Event()
        self.together, self.largest, self.ticks = 0, 0, {}

    def run(self):
        page = os.sysconf("SC_PAGE_SIZE")
        while not self.done.wait(0.5):
            sizes = []
            for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
                try:
                    fields = stat.read_text().rpartition(")")[2].split()
                except OSError:
                    continue  # it has ended
                if int(fields[3]) == self.session:
                    sizes.append(int(fields[21]) * page)
                    self.ticks[stat.parent.name] = int(fields[11]) + int(fields[12])
            self.together = max(self.together, sum(sizes))
            self.largest = max(self.largest, *sizes, 0)


def measured(name, script, *arguments):
    """Run it in a session of its own; says what it took."""
    begun = time.monotonic()
    child = subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)],
                             start_new_session=True)
    watched = Watched(child.pid)
    watched.start()
    code = child.wait()
    watched.done.set()
    watched.join()
    cpu = sum(watched.ticks.values()) / os.sysconf("SC_CLK_TCK")
    print(f"{name}: {time.monotonic() - begun:.0f} s, {cpu:.0f} s of processor, all processes "
          f"{watched.together >> 20} MiB, the largest {watched.largest >> 20} MiB", flush=True)
    assert code == 0


def digests(directory):
    found = {}
    for path in pathlib.Path(directory).rglob("*"):
        if path.is_file():
            found[str(path.relative_to(directory))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def test_a_province(tmp_path):
    made = psyscreen.simulate(psyscreen.Plan.load("district_demo"), tmp_path / "input",
                              students=STUDENTS, schools=max(1, STUDENTS // 1034), seed=2026)
    inputs = made.plan, made.roster
    print(f"\n{STUDENTS} students", flush=True)
    measured("one machine", SINGLE, *inputs, tmp_path / "single", *made.responses)
    measured("Spark, local[2]", SPARK, *inputs, tmp_path / "spark", *made.responses)
    single, spark = digests(tmp_path / "single"), digests(tmp_path / "spark")
    assert set(spark) == set(single)
    assert [name for name in single if spark[name] != single[name]] == []
    print(f"{len(single)} files, all the same", flush=True)
