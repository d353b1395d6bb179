"""The program under test, the first argument of every golden test, and how it is run."""
import os
import subprocess
import sys

PROGRAM = sys.argv[1]


def run(*arguments, code=(0, 1), **environment):
    """One run, which ends the test if it does not end with this code, or one of these (1: there are findings)."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                          env=dict(os.environ, **environment))
    if done.returncode not in (code if isinstance(code, tuple) else (code,)):
        sys.exit(f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done
