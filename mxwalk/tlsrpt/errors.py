"""What stands in for a report that is none."""

from mxwalk.errors import MxwalkError


class NoReportError(MxwalkError):
    """What was read is no TLS report; the message says why, in a sentence about "it"."""
