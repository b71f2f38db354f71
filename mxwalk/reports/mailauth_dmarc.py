"""DMARC in the report: discovery, policy, alignment and the addresses for reports."""

from mxwalk.mailauth.dmarc.model import (
    Assessment,
    Authorisation,
    Discovery,
    PolicyFound,
    Record,
    TagState,
)
from mxwalk.reports import model_mailauth as model


def assessment(one: Assessment) -> model.Dmarc:
    """Return DMARC by one reading."""
    return model.Dmarc(
        reading=one.reading.value,
        author_domain=one.author_domain,
        exists=exists(one.exists),
        result=one.result.value,
        disposition=one.disposition.value if one.disposition else "",
        why=one.why,
        discovery=discovery(one.discovery),
        others=tuple(discovery(other) for other in one.others),
        policy=policy(one.policy),
        alignments=tuple(
            model.DmarcAlignment(
                method=row.method.value,
                number=row.number,
                domain=row.domain,
                organizational=row.organizational,
                passed=row.passed,
                relaxed=row.relaxed,
                strict=row.strict,
                mode=row.mode.name.lower(),
                aligned=row.aligned,
                counts=row.counts,
                uncertain=row.uncertain,
                why=row.why,
            )
            for row in one.alignments
        ),
    )


def exists(found: bool | None) -> str:
    """Return whether a name exists, in a word."""
    return "unknown" if found is None else "yes" if found else "no"


def discovery(found: Discovery) -> model.DmarcDiscovery:
    """Return how one reading found an Organizational Domain."""
    return model.DmarcDiscovery(
        domain=found.domain,
        organizational=found.organizational,
        failed=found.failed,
        why=found.why,
        queries=tuple(
            model.DmarcQuery(
                qname=query.qname,
                status=query.status.value,
                records=query.records,
                record=query.record.text if query.record else "",
                note=query.note,
                error=query.error,
            )
            for query in found.queries
        ),
    )


def policy(found: PolicyFound) -> model.DmarcPolicy:
    """Return the policy that counts."""
    return model.DmarcPolicy(
        source=found.source.value,
        tag=found.tag,
        asked=found.asked.value if found.asked else "",
        why=found.why,
        record=record(found.record) if found.record else None,
    )


def record(one: Record) -> model.DmarcRecord:
    """Return a record with its tags explained."""
    return model.DmarcRecord(
        name=one.name,
        text=one.text,
        usable=one.usable,
        tags=tuple(
            model.Tag(
                name=tag.name,
                value=tag.value,
                meaning=tag.meaning,
                state="ok" if tag.state is TagState.OK else tag.state.value,
            )
            for tag in one.readings
        ),
        problems=one.problems,
    )


def reporter(one: Authorisation) -> model.Reporter:
    """Return an address for reports and whether its domain agreed."""
    consent = {True: "agreed", False: "refused", None: "unknown"}[one.agreed]
    return model.Reporter(
        tag=one.uri.tag,
        address=one.uri.address or one.uri.uri,
        host=one.uri.host,
        name=one.name,
        consent=consent if one.needed else "not needed",
        why=one.why,
    )
