"""Runs that end early: what they may leave, what they left, and a disk that has no room."""
import pathlib
import resource
import signal


def files(directory):
    """Name below the directory -> bytes."""
    return {str(p.relative_to(directory)): p.read_bytes() for p in directory.rglob("*") if p.is_file()} if directory.exists() else {}


def is_ours_to_clear(name):
    """The journal and drafts: what a killed run may leave."""
    return ".psyscreen" in name or pathlib.PurePath(name).name.endswith(".tmp")


def limited(most):
    """For preexec_fn: no file longer than `most` bytes; a write then fails, as on a full disk."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return prepare
