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


def left_in_memory(process, since):
    """Files with something in them that a killed process left outside of its results, where drafts lie meanwhile.
    `since`: when it began, for others had its number before."""
    memory = pathlib.Path("/dev/shm")
    left = [(p.name, p.stat()) for p in memory.glob(f".*.{process.pid}-*.tmp")] if memory.is_dir() else []
    return [name for name, about in left if about.st_size > 0 and about.st_mtime > since - 1]


def limited(most):
    """For preexec_fn: no file longer than `most` bytes; a write then fails, as on a full disk."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return prepare
