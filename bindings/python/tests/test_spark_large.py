"""A province on two cores of Spark, and the same on one machine: every file the same.

Slow, and not in the default suite: ``pytest -m slow tests/test_spark_large.py``, with as many
students as PSYSCREEN_STUDENTS says (a million by default; about 10 GB of memory and 2 GB of disk).
Each run is a process of its own, so that its memory is its own; times and memory are printed.
"""

import hashlib
import os
import pathlib
import resource
import shutil
import subprocess
import sys
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


def measured(name, script, *arguments):
    """Run it; says the time, and the largest process beneath it so far."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-c", script, *map(str, arguments)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name}: {time.monotonic() - begun:.0f} s, {cpu:.0f} s of processor, largest process "
          f"up to now {after.ru_maxrss / 1024:.0f} MiB", flush=True)


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
