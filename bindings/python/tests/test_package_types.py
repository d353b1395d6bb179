"""Type hints, the version, and what the package needs."""

import pathlib
import re
import subprocess
import sys

import psyscreen
import pytest

HERE = pathlib.Path(__file__).resolve().parent.parent


def test_mypy_strict():
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", "/dev/null"], cwd=HERE,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_caller_is_checked(tmp_path):
    """py.typed is installed: mistakes of a caller are found."""
    pytest.importorskip("mypy")
    caller = tmp_path / "caller.py"
    caller.write_text("import psyscreen\n"
                      "n: int = len(psyscreen.score('phq9', {}))\n"
                      "reveal_type(psyscreen.Plan.load('x').id)\n"
                      "psyscreen.Instrument.load(7)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", "/dev/null",
                           str(caller)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 'Revealed type is "str"' in done.stdout.replace("builtins.", "")
    assert done.stdout.count("error:") == 1 and ":4:" in done.stdout, done.stdout


def test_the_version_is_that_of_the_library():
    text = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    assert re.search(r'^version = "([^"]+)"', text, re.M).group(1) == psyscreen.__version__


def test_nothing_but_cffi_is_needed():
    """The package works where no other library can be imported."""
    code = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numpy", "pandas", "polars", "pyarrow", "duckdb", "tqdm",
                                  "matplotlib", "pyspark"):
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
import psyscreen
scores = psyscreen.score("gad7", {f"gad7_{i}": [0, None, 3] for i in range(1, 8)})
assert scores["gad7.total"] == [0.0, None, 21.0]
scores.__arrow_c_stream__(), repr(scores), scores.to_csv()
assert psyscreen.reliability({"a": [1, 2, 3], "b": [1, 2, 4]}).alpha > 0.9
assert psyscreen.validity({"a": [1, 2, 0], "b": [1, 3, 1]})["longest_run"] == [2, 1, 1]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_everything_public_is_documented():
    for name in psyscreen.__all__:
        thing = getattr(psyscreen, name)
        if not isinstance(thing, str):
            assert thing.__doc__, name
            for key, member in vars(thing).items() if isinstance(thing, type) else ():
                if callable(member) and not key.startswith("_"):
                    assert member.__doc__, f"{name}.{key}"
