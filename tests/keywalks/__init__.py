"""The interface under keys that a machine presses, and on a real terminal.

A key walk opens a screen, presses every key it offers in every view and pane, then keys drawn by a seed.
It proves that no key ends the interface, puts anything into the log, fails a worker, draws outside the
screen or does nothing without saying why.  ``python -m tests.keywalks`` walks every trace of the lab at
five sizes in English and Korean; the tests walk a sample.  Keys that hold on every screen are pressed on
a trace at two of the five sizes, in turn; a screen is drawn when a key has had all its effect, not between.
What needs a terminal (restoring it, resize storms, few colours, faults, signals) runs ``mxwalk`` on a
pseudo-terminal.
"""
