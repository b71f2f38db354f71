"""The records that the plan ends its stages with, as zone lines.

Report addresses are the domain's own; a name in angle brackets must be filled in.
"""

import re

from mxwalk.dns.txt import txt_line
from mxwalk.identity.suffixes import organizational_domain
from mxwalk.language import say
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.dmarc.reporting import consent_line
from mxwalk.mailauth.rollout.model import Line, Published, Sender

_ALL = re.compile(r"(?i)(?<!\S)[-+~?]?all(?!\S)")
_LABEL = re.compile(r"[^a-z0-9-]+")
SELECTOR = "s1"
REPORTS = "dmarc-reports"  # the mailbox that is proposed for reports, one for all records
DENY_SPF = b"v=spf1 -all"  # RFC 7208 10.1.2
DENY_KEY = b"v=DKIM1; p="  # RFC 6376 3.6.1: an empty p= is a revoked key
DENY_DMARC = "v=DMARC1; p=reject"


def _line(name: str, content: str | bytes, purpose: str, *, replaces: bool = False) -> Line:
    octets = content.encode() if isinstance(content, str) else content
    return Line(
        text=txt_line(name, octets), purpose=purpose, template=b"<" in octets, replaces=replaces
    )


def spf_with(facts: Published, qualifier: str) -> str:
    """Return the domain's SPF record with this qualifier on its ``all``, or one to begin with."""
    all_ = f"{qualifier}all"
    if not facts.spf_text:
        return f"v=spf1 mx {all_}"
    if _ALL.search(facts.spf_text):
        return _ALL.sub(all_, facts.spf_text, count=1)
    if "redirect=" in facts.spf_text.lower():
        return facts.spf_text  # the record it leads to has the all
    return f"{facts.spf_text} {all_}"


def spf_lines(facts: Published, qualifier: str, purpose: str) -> tuple[Line, ...]:
    """Return the SPF record's line with this qualifier on ``all``.

    Empty where the record would stay as it is: the ``all`` stands where ``redirect`` leads to.
    """
    text = spf_with(facts, qualifier)
    if text == facts.spf_text:
        return ()
    return (_line(facts.domain, text, purpose, replaces=bool(facts.spf_text)),)


def key_line(domain: str, selector: str, purpose: str) -> Line:
    """Return the line of a key record whose key is to be filled in."""
    return Line(
        text=f'{selector}._domainkey.{domain}. IN TXT "v=DKIM1; k=rsa; p=<public key>"',
        purpose=purpose,
        template=True,
    )


def dmarc_line(facts: Published, purpose: str, **tags: str) -> Line:
    """Return the DMARC record's line with these tags set; what it says besides is kept."""
    record = facts.dmarc_record
    reports = mailbox(facts.domain)
    if record is None:
        order = ("p", "sp", "np", "fo", "rua", "ruf", "t")
        given = {"rua": reports, **tags}
        text = "; ".join(
            ("v=DMARC1", *(f"{name}={given[name]}" for name in order if given.get(name)))
        )
    else:
        if not any(not uri.problem for uri in record.aggregate):
            tags.setdefault("rua", reports)
        text = fixed(record, **tags)
    if reports in text:
        purpose = say(
            "{purpose} Create the mailbox {reports} first.",
            purpose=purpose,
            reports=reports.removeprefix("mailto:"),
        )
    return _line(f"_dmarc.{facts.domain}", text, purpose, replaces=record is not None)


def mailbox(domain: str) -> str:
    """Return the address for reports that is proposed where a domain has none yet."""
    return f"mailto:{REPORTS}@{domain}"


def report_addresses(facts: Published) -> str:
    """Return what a further record of the domain says in ``rua``: the addresses in use, else one."""
    record = facts.dmarc_record
    used = (
        [f"mailto:{uri.address}" for uri in record.aggregate if not uri.problem] if record else []
    )
    return ",".join(used[:2]) or mailbox(facts.domain)


def consent_lines(facts: Published) -> tuple[Line, ...]:
    """Return what outside hosts that have not agreed to receive reports would publish."""
    hosts = dict.fromkeys(one.uri.host for one in facts.authorisations if one.agreed is False)
    return tuple(
        Line(
            text=consent_line(facts.domain, host),
            purpose=say("{host} publishes it if it is to receive the reports.", host=host),
        )
        for host in hosts
    )


def deny_spf(domain: str, *, replaces: bool) -> Line:
    """Return the SPF record of a name that sends nothing."""
    return _line(domain, DENY_SPF, say("No host may send for this name."), replaces=replaces)


def deny_keys(domain: str) -> Line:
    """Return the revoked key for every selector of a name that signs nothing."""
    return _line(f"*._domainkey.{domain}", DENY_KEY, say("No signature of this name is valid."))


def deny_dmarc(facts: Published) -> Line:
    """Return the DMARC record of a name that sends nothing; report addresses are kept."""
    record = facts.dmarc_record
    text = fixed(record, p="reject", sp="", np="", t="") if record else DENY_DMARC
    purpose = say("Whatever comes in this name is forged.")
    return _line(f"_dmarc.{facts.domain}", text, purpose, replaces=record is not None)


def null_mx(domain: str) -> Line:
    """Return the null MX of a name that receives nothing (RFC 7505 3)."""
    return Line(text=f"{domain}. IN MX 0 .", purpose=say("The name receives no mail."))


def third_party(facts: Published, sender: Sender) -> tuple[Line, ...]:
    """Return what gives a third-party sender a subdomain and a selector of its own."""
    own = organizational_domain(sender.name.lower().strip(".")).partition(".")[0]
    label = _LABEL.sub("-", own).strip("-")[:40] or "partner"
    below = f"{label}.{facts.domain}"
    include = sender.spf or "<SPF record of the sender>"
    return (
        _line(
            below,
            f"v=spf1 include:{include} -all",
            say("Only this sender sends for the subdomain."),
        ),
        key_line(below, SELECTOR, say("A key of its own: it can be revoked alone.")),
        _line(
            f"_dmarc.{below}",
            f"v=DMARC1; p=none; rua={report_addresses(facts)}",
            say("A policy of its own: it can be tightened alone."),
        ),
    )
