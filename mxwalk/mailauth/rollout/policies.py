"""The stages that the DMARC record decides: its preparation, test, enforcement and watching."""

from mxwalk.language import say
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
        say("Nothing is held back; reports show what would fail."),
        **tags,
        p="none" if record is None or record.policy is None else record.policy.value,
        fo="1" if ruf else "",
        ruf=ruf,
    )
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(
            found=Found.UNKNOWN, shows=say("Whether there is a DMARC record is not known.")
        )
    advice = (
        say(
            "Create the mailbox for reports first, an alias of its own, read by people or a"
            " program."
        ),
        (
            say(
                "ruf=mailto:... with fo=1 asks for reports on single messages whenever SPF or"
                " DKIM fails; few receivers send them, and without ruf fo is ignored (RFC"
                " 9989 4.7)."
            )
        ),
    )
    if facts.dmarc_records > 1:
        return Judged(
            found=Found.OPEN,
            shows=say(
                "There are {dmarc_records} DMARC records: none of them counts.",
                dmarc_records=facts.dmarc_records,
            ),
            blocked_by=(say("All but one of the records must go."),),
            advice=advice,
        )
    if record is None:
        inherited = (
            say(
                " The record of {dmarc_inherited_from} counts for it.",
                dmarc_inherited_from=facts.dmarc_inherited_from,
            )
            if facts.dmarc_inherited_from
            else ""
        )
        return Judged(
            found=Found.OPEN,
            shows=say("There is no DMARC record at the domain.{inherited}", inherited=inherited),
            publish=(first,),
            advice=advice,
        )
    if not record.usable or not _reports_to(facts):
        return Judged(
            found=Found.OPEN,
            shows=say("The DMARC record names no address that receives aggregate reports."),
            blocked_by=(*_refusing(facts), *record.problems),
            publish=(first, *consent_lines(facts)),
            advice=advice,
        )
    return Judged(
        found=Found.DONE,
        shows=say(
            "Aggregate reports go to {reports_to}.", reports_to=", ".join(_reports_to(facts)[:3])
        ),
    )


def test_records(facts: Published) -> Judged:
    """Stage 5: both records are published, and reports show what would fail."""
    record = facts.dmarc_record
    if Seen.UNKNOWN in (facts.spf, facts.dmarc):
        return Judged(found=Found.UNKNOWN, shows=say("SPF or DMARC record could not be looked up."))
    if record is None or facts.spf is Seen.NO:
        return Judged(found=Found.OPEN, shows=say("SPF and DMARC records are not both there yet."))
    if facts.aligned is Seen.YES:
        return Judged(found=Found.DONE, shows=say("By the reports all legitimate mail passes."))
    if facts.aligned is Seen.NO:
        return Judged(
            found=Found.OPEN,
            shows=say("By the reports legitimate mail still fails."),
            blocked_by=(
                say("Every legitimate source must pass SPF or DKIM with an aligned name."),
            ),
        )
    if _enforces(record):
        return Judged(
            found=Found.DONE,
            shows=say(
                "The policy is {effective_policy} already: the test is behind it.",
                effective_policy=record.effective_policy.value,
            ),
        )
    return Judged(
        found=Found.OPEN,
        shows=say("The test is running: whether all legitimate mail passes only the reports show."),
        advice=(say("Read the reports for four weeks at least before SPF or DMARC is tightened."),),
    )


def enforce(facts: Published) -> Judged:
    """Stage 7: quarantine, then reject."""
    record = facts.dmarc_record
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(
            found=Found.UNKNOWN, shows=say("Whether there is a DMARC record is not known.")
        )
    quarantine = dmarc_line(facts, say("First: what fails is suspicious."), p="quarantine", t="")
    reject = dmarc_line(facts, say("Then: what fails is refused."), p="reject", t="")
    advice = (
        (
            say(
                "Ask for quarantine before reject, each for a month at least; a domain whose"
                " users write to mailing lists stays at quarantine (RFC 9989 7.4)."
            )
        ),
    )
    if record is None or not record.usable or record.effective_policy is Policy.NONE:
        return Judged(
            found=Found.OPEN,
            shows=say("No policy is enforced."),
            blocked_by=_no_key(facts),
            publish=(quarantine, reject),
            advice=advice,
        )
    if record.testing or record.percent < 100:
        return Judged(
            found=Found.OPEN,
            shows=say(
                "p={effective_policy} is being tried ({value}).",
                effective_policy=record.effective_policy.value,
                value="t=y" if record.testing else f"pct={record.percent}",
            ),
            publish=(quarantine, reject),
            advice=advice,
        )
    if record.effective_policy is Policy.QUARANTINE:
        return Judged(
            found=Found.OPEN,
            shows=say("p=quarantine: what fails is suspicious, not refused."),
            blocked_by=_no_key(facts),
            publish=(reject,),
            advice=advice,
        )
    below = record.subdomain_policy
    if below is not None and below is not Policy.REJECT:
        return Judged(
            found=Found.OPEN,
            shows=say("p=reject, but sp={below} leaves the subdomains open.", below=below.value),
            publish=(dmarc_line(facts, say("The same for subdomains."), sp=""),),
        )
    absent = record.nonexistent_policy
    if absent is not None and absent is not Policy.REJECT:
        return Judged(
            found=Found.OPEN,
            shows=say(
                "p=reject, but np={absent} leaves names open that do not exist.",
                absent=absent.value,
            ),
            publish=(dmarc_line(facts, say("The same for names that do not exist."), np=""),),
        )
    return Judged(found=Found.DONE, shows=say("p=reject, for subdomains too."))


def monitor(facts: Published) -> Judged:
    """Stage 8, which never ends: the reports are read."""
    addresses = _reports_to(facts)
    if facts.dmarc is Seen.UNKNOWN:
        return Judged(
            found=Found.UNKNOWN, shows=say("Whether there is a DMARC record is not known.")
        )
    if not addresses:
        return Judged(
            found=Found.OPEN,
            shows=say("Nobody receives reports."),
            blocked_by=(
                *_refusing(facts),
                say("An address for aggregate reports (rua) is missing."),
            ),
        )
    return Judged(
        found=Found.OPEN,
        shows=say(
            "Reports go to {addresses}: somebody must read them, always.",
            addresses=", ".join(addresses[:3]),
        ),
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
        return (say("p=reject must not rest on SPF alone: DKIM comes first (RFC 9989 7.4)."),)
    return ()
