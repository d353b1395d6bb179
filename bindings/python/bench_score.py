"""Scoring 60,000 sheets of 231 int8 columns from NumPy against the C call alone.

The C call is the same work without Python's part: answers made, columns set from the same
memory, scored, freed; called with pointers that were made before.  One thread; best of several rounds.
Ends with 1 when Python takes more than 1.2 times as long.

Run:  build/python-venv/bin/python bindings/python/bench_score.py
"""

import sys
import time

import numpy as np
import psyscreen
from psyscreen._psyscreen import ffi, lib

ROWS, ITEMS, ROUNDS, LIMIT = 60_000, 231, 7, 1.2
DEFINITION = """
format: psyscreen/instrument/1
id: bench
edition: "1"
name: {{en: Bench, zh: 基准}}
informants: [self]
grades: 1..16
text_licence: public domain
sources: [{{cite: "made up for the benchmark", for: [scoring], confidence: verified}}]
responses: {{r: {{codes: [0, 1, 2, 3]}}}}
items: [{{ids: 1..{items}, response: r}}]
scales:
  total: {{name: {{en: Total, zh: 总分}}, items: 1..{items}, score: sum, worse: high}}
"""


def best(*works):
    """Least time of the thread for each, measured in turns: other programs matter little."""
    times = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times):
            start = time.thread_time()
            work()
            taken.append(time.thread_time() - start)
    return [min(taken) for taken in times]


def main():
    instrument = psyscreen.Instrument.loads(DEFINITION.format(items=ITEMS), "bench.yaml")
    data = np.asfortranarray(np.random.default_rng(1).integers(0, 4, (ROWS, ITEMS)).astype("i1"))
    columns = {name: data[:, i] for i, name in enumerate(instrument.columns)}
    pointers = [ffi.cast("const void *", data[:, i].ctypes.data) for i in range(ITEMS)]
    options = ffi.new("psy_score_options *")
    options.version, options.n_threads = lib.PSY_SCORE_OPTIONS_VERSION, 1
    error, answers, table = (ffi.new("psy_error *"), ffi.new("psy_answers **"),
                             ffi.new("psy_table **"))

    def in_c():
        good = lib.psy_answers_new(answers, instrument._pointer, ffi.NULL, ROWS, ffi.NULL, error)
        for item in range(ITEMS):
            good |= lib.psy_answers_set_column(answers[0], item, pointers[item], lib.PSY_INT8, 1,
                                               ffi.NULL, ffi.NULL, error)
        good |= lib.psy_score_answers(table, answers[0], options, ffi.NULL, error)
        assert good == 0
        lib.psy_table_free(table[0])
        lib.psy_answers_free(answers[0])

    def in_python():
        psyscreen.score(instrument, columns, threads=1)

    in_c()
    expected = psyscreen.score(instrument, columns)["bench.total"]
    assert expected == data.sum(1, dtype=float).tolist()
    c, python = best(in_c, in_python)
    print(f"python: {ROWS} x {ITEMS} int8 columns from NumPy  C {c * 1e3:.1f} ms  "
          f"Python {python * 1e3:.1f} ms  ratio {python / c:.2f} (at most {LIMIT})")
    return 0 if python <= LIMIT * c else 1


if __name__ == "__main__":
    sys.exit(main())
