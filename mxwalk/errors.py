"""Exceptions for our own misuse and for unusable input; a peer's faults are evidence instead.

Each message gives the subject, the fact and, where there is one, the next thing to try, so that the
command line and the interface can show it as it is.
"""


class MxwalkError(Exception):
    """The base of everything mxwalk raises on purpose."""


class UsageError(MxwalkError):
    """An option, a target or a setting that cannot be used; the message says which and why."""


class TraceError(MxwalkError):
    """A trace file that cannot be read; the message says what is wrong and in which line."""


class TraceExistsError(TraceError):
    """A trace file that cannot be made, because there is one of that name."""


class ScenarioError(MxwalkError):
    """A lab scenario that is not well formed."""


class UnknownScenarioError(ScenarioError):
    """A name that no lab scenario has; the message says which are like it."""


class ProtocolMisuseError(MxwalkError):
    """Our own side asked the dialogue machine for a transition its table does not allow."""
