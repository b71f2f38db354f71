"""What stands in for a report that is none."""

from mxwalk.errors import MxwalkError


class NoReportError(MxwalkError):
    """What was read is no report; the message says why, in a sentence about "it"."""


class DamagedError(NoReportError):
    """It ends in the middle or is damaged there; what came before may still be a report."""
