"""What a shell is to a program on a terminal: ``python tests/keywalks/shell.py REPORT COMMAND...``.

The leader of a session puts the command in front in a process group of its own, so that it can be stopped
and goes on, and takes the terminal back whenever it does not run.  What became of it is a line in the
pipe REPORT: ``started PID``, ``stopped``, ``exited CODE``, ``killed SIGNAL``.  A line on standard input
is no concern of it: the parent sends SIGUSR1 to have the command go on.
"""

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios


def main() -> None:
    """Run the command until it ends."""
    report = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # SIGQUIT and SIGABRT would leave a core
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = subprocess.Popen(sys.argv[2:], process_group=0, preexec_fn=_front)  # noqa: PLW1509 - there are no threads

    def go_on(*_: object) -> None:
        os.tcsetpgrp(0, child.pid)
        os.killpg(child.pid, signal.SIGCONT)

    def pass_on(*_: object) -> None:
        if os.environ.get("HANGUP"):
            os.killpg(child.pid, signal.SIGHUP)

    signal.signal(signal.SIGUSR1, go_on)
    signal.signal(signal.SIGHUP, pass_on)
    os.write(report, f"started {child.pid}\n".encode())
    while True:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        with contextlib.suppress(OSError):  # the terminal may be gone
            os.tcsetpgrp(0, os.getpgrp())
        if os.WIFSTOPPED(status):
            os.write(report, b"stopped\n")
        elif os.WIFSIGNALED(status):
            os.write(report, f"killed {os.WTERMSIG(status)}\n".encode())
            break
        else:
            os.write(report, f"exited {os.WEXITSTATUS(status)}\n".encode())
            break


def _front() -> None:
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


if __name__ == "__main__":
    main()
