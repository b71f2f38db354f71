"""What is to be said of the report addresses of a record (RFC 9989 4.6, 4.7; RFC 9990 4)."""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.mailauth.dmarc.model import Policy, Record
from mxwalk.mailauth.dmarc.remarks import Around, Remark, RemarkKind, Weight
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.dmarc.reporting import consent_line


def address_remarks(record: Record, around: Around) -> Iterator[Remark]:
    """Return the remarks on ``rua``, ``ruf`` and ``fo``."""
    yield from _addresses(record)
    yield from _consents(around)
    usable = [uri for uri in record.aggregate if not uri.problem]
    if not usable and record.usable and record.effective_policy is not Policy.NONE:
        yield Remark(
            kind=RemarkKind.NO_REPORTS,
            weight=Weight.WARNING,
            sentence=say(
                "p={effective_policy} without an address for aggregate reports"
                " (rua): nobody learns which legitimate mail fails.",
                effective_policy=record.effective_policy.value,
            ),
            fix=fixed(record, rua=f"mailto:dmarc-reports@{around.domain}"),
        )
    if record.failure:
        yield Remark(
            kind=RemarkKind.FAILURE_REPORTS,
            weight=Weight.NOTICE,
            sentence=say(
                "ruf asks for reports on single messages: few receivers send them,"
                " and those that come hold personal data."
            ),
        )
    elif record.tags.get("fo") is not None:
        yield Remark(
            kind=RemarkKind.OPTIONS_UNUSED,
            weight=Weight.NOTICE,
            sentence=say("fo without ruf is ignored (RFC 9989 4.7)."),
            fix=fixed(record, fo=""),
        )


def _addresses(record: Record) -> Iterator[Remark]:
    for uri in (*record.aggregate, *record.failure):
        if uri.problem:
            shown = uri.uri or say("an empty place")
            yield Remark(
                kind=RemarkKind.BAD_ADDRESS,
                weight=Weight.WARNING,
                sentence=f"{uri.tag}: {shown}: {uri.problem}.",
                fix=fixed(record),
            )
        if uri.size:
            yield Remark(
                kind=RemarkKind.ADDRESS_SIZE,
                weight=Weight.NOTICE,
                sentence=say(
                    "{tag}: the size limit !{size} was removed by RFC 9989.",
                    tag=uri.tag,
                    size=uri.size,
                ),
                fix=fixed(record),
            )


def _consents(around: Around) -> Iterator[Remark]:
    for one in around.authorisations:
        if one.needed and one.agreed is False:
            yield Remark(
                kind=RemarkKind.NOT_AUTHORISED,
                weight=Weight.WARNING,
                sentence=say(
                    "{tag}: no reports go to {address}. {why}",
                    tag=one.uri.tag,
                    address=one.uri.address,
                    why=one.why,
                ),
                fix=consent_line(around.domain, one.uri.host),
            )
        elif one.needed and one.agreed is None:
            yield Remark(
                kind=RemarkKind.AUTHORISATION_UNKNOWN,
                weight=Weight.NOTICE,
                sentence=f"{one.uri.tag}: {one.why}",
            )
