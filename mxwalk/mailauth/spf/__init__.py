"""SPF: the record, its evaluation as a tree, its survey, and its lint (RFC 7208).

``check_host`` is the function of RFC 7208 section 4 over any resolver; ``evaluate`` is the same as a
generator of questions, for a walk and for a trace that is read again.  ``expand`` walks through all
that a record leads to, and ``lint`` remarks on it.
"""

from mxwalk.mailauth.spf.checking import STANDARD, Limits
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.flatten import Flattened, flatten_advice
from mxwalk.mailauth.spf.headers import received_spf
from mxwalk.mailauth.spf.lint import lint
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.live import TimedResolver, check_host
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.mailauth.spf.received import ReceivedSpf, read_received_spf
from mxwalk.mailauth.spf.record import read_record, select_records
from mxwalk.mailauth.spf.repair import DENY_ALL, fixed
from mxwalk.mailauth.spf.survey import expand
from mxwalk.mailauth.spf.survey_model import Survey
from mxwalk.mailauth.spf.whatif import RememberingResolver, WhatIfResolver, with_record

__all__ = [
    "DENY_ALL",
    "STANDARD",
    "Evaluation",
    "Flattened",
    "Kind",
    "Limits",
    "ReceivedSpf",
    "Remark",
    "RememberingResolver",
    "Severity",
    "SpfResult",
    "Survey",
    "TimedResolver",
    "WhatIfResolver",
    "check_host",
    "evaluate",
    "expand",
    "fixed",
    "flatten_advice",
    "lint",
    "read_received_spf",
    "read_record",
    "received_spf",
    "select_records",
    "with_record",
]
