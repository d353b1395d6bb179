"""Questionnaire definitions and the catalogue of them."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

from ._calls import Findings, PathLike, c_path, c_text, c_texts, made, text_of
from ._psyscreen import ffi, lib
from .errors import DataError, NotFoundError, _check, _text
from .table import Table

_SHARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "share")
_SUMMARY = ("id", "edition", "items", "scales", "name", "topics", "licence", "informants",
            "grades")


class Catalog:
    """Every instrument and norm found in some directories; does not change.

    ``catalog["phq9"]`` is an instrument, ``"phq9" in catalog`` asks for one, iterating gives
    the instruments ordered by id and edition.

    >>> import psyscreen
    >>> psyscreen.catalog()["phq9"].name()
    'Patient Health Questionnaire-9'
    """

    def __init__(self, directories: Optional[Sequence[PathLike]] = None) -> None:
        """Open the directories, or those of the package.

        Args:
            directories: each holds ``<id>.yaml``, ``norms/`` and ``plans/``; the first that has
                an id and edition wins.
        """
        chosen: List[PathLike] = [_SHARE] if directories is None else list(directories)
        self.directories = [os.path.abspath(os.fspath(d)) for d in chosen]
        texts, held = c_texts(self.directories)
        error, out = ffi.new("psy_error *"), ffi.new("psy_catalog **")
        status = lib.psy_catalog_open(out, texts, len(held), ffi.NULL, error)
        _check(status, error)
        self._pointer = made(out, lib.psy_catalog_free)
        self._instruments: Optional[List[Instrument]] = None

    def __len__(self) -> int:
        n: int = lib.psy_catalog_count(self._pointer)
        return n

    def __iter__(self) -> "Iterator[Instrument]":
        return iter([Instrument._of(self, lib.psy_catalog_get(self._pointer, i))
                     for i in range(len(self))])

    def find(self, id: str, edition: Optional[str] = None) -> "Instrument":
        """The instrument of this id.

        Args:
            id: ``"phq9"``.
            edition: needed where there are several.

        Raises:
            NotFoundError: the sentence names the nearest.
            ArgumentError: several editions, and none was named.
        """
        error, out = ffi.new("psy_error *"), ffi.new("const psy_instrument **")
        status = lib.psy_catalog_find(self._pointer, c_text(id), c_text(edition), out, error)
        _check(status, error)
        return Instrument._of(self, out[0])

    def __getitem__(self, id: str) -> "Instrument":
        name, _, edition = id.partition("@")
        return self.find(name, edition or None)

    def __contains__(self, id: object) -> bool:
        try:
            self[str(id)]
        except NotFoundError:
            return False
        except ValueError:  # several editions
            return True
        return True

    @property
    def plans(self) -> Dict[str, str]:
        """Id to path of the plans there are."""
        ids = [_text(lib.psy_catalog_plan_id(self._pointer, i))
               for i in range(lib.psy_catalog_plan_count(self._pointer))]
        return {id: self._plan_path(id) for id in ids}

    def _plan_path(self, id: str) -> str:
        path = lib.psy_catalog_plan_path(self._pointer, c_text(id))
        if path == ffi.NULL:
            raise NotFoundError(f"there is no plan {id!r}; there are "
                                + ", ".join(map(repr, self.plans)))
        raw: bytes = ffi.string(path)
        return os.fsdecode(raw)

    def add(self, path: PathLike) -> None:
        """Add one instrument file from elsewhere; before the catalogue is used by threads."""
        error = ffi.new("psy_error *")
        _check(lib.psy_catalog_add(self._pointer, c_path(path), error), error)

    def table(self, language: str = "en") -> Table:
        """One row an instrument: id, edition, items, scales, name, topics, licence, ..."""
        columns: Dict[str, List[Union[str, int]]] = {key: [] for key in _SUMMARY}
        for instrument in self:
            for key, value in instrument.summary(language).items():
                columns[key].append(value)
        return Table.from_columns(columns)

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Catalog, (self.directories,))

    def __repr__(self) -> str:
        return f"<psyscreen.Catalog: {len(self)} instruments in {', '.join(self.directories)}>"

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@functools.lru_cache(maxsize=None)
def _own_catalog() -> Catalog:
    return Catalog()


def catalog(*directories: PathLike) -> Catalog:
    """The catalogue of the package, or of these directories.

    >>> import psyscreen
    >>> len(psyscreen.catalog()) > 50
    True
    """
    return Catalog(directories) if directories else _own_catalog()


@dataclass(frozen=True)
class Check:
    """What :func:`check` found.

    Attributes:
        findings: problems with file, row (the line), position, rule, message and remedy.
        counts: files, instruments, plans, norms, scales, flags, examples, examples_failed,
            errors, warnings, notes, and ``remembered``: blocks nobody has verified.
    """

    findings: Table
    counts: Dict[str, int]

    @property
    def ok(self) -> bool:
        """No errors, and every worked example gave what it says."""
        return not (self.counts["errors"] or self.counts["examples_failed"])

    def __bool__(self) -> bool:
        return self.ok


def check(*paths: PathLike, catalog: Optional[Catalog] = None) -> Check:
    """Lint definitions and run their worked examples, as ``psyscreen check`` does.

    Args:
        paths: files or directories of instruments, plans and norms.
        catalog: where instruments that a plan names are looked up; the package's by default.

    Problems are findings, not exceptions.
    """
    where = (catalog or _own_catalog()).directories
    texts, held = c_texts(list(paths))
    directories, kept = c_texts(where)
    counts, error, findings = ffi.new("psy_check_counts *"), ffi.new("psy_error *"), Findings()
    status = lib.psy_check(texts, len(held), directories, len(kept), ffi.NULL, findings.pointer,
                           counts, error)
    findings.check(status, error)
    names = [name for name, _ in ffi.typeof("psy_check_counts").fields]
    return Check(findings.table(), {name: int(getattr(counts, name)) for name in names})


class Instrument:
    """One questionnaire definition, in one edition; does not change.

    >>> import psyscreen
    >>> phq9 = psyscreen.Instrument.load("phq9")
    >>> phq9.id, phq9.scales, phq9.items[:3]
    ('phq9', ['total'], ['1', '2', '3'])
    """

    __slots__ = ("_pointer", "_keeps", "_origin", "__weakref__")
    _pointer: Any
    _keeps: Optional[Catalog]
    _origin: Tuple[Any, ...]

    def __init__(self) -> None:
        raise TypeError("use Instrument.load(), Instrument.loads() or catalog()")

    @classmethod
    def _of(cls, catalog: Catalog, pointer: Any) -> "Instrument":
        self = object.__new__(cls)
        self._pointer = pointer
        self._keeps = catalog
        self._origin = ("catalog", catalog)
        return self

    @classmethod
    def load(cls, instrument: PathLike, edition: Optional[str] = None,
             catalog: Optional[Catalog] = None) -> "Instrument":
        """Load an instrument of the catalogue, or from a file.

        Args:
            instrument: an id (``"phq9"``, ``"phq9@2001"``), or the path of a YAML file; norms
                that stand beside the file are loaded with it.
            edition: for an id of which there are several.
            catalog: where ids are looked up; the package's by default.

        Raises:
            NotFoundError, DefinitionSyntaxError, SchemaError, ExpressionError, FileError: with
                the place, and with every problem in ``findings``.
        """
        text = os.fspath(instrument)
        if os.sep not in text and not text.endswith((".yaml", ".yml")):
            name, _, named = text.partition("@")
            return (catalog or _own_catalog()).find(name, edition or named or None)
        path = os.path.abspath(text)
        error, out, findings = ffi.new("psy_error *"), ffi.new("psy_instrument **"), Findings()
        findings.check(lib.psy_instrument_load_file(out, c_path(path), ffi.NULL, findings.pointer,
                                                    error), error)
        return cls._own(out, ("file", path))

    @classmethod
    def loads(cls, text: str, name: str = "<memory>") -> "Instrument":
        """Load a definition from memory; `name` is what messages call it.  No norms."""
        raw = text.encode()
        error, out, findings = ffi.new("psy_error *"), ffi.new("psy_instrument **"), Findings()
        status = lib.psy_instrument_load_memory(out, ffi.from_buffer(raw or b"\0"), len(raw),
                                                c_text(name), ffi.NULL, findings.pointer, error)
        findings.check(status, error)
        return cls._own(out, ("text", text, name))

    @classmethod
    def _own(cls, out: Any, origin: Tuple[Any, ...]) -> "Instrument":
        self = object.__new__(cls)
        self._pointer = made(out, lib.psy_instrument_free)
        self._keeps = None
        self._origin = origin
        return self

    @property
    def id(self) -> str:
        return _text(lib.psy_instrument_id(self._pointer))

    @property
    def edition(self) -> str:
        return _text(lib.psy_instrument_edition(self._pointer))

    @property
    def fingerprint(self) -> str:
        """64 hex digits; labels and comments do not change it, everything that scores does."""
        return _text(lib.psy_instrument_fingerprint(self._pointer))

    def name(self, language: str = "en") -> str:
        """Its name, in ``"en"`` or ``"zh"``."""
        return _text(lib.psy_instrument_name(self._pointer, c_text(language)))

    @property
    def items(self) -> List[str]:
        """Ids of the items; column ``<id>_<item>`` holds the answers to one."""
        return [_text(lib.psy_instrument_item_id(self._pointer, i))
                for i in range(lib.psy_instrument_item_count(self._pointer))]

    @property
    def columns(self) -> List[str]:
        """Names of the columns that answers are read from, in order of the items."""
        return [f"{self.id}_{item}" for item in self.items]

    @property
    def scales(self) -> List[str]:
        return [_text(lib.psy_instrument_scale_id(self._pointer, i))
                for i in range(lib.psy_instrument_scale_count(self._pointer))]

    @property
    def flags(self) -> List[str]:
        return [_text(lib.psy_instrument_flag_id(self._pointer, i))
                for i in range(lib.psy_instrument_flag_count(self._pointer))]

    def _item(self, name: str) -> int:
        """Index of the item with this id or name, or -1."""
        at: int = lib.psy_instrument_find_item(self._pointer, c_text(name))
        return -1 if at == int(ffi.cast("size_t", -1)) else at

    def describe(self, language: str = "en") -> str:
        """The scoring key in words, to be held against the manual."""
        return text_of(lambda sink, error: lib.psy_instrument_describe(
            self._pointer, c_text(language), sink, error))

    def summary(self, language: str = "en") -> Dict[str, Union[str, int]]:
        """id, edition, number of items and scales, name, topics, licence, informants, grades."""
        line = text_of(lambda sink, error: lib.psy_instrument_summary(
            self._pointer, c_text(language), sink, error))
        out: Dict[str, Union[str, int]] = dict(zip(_SUMMARY, line.rstrip("\n").split("\t")))
        out["items"], out["scales"] = len(self.items), len(self.scales)
        return out

    @property
    def path(self) -> Optional[str]:
        """Its file; ``None`` where it was loaded from memory."""
        if self._origin[0] == "file":
            return str(self._origin[1])
        if self._origin[0] == "catalog":
            for directory in self._origin[1].directories:
                path = os.path.join(directory, f"{self.id}.yaml")
                if os.path.exists(path):
                    return path
        return None

    def check(self) -> Check:
        """Lint its file and run the worked examples in it.

        >>> import psyscreen
        >>> psyscreen.Instrument.load("gad7").check().ok
        True
        """
        if self.path is None:
            raise DataError("an instrument from memory has no file to check: use check(path)")
        return check(self.path)

    def __eq__(self, other: object) -> bool:
        """Same id, edition and scoring."""
        if not isinstance(other, Instrument):
            return NotImplemented
        return (self.id, self.edition, self.fingerprint) == (other.id, other.edition,
                                                             other.fingerprint)

    def __hash__(self) -> int:
        return hash((self.id, self.edition, self.fingerprint))

    def __reduce__(self) -> Tuple[Any, ...]:
        return (_restore, (self._origin, self.id, self.edition, self.fingerprint))

    def __repr__(self) -> str:
        return (f"<psyscreen.Instrument {self.id}@{self.edition}: {len(self.items)} items, "
                f"{len(self.scales)} scales>")


def _restore(origin: Tuple[Any, ...], id: str, edition: str, fingerprint: str) -> Instrument:
    """An instrument where it was pickled from; refused when it scores otherwise there."""
    if origin[0] == "text":
        instrument = Instrument.loads(origin[1], origin[2])
    elif origin[0] == "file":
        instrument = Instrument.load(origin[1])
    else:
        instrument = origin[1].find(id, edition)
    if instrument.fingerprint != fingerprint:
        raise DataError(f"{id}@{edition} scores otherwise here than where it was pickled: "
                        f"fingerprint {instrument.fingerprint[:12]}, expected {fingerprint[:12]}")
    return instrument


def json_schema(kind: str) -> str:
    """The JSON Schema of ``"instrument"``, ``"norms"`` or ``"plan"`` files, for editors."""
    return text_of(lambda sink, error: lib.psy_definition_schema(c_text(kind), sink, error))


AnyInstrument = Union[str, Instrument]


def _resolve(instrument: AnyInstrument, catalog: Optional[Catalog]) -> Tuple[Instrument,
                                                                             Optional[str]]:
    """An instrument and the coding variant that ``"id@edition:variant"`` names."""
    if isinstance(instrument, Instrument):
        return instrument, None
    name, _, variant = instrument.partition(":")
    return Instrument.load(name, catalog=catalog), variant or None
