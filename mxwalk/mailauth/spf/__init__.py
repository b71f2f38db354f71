"""SPF: the record, its evaluation as a tree, and its lint (RFC 7208).

``check_host`` is the function of RFC 7208 section 4 over any resolver; ``evaluate`` is the same as a
generator of questions, for a walk and for a trace that is read again.
"""

from mxwalk.mailauth.spf.checking import STANDARD, Limits
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.live import TimedResolver, check_host
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.mailauth.spf.record import read_record, select_records

__all__ = [
    "STANDARD",
    "Evaluation",
    "Limits",
    "SpfResult",
    "TimedResolver",
    "check_host",
    "evaluate",
    "read_record",
    "select_records",
]
