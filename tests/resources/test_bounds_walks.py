"""Bounds of what is worked out: broken signatures explained, dialogues read, walks compared and watched."""

import pytest

from mxwalk.clues.dialogue.exchanges import read_session
from mxwalk.clues.dialogue.forms import read_lines
from mxwalk.clues.dialogue.source import split
from mxwalk.clues.reading import understand
from mxwalk.compare.comparing import compare
from mxwalk.compare.graft import Grafts
from mxwalk.compare.side import Side
from mxwalk.dns.txt import txt_line
from mxwalk.evidence.redact_message import _value
from mxwalk.letters.compose import addressed, write_letters
from mxwalk.mailauth.dkim.body_blocks import footer
from mxwalk.mailauth.dkim.diagnose_body import diagnose_body
from mxwalk.mailauth.dkim.diagnose_header import diagnose_header
from mxwalk.mailauth.dkim.key import read_key_text
from mxwalk.mailauth.dkim.library import canonical_body, hash_of
from mxwalk.mailauth.dkim.sign import Signing, sign
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.message import read_message
from mxwalk.watch.facts import filled
from tests.mailauth.dkim.signing import NOW
from tests.mailauth.spf.zone import Zone, spf
from tests.reports.samples import lab_trace
from tests.resources.lowering import Probe, check
from tests.resources.test_bounds_mailauth import _PAIR, _rsa
from tests.watch.facts_for import facts, leaf
