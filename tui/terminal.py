"""Where the interface is drawn, and how the terminal is given back whatever ends it.

Textual puts the terminal into another state while it runs: no echo, another screen, reports of mouse,
focus and pastes.  It takes that back when it ends in order.  Here is what it leaves out: the signals
that end a program, faults before and after its own care, and terminals that cannot be drawn on.
"""

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.text import visible

# All that end a program unless it cares, but for those of its own faults (SIGSEGV) and SIGKILL.
_ENDING = (
    "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM",
    "SIGPROF", "SIGXCPU",
)  # fmt: skip
_IN_ORDER_S = 5.0  # to leave in order after a signal; then the process ends all the same
_WITHOUT_CURSOR = ("dumb", "unknown")
# Mouse, focus, pastes, sizes told in the stream and the keyboard protocol off; lines wrap; the screen
# of before; the cursor is seen.
_AS_BEFORE = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[<u\x1b[?7h"
    "\x1b[?1049l\x1b[?25h\x1b[0m"
)


def check_terminal() -> None:
    """Raise ``UsageError`` for a terminal that says it cannot place text."""
    kind = os.environ.get("TERM", "")
    if os.name == "nt" or (kind and kind not in _WITHOUT_CURSOR):
        return
    raise UsageError(
        say(
            "The screens of mxwalk cannot be drawn on this terminal (TERM={kind}). Set TERM to what it"
            " is, for example xterm; or print lines instead: mxwalk check, or --format text.",
            kind=visible(kind, 40),
        )
    )


@contextmanager
def drawn_on_terminal() -> Iterator[None]:
    """Draw on standard output inside the block where standard error is no terminal.

    When the block is left by an exception, the terminal is put back by force.
    """
    kept = sys.__stderr__
    if sys.stdout.isatty() and (kept is None or not kept.isatty()):
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]
    attributes = _attributes()
    try:
        yield
    except BaseException:
        _put_back(attributes)
        raise
    finally:
        sys.__stderr__ = kept  # type: ignore[misc]


class Ending:
    """The signals that ask a program to end: the interface is left in order, then they take effect.

    A walk is saved step by step, so nothing is lost; leaving closes the connection and the terminal is
    as before.  When that takes too long, the terminal is put back by force.
    """

    def __init__(self) -> None:
        self.by: signal.Signals | None = None
        self._attributes = _attributes()
        self._before: dict[signal.Signals, object] = {}
        self._over = False

    def begin(self, leave: Callable[[], object]) -> None:
        """Call ``leave`` once when a signal comes; it is called in the midst of anything."""

        def came(number: int, _frame: FrameType | None) -> None:
            first, self.by = self.by is None, signal.Signals(number)
            if first:
                timer = threading.Timer(_IN_ORDER_S, self._end_now)
                timer.daemon = True
                timer.start()
                with contextlib.suppress(RuntimeError):  # the loop is over: ``finish`` is next
                    leave()

        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                self._before[number] = signal.signal(number, came)

        if self._before:
            threading.Thread(target=self._see_it_go, name="terminal-gone", daemon=True).start()

    def finish(self) -> None:
        """Give the signals back, and let the one that came take effect."""
        self._over = True
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        if self.by is not None:
            signal.signal(self.by, signal.SIG_DFL)
            os.kill(os.getpid(), self.by)

    def _see_it_go(self) -> None:
        """Wait until the terminal is gone: perhaps nobody says so, and no key can come any more."""
        try:
            poll = select.poll()
            poll.register(sys.__stdin__.fileno(), 0)  # type: ignore[union-attr]
            gone = poll.poll()
        except (AttributeError, ValueError, OSError):
            return
        if not self._over and any(events & select.POLLHUP for _, events in gone):
            os.kill(os.getpid(), signal.SIGHUP)

    def _end_now(self) -> None:
        _put_back(self._attributes)
        os._exit(128 + (self.by or 0))


def _attributes() -> list[object] | None:
    """Return how the terminal is set; ``None`` where there is none to be set."""
    try:
        import termios
    except ImportError:  # no terminals of this kind here
        return None
    try:
        return termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (termios.error, AttributeError, ValueError, OSError):
        return None


def _put_back(attributes: list[object] | None) -> None:
    """Put the terminal back as it was; one that is gone is no matter."""
    if attributes is None:
        return
    import termios

    with contextlib.suppress(termios.error, OSError, ValueError):
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, attributes)  # type: ignore[union-attr,arg-type]
    with contextlib.suppress(OSError, ValueError):
        stream = sys.__stderr__ if sys.__stderr__ and sys.__stderr__.isatty() else sys.__stdout__
        if stream is not None and stream.isatty():
            os.write(stream.fileno(), _AS_BEFORE.encode())
