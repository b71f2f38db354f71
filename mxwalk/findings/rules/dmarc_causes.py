"""Why DMARC fails for a message: the part behind it, and the code of the finding that tells of that.

The cause is told first and has the fix; what DMARC makes of it only points there.  A tag ``psd=n``
that parts the author from a domain whose signature passes is such a cause (RFC 9989 4.7, 4.10), and so
is an aligned signature or SPF record that does not pass.
"""

from dataclasses import dataclass

from mxwalk.findings.authenticated import zone_line
from mxwalk.findings.commands import dig, opendkim_testkey, verify_message
from mxwalk.findings.model import Owner
from mxwalk.findings.raising import show
from mxwalk.findings.rules.dkim import entry_of as dkim_entry
from mxwalk.findings.rules.dmarc_codes import SUFFIX
from mxwalk.findings.rules.spf_result import entry_of as spf_entry
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import Reason, SignatureVerdict
from mxwalk.mailauth.dmarc.discovery import domain_key
from mxwalk.mailauth.dmarc.model import Alignment, Assessment, Method, Query, Reading
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.failing import named

_CHANGED = (Reason.BODY_HASH, Reason.HEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What is behind a failure: the code that tells of it, what to mend, who acts, how to see it."""

    code: str
    fix: str
    command: str
    owner: Owner | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A record whose ``psd=n`` parts the author's domain from an identifier that passes."""

    query: Query
    passed: Alignment
    organizational: str

    @property
    def sentence(self) -> str:
        """What it does, with the names."""
        return say(
            "{qname}: psd=n cuts {organizational} off from the domain above it: {named}"
            " for {domain} passes and counts as a stranger's",
            qname=show(self.query.qname, 200),
            organizational=show(self.organizational, 120),
            named=named(self.passed),
            domain=show(self.passed.domain, 120),
        )

    @property
    def fix(self) -> str:
        """The record without ``psd``, or the name to sign or send with."""
        record = self.query.record
        line = zone_line(self.query.qname, fixed(record, psd="")) if record is not None else ""
        org = show(self.organizational, 120)
        other = (
            say("sign with d={org}", org=org)
            if self.passed.method is Method.DKIM
            else say("use a MAIL FROM of {org} or below it", org=org)
        )
        return say("publish {line} (without psd=n), or {other}", line=line, other=other)

    @property
    def short(self) -> str:
        """Where the fix is printed, and what it comes to."""
        return say(
            "see {code}: take psd=n out of {qname}",
            code=SUFFIX.code,
            qname=show(self.query.qname, 200),
        )


def cut_off(case: MessageCase, one: Assessment) -> CutOff | None:
    """Return the ``psd=n`` without which an identifier that passes would be aligned."""
    other = case.assessment(Reading.RFC7489)
    if other is None:
        return None
    for mine, theirs in zip(one.alignments, other.alignments, strict=False):
        if not mine.passed or mine.aligned or not theirs.aligned:
            continue
        name = domain_key(mine.domain)
        apart = [each for each in one.others if domain_key(each.domain) == name]
        for found in (one.discovery, *apart):
            for query in found.queries:
                at_end = query.qname == f"_dmarc.{found.organizational}"
                if query.record is not None and query.record.psd == "n" and at_end:
                    return CutOff(query=query, passed=mine, organizational=found.organizational)
    return None


def cause_of(case: MessageCase, one: Assessment) -> Cause | None:
    """Return what is behind a result of fail; ``None`` where nothing aligned is there to mend."""
    apart = cut_off(case, one)
    if apart is not None:
        return Cause(
            code=SUFFIX.code,
            fix=apart.short,
            command=dig(apart.query.qname, "TXT"),
            owner=Owner.SENDER_DNS,
        )
    for each in one.alignments:
        if each.aligned and not each.passed:
            cause = _of_dkim(case, each) if each.method is Method.DKIM else _of_spf(case, each)
            if cause is not None:
                return cause
    return None


def _of_dkim(case: MessageCase, each: Alignment) -> Cause | None:
    verdict = next((v for v in case.verdicts if v.signature.number == each.number), None)
    what = dkim_entry(verdict.reason) if verdict is not None else None
    if verdict is None or what is None:
        return None
    listed = verdict.reason in _CHANGED and bool(case.message.list_fields)
    return Cause(
        code=what.code,
        fix=say(
            "mend DKIM signature {number} of {domain}, see {code}: it is aligned, and"
            " with it DMARC passes",
            number=each.number,
            domain=show(each.domain, 120),
            code=what.code,
        ),
        command=_key_command(case, verdict),
        owner=Owner.FORWARDER if listed else what.owner,
    )


def _key_command(case: MessageCase, verdict: SignatureVerdict) -> str:
    signature = verdict.signature
    if verdict.reason in _CHANGED or not signature.domain:
        return verify_message(case.given.file_name)
    return f"{dig(signature.key_name, 'TXT')}; {opendkim_testkey(signature.domain, signature.selector)}"


def _of_spf(case: MessageCase, each: Alignment) -> Cause | None:
    check = case.mailfrom
    if check is None or check.evaluation.result is not SpfResult.PERMERROR:
        return None
    what = spf_entry(check.evaluation)
    return Cause(
        code=what.code,
        fix=say(
            "mend the SPF record of {domain}, see {code}: it is aligned, and with it DMARC passes",
            domain=show(each.domain, 120),
            code=what.code,
        ),
        command=dig(check.evaluation.domain, "TXT"),
        owner=what.owner,
    )
