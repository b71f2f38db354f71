r"""TLSA records: reading them, whether SMTP can use them, and which of them count (RFC 6698 2).

Reading is total: any record text gives a ``TlsaRecord``, also the form of RFC 3597 (``\# 3 030101``)
in which a record of the wrong length arrives.  Usable for SMTP are the usages DANE-TA(2) and
DANE-EE(3) with a known selector and matching type and data of the right form (RFC 7672 3.1); each
other record says why it is not.
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mxwalk.language import noted, per_language, say
from mxwalk.text import excerpt, visible

PKIX_TA, PKIX_EE, DANE_TA, DANE_EE = 0, 1, 2, 3
CERT, SPKI = 0, 1
FULL, SHA256, SHA512 = 0, 1, 2

USAGES = {PKIX_TA: "PKIX-TA", PKIX_EE: "PKIX-EE", DANE_TA: "DANE-TA", DANE_EE: "DANE-EE"}
SELECTORS = {CERT: "Cert", SPKI: "SPKI"}
MATCHING_TYPES = {FULL: "Full", SHA256: "SHA-256", SHA512: "SHA-512"}
_PRIVATE = {255: "PrivCert"}
_DIGEST_BYTES = {SHA256: 32, SHA512: 64}
_MAX_RDATA = 65_535
_SHOWN = 200

_GENERIC = re.compile(r"^\\#\s+(\d{1,5})((?:\s+[0-9A-Fa-f]+)*)\s*$")
_PRESENTATION = re.compile(r"^(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})((?:\s+[0-9A-Fa-f]+)*)\s*$")


class Unusable(enum.Enum):
    """Why SMTP cannot use a record."""

    MALFORMED = noted("malformed")
    PKIX_USAGE = noted("usage not for SMTP")
    UNKNOWN_USAGE = noted("unknown usage")
    UNKNOWN_SELECTOR = noted("unknown selector")
    UNKNOWN_MATCHING_TYPE = noted("unknown matching type")
    WRONG_LENGTH = noted("wrong length")
    NOT_A_CERTIFICATE = noted("not a certificate")
    NOT_A_KEY = noted("not a public key")

    @property
    def is_malformed(self) -> bool:
        """Whether the record itself is spoilt, and not only of a kind that SMTP does not use."""
        return self in (
            Unusable.MALFORMED,
            Unusable.WRONG_LENGTH,
            Unusable.NOT_A_CERTIFICATE,
            Unusable.NOT_A_KEY,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaRecord:
    """A TLSA record as published; ``problem`` is ``None`` when SMTP can use it.

    ``usage``, ``selector`` and ``matching_type`` keep unknown numbers; they are -1 in a record too
    short to have them.  ``why`` is one sentence on the problem.
    """

    usage: int
    selector: int
    matching_type: int
    data: bytes
    problem: Unusable | None = None
    why: str = ""

    @property
    def usable(self) -> bool:
        """Whether SMTP can use the record (RFC 7672 3.1)."""
        return self.problem is None

    @property
    def parameters(self) -> str:
        """The three numbers, ``3 1 1``."""
        if self.usage < 0:
            return "? ? ?"
        return f"{self.usage} {self.selector} {self.matching_type}"

    @property
    def rdata(self) -> str:
        """The record's data in presentation form (RFC 6698 2.2)."""
        if self.usage < 0:
            return rf"\# {len(self.data)} {self.data.hex()}".rstrip()
        return f"{self.parameters} {self.data.hex()}".rstrip()

    @property
    def acronyms(self) -> str:
        """The parameters by their acronyms (RFC 7218), ``DANE-EE SPKI SHA-256``."""
        if self.usage < 0:
            return say("unreadable")
        return " ".join(
            (
                USAGES.get(self.usage)
                or _PRIVATE.get(self.usage)
                or say("usage {usage}", usage=self.usage),
                SELECTORS.get(self.selector) or say("selector {selector}", selector=self.selector),
                MATCHING_TYPES.get(self.matching_type)
                or say("type {number}", number=self.matching_type),
            )
        )


def make_record(usage: int, selector: int, matching_type: int, data: bytes) -> TlsaRecord:
    """Return the record with these fields, judged for SMTP."""
    problem, why = _judge(usage, selector, matching_type, data)
    return TlsaRecord(
        usage=usage,
        selector=selector,
        matching_type=matching_type,
        data=data,
        problem=problem,
        why=why,
    )


def read_rdata(rdata: bytes) -> TlsaRecord:
    """Read the record data as it stands on the wire (RFC 6698 2.1); never raises."""
    if len(rdata) < 3:
        return TlsaRecord(
            usage=-1,
            selector=-1,
            matching_type=-1,
            data=rdata[:_MAX_RDATA],
            problem=Unusable.MALFORMED,
            why=say(
                "the record has {rdata} octets; usage, selector and matching type take three",
                rdata=len(rdata),
            ),
        )
    return make_record(rdata[0], rdata[1], rdata[2], rdata[3:_MAX_RDATA])


@per_language(maxsize=4_096)
def read_tlsa(text: str) -> TlsaRecord:
    """Read a record in presentation form (RFC 6698 2.2) or in that of RFC 3597 5; never raises."""
    plain = text.strip()
    if len(plain) <= 3 * _MAX_RDATA:
        if generic := _GENERIC.match(plain):
            octets = _hex(generic[2])
            if octets is not None and len(octets) == int(generic[1]):
                return read_rdata(octets)
        elif fields := _PRESENTATION.match(plain):
            numbers = [int(fields[place]) for place in (1, 2, 3)]
            data = _hex(fields[4])
            if data is not None and max(numbers) <= 255 and len(data) <= _MAX_RDATA - 3:
                return make_record(numbers[0], numbers[1], numbers[2], data)
    return TlsaRecord(
        usage=-1,
        selector=-1,
        matching_type=-1,
        data=b"",
        problem=Unusable.MALFORMED,
        why=say('"{plain}" is no TLSA record data', plain=excerpt(plain)),
    )


def _hex(text: str) -> bytes | None:
    joined = "".join(text.split())
    return bytes.fromhex(joined) if len(joined) % 2 == 0 else None


def _judge(
    usage: int, selector: int, matching_type: int, data: bytes
) -> tuple[Unusable | None, str]:
    """Return why SMTP cannot use the record: the first reason of these."""
    if usage in (PKIX_TA, PKIX_EE):  # RFC 7672 3.1.3
        return (
            Unusable.PKIX_USAGE,
            say(
                "usage {usage} {usages} is not for SMTP (RFC 7672 3.1.3)",
                usage=usage,
                usages=USAGES[usage],
            ),
        )
    if usage not in USAGES:
        return Unusable.UNKNOWN_USAGE, say(
            "certificate usage {usage} is not assigned (RFC 7218 2.1)", usage=usage
        )
    if selector not in SELECTORS:
        return Unusable.UNKNOWN_SELECTOR, say(
            "selector {selector} is not assigned (RFC 7218 2.2)", selector=selector
        )
    if matching_type not in MATCHING_TYPES:
        return (
            Unusable.UNKNOWN_MATCHING_TYPE,
            say(
                "matching type {matching_type} is not assigned (RFC 7218 2.3)",
                matching_type=matching_type,
            ),
        )
    expected = _DIGEST_BYTES.get(matching_type)
    if expected is not None and len(data) != expected:
        return (
            Unusable.WRONG_LENGTH,
            say(
                "the data has {data} octets; {matching_types} has {expected}",
                data=len(data),
                matching_types=MATCHING_TYPES[matching_type],
                expected=expected,
            ),
        )
    return _judge_full(selector, data) if matching_type == FULL else (None, "")


def _judge_full(selector: int, data: bytes) -> tuple[Unusable | None, str]:
    from mxwalk.tls.certificate import read_certificate
    from mxwalk.tls.keys import read_key

    if selector == SPKI:
        if read_key(data, "").readable:
            return None, ""
        return Unusable.NOT_A_KEY, say(
            "the {data} octets of data are no public key in DER", data=len(data)
        )
    facts = read_certificate(data)
    if facts.readable and facts.key.readable:
        return None, ""
    return Unusable.NOT_A_CERTIFICATE, say(
        "the {data} octets of data are no certificate in DER", data=len(data)
    )


def outranked(records: Sequence[TlsaRecord]) -> frozenset[int]:
    """Return the indexes of usable records that a stronger digest puts out of use.

    Per usage and selector only the strongest digest published counts; Full always does (RFC 7671 9).
    """
    strongest: dict[tuple[int, int], int] = {}
    for record in records:
        if record.usable and record.matching_type != FULL:
            key = record.usage, record.selector
            strongest[key] = max(strongest.get(key, FULL), record.matching_type)
    return frozenset(
        index
        for index, record in enumerate(records)
        if record.usable
        and record.matching_type != FULL
        and record.matching_type < strongest[record.usage, record.selector]
    )


def zone_line(base_domain: str, port: int, record: TlsaRecord, ttl_s: int | None = None) -> str:
    """Return the record as a line of a zone file, its data in hexadecimal (RFC 6698 2.2)."""
    ttl = f" {ttl_s}" if ttl_s is not None else ""
    return f"_{port}._tcp.{visible(base_domain, _SHOWN)}.{ttl} IN TLSA {record.rdata}"
