"""Fixtures: a small simulated district, and the command line where it was built."""

import pathlib
import shutil

import psyscreen
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def cli():
    """Path of the command, built from the same tree; these tests skip without it."""
    for build in ("dev", "release", "asan"):
        path = ROOT / "build" / build / "bin" / "psyscreen"
        if path.exists():
            return str(path)
    found = shutil.which("psyscreen")
    if found is None:
        pytest.skip("the psyscreen command is not built (make test builds it)")
    return found


@pytest.fixture(scope="session")
def district(tmp_path_factory):
    """600 students of 4 schools, simulated from the demonstration plan."""
    plan = psyscreen.Plan.load("district_demo")
    directory = tmp_path_factory.mktemp("district")
    return psyscreen.simulate(plan, directory, students=600, schools=4, seed=1)


@pytest.fixture(scope="session")
def run(district, tmp_path_factory):
    """The screening of that district."""
    return psyscreen.Screening.run(district.plan, district.responses,
                                   tmp_path_factory.mktemp("run"), roster=district.roster)
