"""One writer of a trace file at a time: a lock of the operating system, which ends with the file.

Where a file system, or the machine, knows no such locks, none is taken: a note is then checked against
the file as before.
"""

import time

from mxwalk.limits import TRACE_LOCK_PAUSE_S, TRACE_LOCK_TRIES


def lock_at_once(descriptor: int) -> bool:
    """Take the lock that no other writer has; say whether it could be taken."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # no locks here
    return True


def lock_soon(descriptor: int) -> bool:
    """Take the lock, or wait a moment for it; say whether it could be taken."""
    for _ in range(TRACE_LOCK_TRIES - 1):
        if lock_at_once(descriptor):
            return True
        time.sleep(TRACE_LOCK_PAUSE_S)
    return lock_at_once(descriptor)
