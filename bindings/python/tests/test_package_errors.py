"""Exceptions: one for each status, with the fields of C."""

import pickle

import psyscreen
import pytest
from psyscreen import errors
from psyscreen._psyscreen import lib


def test_every_status_has_a_class():
    names = {value: name for name, value in vars(lib).items() if name.startswith("PSY_E_")} or {
        getattr(lib, name): name for name in dir(lib) if name.startswith("PSY_E_")}
    assert len(names) == 14
    assert set(names.values()) == set(errors._BY_STATUS)
    for name, kind in errors._BY_STATUS.items():
        assert kind.status == name and issubclass(kind, psyscreen.PsyscreenError)


def test_a_bad_definition_is_located():
    with pytest.raises(psyscreen.SchemaError) as caught:
        psyscreen.Instrument.loads("format: psyscreen/instrument/1\nid: x\nnonsense: 1\n",
                                   name="x.yaml")
    error = caught.value
    assert error.source == "x.yaml"
    assert error.line >= 1 and error.column >= 1
    assert error.status == "PSY_E_SCHEMA"
    assert str(error).startswith("x.yaml:")
    assert error.findings is not None and len(error.findings) >= 2
    assert 3 in error.findings["row"]


def test_a_rule_points_at_the_token():
    with pytest.raises(psyscreen.ExpressionError) as caught:
        psyscreen.Rule("total >= 15 and sexx == 1", ["total", "sex"])
    assert caught.value.column == 17
    assert "sex" in caught.value.message


def test_python_words_for_errors():
    with pytest.raises(LookupError, match="did you mean"):
        psyscreen.Instrument.load("phq")
    with pytest.raises(ValueError):
        psyscreen.score("phq9", {"phq9_1": [1]})
    with pytest.raises(psyscreen.FileError):
        psyscreen.Instrument.load("/no/such/file.yaml")


def test_errors_survive_pickling():
    with pytest.raises(psyscreen.PsyscreenError) as caught:
        psyscreen.Instrument.loads("format: psyscreen/instrument/1\nid: x\n", name="x.yaml")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is type(caught.value)
    assert str(copy) == str(caught.value)
    assert copy.line == caught.value.line
    assert copy.findings == caught.value.findings
