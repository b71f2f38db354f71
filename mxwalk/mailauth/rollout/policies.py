"""The stages that the DMARC record decides: its preparation, test, enforcement and watching."""

from mxwalk.mailauth.dmarc.model import Policy, Record
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.rollout.judged import Found, Judged
from mxwalk.mailauth.rollout.lines import consent_lines, dmarc_line, mailbox
from mxwalk.mailauth.rollout.model import Published


def prepare_dmarc(facts: Published) -> Judged:
    """Stage 4: a record that asks for reports, and somebody who receives them."""
    record = facts.dmarc_record
    tags = {} if _reports_to(facts) else {"rua": mailbox(facts.domain)}
    # Cisco's guide begins with fo=1; RFC 9989 4.7 ignores it without ruf, so both go together.
    ruf = tags.get("rua", "") if record is None else _addresses(record, "ruf")
    first = dmarc_line(
        facts,
        "Nothing is held back; reports show what would fail.",
        **tags,
        p="none" if record is None or record.policy is None else record.policy.value,
        fo="1" if ruf else "",
        ruf=ruf,
    )
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(found=Found.UNKNOWN, shows="Whether there is a DMARC record is not known.")
    advice = (
        "Create the mailbox for reports first, an alias of its own, read by people or a program.",
        (
            "ruf=mailto:... with fo=1 asks for reports on single messages whenever SPF or DKIM fails;"
            " few receivers send them, and without ruf fo is ignored (RFC 9989 4.7)."
        ),
    )
    if facts.dmarc_records > 1:
        return Judged(
            found=Found.OPEN,
            shows=f"There are {facts.dmarc_records} DMARC records: none of them counts.",
            blocked_by=("All but one of the records must go.",),
            advice=advice,
        )
    if record is None:
        inherited = (
            f" The record of {facts.dmarc_inherited_from} counts for it."
            if facts.dmarc_inherited_from
            else ""
        )
        return Judged(
            found=Found.OPEN,
            shows=f"There is no DMARC record at the domain.{inherited}",
            publish=(first,),
            advice=advice,
        )
    if not record.usable or not _reports_to(facts):
        return Judged(
            found=Found.OPEN,
            shows="The DMARC record names no address that receives aggregate reports.",
            blocked_by=(*_refusing(facts), *record.problems),
            publish=(first, *consent_lines(facts)),
            advice=advice,
        )
    return Judged(
        found=Found.DONE, shows=f"Aggregate reports go to {', '.join(_reports_to(facts)[:3])}."
    )


def test_records(facts: Published) -> Judged:
    """Stage 5: both records are published, and reports show what would fail."""
    record = facts.dmarc_record
    if Seen.UNKNOWN in (facts.spf, facts.dmarc):
        return Judged(found=Found.UNKNOWN, shows="SPF or DMARC record could not be looked up.")
    if record is None or facts.spf is Seen.NO:
        return Judged(found=Found.OPEN, shows="SPF and DMARC records are not both there yet.")
    if facts.aligned is Seen.YES:
        return Judged(found=Found.DONE, shows="By the reports all legitimate mail passes.")
    if facts.aligned is Seen.NO:
        return Judged(
            found=Found.OPEN,
            shows="By the reports legitimate mail still fails.",
            blocked_by=("Every legitimate source must pass SPF or DKIM with an aligned name.",),
        )
    if _enforces(record):
        return Judged(
            found=Found.DONE,
            shows=f"The policy is {record.effective_policy.value} already: the test is behind it.",
        )
    return Judged(
        found=Found.OPEN,
        shows="The test is running: whether all legitimate mail passes only the reports show.",
        advice=("Read the reports for four weeks at least before SPF or DMARC is tightened.",),
    )


def enforce(facts: Published) -> Judged:
    """Stage 7: quarantine, then reject."""
    record = facts.dmarc_record
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(found=Found.UNKNOWN, shows="Whether there is a DMARC record is not known.")
    quarantine = dmarc_line(facts, "First: what fails is suspicious.", p="quarantine", t="")
    reject = dmarc_line(facts, "Then: what fails is refused.", p="reject", t="")
    advice = (
        (
            "Ask for quarantine before reject, each for a month at least; a domain whose users write to"
            " mailing lists stays at quarantine (RFC 9989 7.4)."
        ),
    )
    if record is None or not record.usable or record.effective_policy is Policy.NONE:
        return Judged(
            found=Found.OPEN,
            shows="No policy is enforced.",
            blocked_by=_no_key(facts),
            publish=(quarantine, reject),
            advice=advice,
        )
    if record.testing or record.percent < 100:
        return Judged(
            found=Found.OPEN,
            shows=f"p={record.effective_policy.value} is being tried"
            f" ({'t=y' if record.testing else f'pct={record.percent}'}).",
            publish=(quarantine, reject),
            advice=advice,
        )
    if record.effective_policy is Policy.QUARANTINE:
        return Judged(
            found=Found.OPEN,
            shows="p=quarantine: what fails is suspicious, not refused.",
            blocked_by=_no_key(facts),
            publish=(reject,),
            advice=advice,
        )
    below = record.subdomain_policy
    if below is not None and below is not Policy.REJECT:
        return Judged(
            found=Found.OPEN,
            shows=f"p=reject, but sp={below.value} leaves the subdomains open.",
            publish=(dmarc_line(facts, "The same for subdomains.", sp=""),),
        )
    absent = record.nonexistent_policy
    if absent is not None and absent is not Policy.REJECT:
        return Judged(
            found=Found.OPEN,
            shows=f"p=reject, but np={absent.value} leaves names open that do not exist.",
            publish=(dmarc_line(facts, "The same for names that do not exist.", np=""),),
        )
    return Judged(found=Found.DONE, shows="p=reject, for subdomains too.")


def monitor(facts: Published) -> Judged:
    """Stage 8, which never ends: the reports are read."""
    addresses = _reports_to(facts)
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(found=Found.UNKNOWN, shows="Whether there is a DMARC record is not known.")
    if not addresses:
        return Judged(
            found=Found.OPEN,
            shows="Nobody receives reports.",
            blocked_by=(*_refusing(facts), "An address for aggregate reports (rua) is missing."),
        )
    return Judged(
        found=Found.OPEN,
        shows=f"Reports go to {', '.join(addresses[:3])}: somebody must read them, always.",
    )


def _addresses(record: Record, tag: str) -> str:
    usable = [uri for uri in (*record.aggregate, *record.failure) if uri.tag == tag]
    return ",".join(f"mailto:{uri.address}" for uri in usable if not uri.problem)


def _reports_to(facts: Published) -> list[str]:
    """Return the addresses that receive aggregate reports; one that may have refused is left out."""
    if facts.dmarc_record is None:
        return []
    refused = {one.uri.address for one in facts.authorisations if one.agreed is False}
    return [
        uri.address
        for uri in facts.dmarc_record.aggregate
        if not uri.problem and uri.address not in refused
    ]


def _refusing(facts: Published) -> tuple[str, ...]:
    return tuple(one.why for one in facts.authorisations if one.needed and one.agreed is False)


def _enforces(record: Record) -> bool:
    return record.usable and record.effective_policy is not Policy.NONE


def _no_key(facts: Published) -> tuple[str, ...]:
    if facts.selectors_asked and facts.keys and not any(key.usable for key in facts.keys):
        return ("p=reject must not rest on SPF alone: DKIM comes first (RFC 9989 7.4).",)
    return ()
