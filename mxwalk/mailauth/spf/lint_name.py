"""Remarks on what stands at the name besides the record: none at all, look-alikes, type SPF (99)."""

from mxwalk.language import say
from mxwalk.mailauth.spf.lint_model import Kind, Remark, Severity
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.mailauth.spf.record import is_record
from mxwalk.mailauth.spf.repair import DENY_ALL
from mxwalk.mailauth.spf.survey_model import Survey
from mxwalk.text import visible

_NEARLY = (b"spf1", b"v=spf", b"v = spf", b"spf2.0")
_AROUND = b" \t\r\n\"'\xc2\xa0"


def near_words(octets: bytes) -> str:
    """Return why a TXT record that is meant to be an SPF record is none, empty if it is not meant."""
    if is_record(octets) or not any(sign in octets[:40].lower() for sign in _NEARLY):
        return ""
    if is_record(octets.strip(_AROUND)):
        return say("it does not begin with v=spf1: something stands before it")
    return say("it looks like an SPF record, but does not begin with v=spf1 and a space")


def lint_name(survey: Survey, *, sends: bool) -> list[Remark]:
    """Remark on what stands at the name besides the record."""
    root = survey.root
    found = [
        _near(survey.domain, octets, why) for octets in root.others if (why := near_words(octets))
    ]
    if root.problem is SpfResult.TEMPERROR:
        found.append(
            Remark(
                kind=Kind.NOT_LOOKED_UP,
                severity=Severity.ERROR,
                domain=survey.domain,
                sentence=root.why,
                fix=say("ask again; if it stays so, the domain's name servers are at fault"),
            )
        )
    elif not root.records and not found:
        deny = say('publish "{deny_all}"', deny_all=DENY_ALL)
        fix = say(
            'publish a record that names the senders; if it sends no mail, publish "{deny_all}"',
            deny_all=DENY_ALL,
        )
        found.append(
            Remark(
                kind=Kind.NO_RECORD,
                severity=Severity.WARNING,
                domain=survey.domain,
                sentence=say("{domain} publishes no SPF record", domain=visible(survey.domain, 80)),
                fix=fix if sends else deny,
            )
        )
    if survey.type99:
        found.append(
            Remark(
                kind=Kind.TYPE99,  # RFC 7208 3.1
                severity=Severity.NOTICE,
                domain=survey.domain,
                sentence=say(
                    "there is a record of type SPF (99), which no receiver asks for any more"
                ),
                fix=say("remove it; the TXT record alone counts"),
            )
        )
    return found


def _near(domain: str, octets: bytes, why: str) -> Remark:
    plain = octets.strip(_AROUND)
    fix = (
        say('publish it as "{plain}"', plain=visible(plain, 450))
        if is_record(plain)
        else say('begin it with "v=spf1 "')
    )
    return Remark(
        kind=Kind.NEAR_RECORD,  # RFC 7208 4.5
        severity=Severity.ERROR,
        domain=domain,
        sentence=say("{why}, so receivers do not see it", why=why),
        fix=fix,
        text=visible(octets, 80),
        end=min(len(octets), 7),
    )
