"""The reports in Korean: every format of walks of each kind, with the structure of the English one."""

import json
import re

import pytest

from mxwalk.language import speaking
from mxwalk.reports.render import formats_for, render
from tests.reports.samples import lab_trace

SCENARIOS = (
    "crl-expired",
    "dane-good",
    "dane-mismatch",
    "dmarc-fail-reject",
    "dmarc-mailing-list",
    "domain-monitoring",
    "ehlo-garbage",
    "pkix-expired",
    "revoked-stapled",
    "spf-too-many-lookups",
    "sts-enforce-good",
    "tls10-only",
)
_HANGUL = re.compile(r"[가-힣]")
_HEADINGS = {
    "text": ("판정", "발견 사항"),
    "markdown": ("## 발견 사항", "## 단계"),
    "html": ("<h2>발견 사항</h2>",),
}
_SHAPES = {
    "markdown": re.compile(r"^(#+ |\||```)", re.MULTILINE),
    "html": re.compile(r"</?[a-z0-9]+"),
}


def _keys(value):
    """Return the shape of a JSON value: keys and lengths, no texts."""
    if isinstance(value, dict):
        return {key: _keys(inner) for key, inner in value.items()}
    return [_keys(inner) for inner in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_report_in_korean_has_the_same_structure(name):
    trace = lab_trace(name)
    sender = trace.header.options.sender
    for fmt in formats_for(trace.header.purpose):
        english = render(trace, fmt, sender=sender)
        with speaking("ko"):
            korean = render(trace, fmt, sender=sender)
        if fmt in ("trace", "tlsrpt"):
            assert korean == english  # for machines
            continue
        assert _HANGUL.search(korean)
        assert all(heading in korean for heading in _HEADINGS.get(fmt, ()))
        if fmt == "json":
            assert _keys(json.loads(korean)) == _keys(json.loads(english))
        if shape := _SHAPES.get(fmt):
            assert shape.findall(korean) == shape.findall(english)
        if fmt == "html":
            assert '<html lang="ko">' in korean
