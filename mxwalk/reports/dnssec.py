"""DNSSEC in the report: every validated look-up with its hops, every zone cut once."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from mxwalk.clock import to_rfc3339
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.security import judged_at
from mxwalk.delivery.validated import Validated, validated
from mxwalk.dnssec.algorithms import ALGORITHMS, DIGESTS
from mxwalk.dnssec.model import Denial, Hop, SignatureCheck, Validation, ZoneLink
from mxwalk.reports import model_dns as model


def dnssec(delivery: Delivery) -> model.Dnssec | None:
    """Return what was validated; ``None`` when nothing was."""
    looked = validated(delivery)
    if not looked:
        return None
    return model.Dnssec(
        judged_at=_time(judged_at(delivery.trace.header)),
        lookups=tuple(_lookup(item) for item in looked),
        cuts=tuple(_cut(link) for link in cuts(item.validation for item in looked)),
    )


def cuts(validations: Iterable[Validation]) -> tuple[ZoneLink, ...]:
    """Return the zone cuts that the validations passed, each once, parents before children."""
    found: dict[tuple[str, str], ZoneLink] = {}
    for validation in validations:
        for hop in validation.hops:
            for link in hop.links:
                found.setdefault((link.zone, link.status.value), link)
    return tuple(found.values())


def _lookup(item: Validated) -> model.Validation:
    validation = item.validation
    zones = dict.fromkeys(link.zone for hop in validation.hops for link in hop.links)
    return model.Validation(
        step=item.step.seq,
        qname=validation.question.qname,
        rtype=validation.question.rtype,
        status=validation.status.value,
        reason=validation.reason.value if validation.reason else "",
        sentence=validation.sentence,
        fix=validation.fix,
        owner=validation.culprit.value,
        ad=validation.ad,
        zones=tuple(zones),
        hops=tuple(_hop(hop) for hop in validation.hops),
    )


def _hop(hop: Hop) -> model.Hop:
    return model.Hop(
        name=hop.name,
        kind=hop.kind.value,
        status=hop.status.value,
        zone=hop.zone,
        target=hop.target,
        sentence=hop.sentence,
        signatures=tuple(_signatures(hop.signatures)),
        proof=_proof(hop.denial),
    )


def _cut(link: ZoneLink) -> model.ZoneCut:
    return model.ZoneCut(
        zone=link.zone,
        parent=link.parent,
        status=link.status.value,
        reason=link.reason.value if link.reason else "",
        sentence=link.sentence,
        fix=link.fix,
        ds=tuple(
            model.Ds(
                key_tag=record.key_tag,
                algorithm=_algorithm(record.algorithm),
                digest_type=DIGESTS.get(record.digest_type, str(record.digest_type)),
                digest=record.digest,
                usable=record.usable,
                matches=record.matches,
            )
            for record in link.ds
        ),
        keys=tuple(
            model.Key(
                key_tag=key.key_tag,
                flags=key.flags,
                algorithm=_algorithm(key.algorithm),
                bits=key.bits,
                matched=key.matched,
                signs_keys=key.signs_keys,
            )
            for key in link.keys
        ),
        signatures=tuple(_signatures((*link.ds_signatures, *link.key_signatures))),
        proof=_proof(link.denial),
    )


def _signatures(checks: Iterable[SignatureCheck]) -> Iterator[model.Signature]:
    for check in checks:
        yield model.Signature(
            owner=check.owner,
            covered=check.covered,
            signer=check.signer,
            key_tag=check.key_tag,
            algorithm=_algorithm(check.algorithm),
            inception=_time(check.inception),
            expiration=_time(check.expiration),
            verdict=check.verdict.value,
        )


def _proof(denial: Denial | None) -> model.Proof | None:
    if denial is None:
        return None
    return model.Proof(
        name=denial.name,
        proves=denial.kind.value if denial.kind else "",
        rtype=denial.rtype,
        iterations=denial.iterations,
        records=tuple(
            f"{record.owner} {denial.rtype} {record.following} {' '.join(record.types)}"
            f" ({record.role}{', opt-out' if record.opt_out else ''})"
            for record in denial.records
        ),
    )


def _algorithm(number: int) -> str:
    return ALGORITHMS.get(number, f"algorithm {number}")


def _time(value: datetime) -> str:
    return to_rfc3339(value)
