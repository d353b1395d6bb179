"""psyscreen: score psychological screenings of school children.

The package is a thin layer over the C library libpsyscreen: nothing is computed in Python,
and the same answers give the same bytes as the command line.  docs/python.md is the tutorial.
"""

from ._change import ChangeGroup, change_cutoffs, reliable_change
from ._collected import Collected, collect
from ._psyscreen import ffi as _ffi
from ._psyscreen import lib as _lib
from ._quality import Quality, quality
from ._reliability import (OmegaBifactor, OneFactor, Reliability, alpha_interval, covariance,
                           omega_bifactor, omega_total, one_factor, reliability)
from ._scoring import KeyCheck, Scores, keycheck, score
from ._validity import AnswerGrid, bursts, response_time, validity
from .encryption import encrypt_workbook, key_fingerprint, key_new
from .errors import (ArgumentError, CancelledError, DataError, DefinitionSyntaxError,
                     ExpressionError, FileError, InternalError, LimitError, NotFoundError,
                     NumericError, OutOfMemoryError, OutputError, PsyscreenError, SchemaError,
                     UnsupportedError)
from .instrument import Catalog, Check, Instrument, catalog, check, json_schema
from .norms import Norms
from .plan import Plan, Simulation, draft_plan, simulate
from .rules import Rule
from .screening import Screening, Summary, critical, dossier, read_scores
from .table import Table

__version__: str = _ffi.string(_lib.psy_version()).decode()

features: str = _ffi.string(_lib.psy_build_features()).decode()
"""Optional parts of the library, ``"+sav"`` or ``"-sav"``."""

__all__ = [
    "AnswerGrid", "ArgumentError", "CancelledError", "Catalog", "ChangeGroup", "Check",
    "Collected", "DataError", "DefinitionSyntaxError", "ExpressionError", "FileError", "Instrument",
    "InternalError", "KeyCheck", "LimitError", "Norms", "NotFoundError", "NumericError",
    "OmegaBifactor", "OneFactor", "OutOfMemoryError", "OutputError", "Plan", "PsyscreenError",
    "Quality", "Reliability", "Rule", "SchemaError", "Scores", "Screening", "Simulation",
    "Summary", "Table", "UnsupportedError", "alpha_interval", "bursts", "catalog",
    "change_cutoffs", "check", "collect", "covariance", "critical", "dossier", "draft_plan",
    "encrypt_workbook", "features", "json_schema", "key_fingerprint", "key_new", "keycheck",
    "omega_bifactor", "omega_total", "one_factor", "quality", "read_scores", "reliability",
    "reliable_change", "response_time", "score", "simulate", "validity",
]
