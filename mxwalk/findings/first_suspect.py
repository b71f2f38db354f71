"""Whether our own side is the first suspect of what became of a walk, and in which words.

A resolver that is dead or denies the root, a wrong clock, no route, no address that answers at all:
then nothing of the target is known, and whoever reads must look here first.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mxwalk.findings.concern import OWN_RESOLVER
from mxwalk.findings.model import Finding
from mxwalk.language import noted, say
from mxwalk.senders.model import Outcome, Verdict

# By code, the more certain ones first.
_SUSPECTS: Mapping[str, str] = MappingProxyType(
    {
        "DNS001": noted("the resolver does not answer"),
        "DNS002": noted("the resolver fails on the DNS root"),
        "DNSSEC024": noted("the clock is wrong"),
        "CONN013": noted("this machine failed"),
        "CONN003": noted("does port 25 get out? mxwalk self --egress"),
    }
)


def first_suspect(
    verdict: Verdict | None, findings: Iterable[Finding], *, looked_up: bool = True
) -> str:
    """Return what on our own side to look at first; empty where the target is to be looked at.

    A verdict that says bounced rests on an answer of somebody, unless our resolver made it up.
    ``looked_up`` tells that a look-up decided: otherwise our resolver has no part in it.
    """
    if verdict is None or verdict.outcome.delivered or verdict.outcome is Outcome.COMPLETE:
        return ""
    codes = {finding.code for finding in findings}
    if verdict.outcome is Outcome.BOUNCED:
        codes &= OWN_RESOLVER
    if not looked_up:
        codes -= OWN_RESOLVER
    return next((say(words) for code, words in _SUSPECTS.items() if code in codes), "")
