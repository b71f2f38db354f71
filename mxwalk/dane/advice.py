"""Which TLSA records to publish, whether a certificate may be installed, and what a set is worth.

Literal zone lines for the certificate in use and for the next one; the check that keeps an
administrator from installing a certificate no record covers ("install this and mail stops"); and
the state of every published record in a key rollover (RFC 7671 8.1, RFC 7672 8.1).
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mxwalk.dane.authenticate import authenticate
from mxwalk.dane.matching import association_data, compare_all
from mxwalk.dane.path import issuer_paths, signed_by_anchor
from mxwalk.dane.result import Authentication, DaneResult
from mxwalk.dane.tlsa import (
    DANE_EE,
    DANE_TA,
    FULL,
    SHA256,
    SPKI,
    TlsaRecord,
    make_record,
    zone_line,
)
from mxwalk.identity.model import ReferenceId
from mxwalk.language import noted, say
from mxwalk.limits import DANE_FULL_ANCHORS
from mxwalk.tls.certificate import read_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A record to publish, its zone line, and why."""

    record: TlsaRecord
    line: str
    why: str


def records_for(chain: Sequence[bytes], base_domain: str, port: int) -> tuple[Advised, ...]:
    """Return ``3 1 1`` of the leaf and, where an issuer is sent, ``2 1 1`` of it (RFC 7672 3.1)."""
    found = []
    if chain and (data := association_data(chain[0], SPKI, SHA256)):
        record = make_record(DANE_EE, SPKI, SHA256, data)
        why = say(
            "the key of the server's certificate: valid until the key changes, whoever issues"
        )
        found.append(Advised(record=record, line=zone_line(base_domain, port, record), why=why))
    issuer = next((der for der in chain[1:] if read_certificate(der).is_ca), None)
    if issuer is not None and (data := association_data(issuer, SPKI, SHA256)):
        record = make_record(DANE_TA, SPKI, SHA256, data)
        why = say(
            "the key of the issuer: survives renewals with new keys as long as the same"
            " CA issues; the issuer's certificate must be sent, and names and dates count"
        )
        found.append(Advised(record=record, line=zone_line(base_domain, port, record), why=why))
    return tuple(found)


class RecordState(enum.Enum):
    """What a published record is in a rollover."""

    CURRENT = noted("current")  # it matches the certificate in use
    PREPARED = noted("prepared")  # it matches the next certificate only
    STALE = noted("stale")  # it matches neither
    DUPLICATE = noted("duplicate")  # the same record stands before it
    MALFORMED = noted("malformed")  # SMTP cannot use it
    UNMATCHED = noted("unmatched")  # stale, or for a next certificate we were not given


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStanding:
    """One record's state with a sentence."""

    record: TlsaRecord
    state: RecordState
    sentence: str


def rollover(
    records: Sequence[TlsaRecord],
    current: Sequence[Sequence[bytes]],
    following: Sequence[bytes] | None = None,
) -> tuple[RecordStanding, ...]:
    """Return the state of every record.

    ``current`` are the chains in use, one for each address and key type (RSA, ECDSA); ``following``
    is the chain to be installed next, where it is known.
    """
    now = [_matched(records, chain) for chain in current]
    then = _matched(records, following) if following is not None else frozenset()
    seen: set[TlsaRecord] = set()
    found = []
    for index, record in enumerate(records):
        state, sentence = _state(
            record,
            again=record in seen,
            current=sum(index in matched for matched in now),
            chains=len(now),
            next_=index in then,
            known=following is not None,
        )
        seen.add(record)
        found.append(RecordStanding(record=record, state=state, sentence=sentence))
    return tuple(found)


def _matched(records: Sequence[TlsaRecord], chain: Sequence[bytes]) -> frozenset[int]:
    """Return the records that match a certificate they apply to, whatever the digest's rank.

    A trust anchor given in full matches also when it is not sent, but has signed what is.
    """
    grid = compare_all(records, chain)
    sent = frozenset(
        cell.record
        for row in grid.cells
        for cell in row
        if cell.equal and _applies(grid.records[cell.record], cell.certificate)
    )
    anchors = [
        index
        for index, record in enumerate(grid.records)
        if record.usable and record.usage == DANE_TA and record.matching_type == FULL
    ][:DANE_FULL_ANCHORS]
    if not anchors:
        return sent
    paths = issuer_paths(grid.chain)
    return sent.union(
        index
        for index in anchors
        if signed_by_anchor(grid.chain, grid.records[index], paths) is not None
    )


def _applies(record: TlsaRecord, certificate: int) -> bool:
    return certificate == 0 if record.usage == DANE_EE else certificate > 0


def _state(
    record: TlsaRecord, *, again: bool, current: int, chains: int, next_: bool, known: bool
) -> tuple[RecordState, str]:
    if not record.usable:
        return RecordState.MALFORMED, record.why
    if again:
        return RecordState.DUPLICATE, say("the same record is published twice; one is enough")
    if current:
        some = (
            ""
            if current == chains
            else say(", of {current} of the {chains} chains in use", current=current, chains=chains)
        )
        keep = "" if not known or next_ else say("; remove it after the change and two TTLs")
        return RecordState.CURRENT, say(
            "matches the certificate in use{some}{keep}", some=some, keep=keep
        )
    if next_:
        return RecordState.PREPARED, say(
            "matches the next certificate: ready two TTLs after publishing"
        )
    if known:
        return (
            RecordState.STALE,
            say("matches neither the certificate in use nor the next one: remove it"),
        )
    return (
        RecordState.UNMATCHED,
        say("matches no certificate in use: stale, or prepared for the next certificate"),
    )


class Installation(enum.Enum):
    """What happens when a certificate is installed while these records are published."""

    SAFE = noted("safe")
    STOPS_MAIL = noted("install this and mail stops")
    NO_EFFECT = noted("no usable record: nothing is authenticated")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallCheck:
    """The verdict on installing a chain now; ``publish`` are the records to publish before."""

    installation: Installation
    sentence: str
    result: DaneResult
    publish: tuple[Advised, ...] = ()


def check_installation(
    records: Sequence[TlsaRecord],
    chain: Sequence[bytes],
    names: Sequence[ReferenceId],
    at: datetime,
    where: tuple[str, int],
) -> InstallCheck:
    """Say what a sender would make of ``chain`` with the records published now.

    ``where`` is the TLSA base domain and the port, for the zone lines.
    """
    result = authenticate(records, chain, names, at)
    match result.authentication:
        case Authentication.AUTHENTICATED:
            return InstallCheck(
                installation=Installation.SAFE,
                sentence=say(
                    "a published record covers this certificate: {reason}", reason=result.reason
                ),
                result=result,
            )
        case Authentication.UNUSABLE:
            return InstallCheck(
                installation=Installation.NO_EFFECT,
                sentence=say(
                    "{reason}; senders encrypt and authenticate nobody", reason=result.reason
                ),
                result=result,
                publish=records_for(chain, *where),
            )
        case Authentication.FAILED | Authentication.NO_CERTIFICATE:
            return InstallCheck(
                installation=Installation.STOPS_MAIL,
                sentence=(
                    say(
                        "install this and mail stops: no published record covers this"
                        " certificate ({reason}); publish its record, wait two TTLs, then"
                        " install",
                        reason=result.reason,
                    )
                ),
                result=result,
                publish=records_for(chain, *where),
            )
