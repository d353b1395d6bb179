"""The package that was built against an installed libpsyscreen (test_installed.sh runs this)."""

import os
import pathlib
import subprocess

import psyscreen
import pytest

PREFIX = os.environ.get("PSY_INSTALLED_PREFIX")

pytestmark = pytest.mark.skipif(PREFIX is None, reason="run by test_installed.sh")


def test_library_is_the_installed_one():
    """Otherwise nothing here says anything: the module maps the library of the prefix."""
    mapped = pathlib.Path("/proc/self/maps").read_text()
    libraries = {line.split()[-1] for line in mapped.splitlines() if "libpsyscreen" in line}
    assert len(libraries) == 1
    assert pathlib.Path(PREFIX).resolve() in pathlib.Path(libraries.pop()).resolve().parents
    module = pathlib.Path(psyscreen.__file__).resolve()
    assert "python-installed" in module.parts or PREFIX not in str(module)


def test_catalogue_is_whole():
    shipped = pathlib.Path(PREFIX) / "share" / "psyscreen"
    assert len(psyscreen.catalog()) == len(list(shipped.glob("*.yaml")))


def test_screening_is_that_of_the_installed_program(tmp_path):
    made = psyscreen.simulate(psyscreen.Plan.load("district_demo"), tmp_path / "input", students=300,
                              schools=2, seed=5)
    run = psyscreen.Screening.run(made.plan, made.responses, tmp_path / "python", roster=made.roster)
    assert len(run.workbooks) >= 3
    program = pathlib.Path(PREFIX) / "bin" / "psyscreen"
    done = subprocess.run([program, "score", "--plan", made.plan, "--roster", made.roster, "--out",
                           tmp_path / "program", *made.responses], capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    for name in ("scores.csv", "district.xlsx"):
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "program" / name).read_bytes()
