"""A policy whose every line names the mailbox: redaction lengthens it and changes nothing else."""

import io

from msgspec import structs

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.redact import redact
from mxwalk.mtasts.state import StsStanding
from mxwalk.walk.target import parse_target
from tests.findings.sts_cases import ENFORCE, fetched, policy


def test_a_redacted_policy_at_the_limit_reads_back_with_the_same_standing():
    line = b"x: " + b"u@example.com " * 70 + b"\n"
    trace = policy(None, fetched(ENFORCE + line * 64)).delivery().trace
    header = structs.replace(trace.header, target=parse_target("u@example.com"))
    trace = structs.replace(trace, header=header)
    redacted = redact(trace)
    body = build_delivery(redacted).sts.fetch.body
    assert b"u@example.com" not in body
    assert len(body) > 64 * 1024
    again = read_trace(io.BytesIO(dump_trace(redacted)))
    assert not again.damage
    for one in (trace, redacted, again):
        assert build_delivery(one).sts.standing is StsStanding.ACTIVE
