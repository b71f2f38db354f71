"""What validation says, with everything it rests on (RFC 4033 5, RFC 4035 4.3).

A validation has a hop for every name of a CNAME or DNAME chain, a hop a status of its own, and the
answer is only as secure as the weakest.  A hop shows the links from the trust anchor down to its
zone, each RRSIG with its verdict, and the proof where something is denied.  Names are A-labels
without trailing dot, ``.`` for the root.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from mxwalk.dnssec.reasons import Culprit, Reason
from mxwalk.language import noted


class Status(enum.Enum):
    """RFC 4033 5."""

    SECURE = noted("secure")
    INSECURE = noted("insecure")
    BOGUS = noted("bogus")
    INDETERMINATE = noted("indeterminate")

    @property
    def weakness(self) -> int:
        """0 for secure; the weakest hop decides, and what is unknown is not called bogus."""
        return _WEAKNESS.index(self)


_WEAKNESS = (Status.SECURE, Status.INSECURE, Status.INDETERMINATE, Status.BOGUS)


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """A name and a type to ask for."""

    qname: str
    rtype: str

    def __str__(self) -> str:
        """Return the question as people write it."""
        return f"{self.qname} {self.rtype}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be asked before validation can go on; all of it can be asked at once."""

    questions: tuple[Question, ...]


class SignatureVerdict(enum.Enum):
    """What was found of one RRSIG."""

    VALID = noted("valid")
    EXPIRED = noted("expired")
    NOT_YET_VALID = noted("not yet valid")
    KEY_NOT_IN_SET = noted("made by a key that is not in the DNSKEY set")
    KEY_UNUSABLE = noted("made by a key that is revoked, no zone key, or not to be read")
    WRONG = noted("does not verify")
    SIGNER_WRONG = noted("the signer is not the zone of the records")
    LABELS_WRONG = noted("the label count does not fit the owner name")
    ALGORITHM_UNSUPPORTED = noted("of an algorithm that is not supported")
    NOT_CHECKED = noted("not checked")  # another one suffices, or the bound was reached


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """One RRSIG (RFC 4034 3) over the records of ``owner`` and ``covered``, and its verdict.

    ``ttl_lowered`` says that the records came with a TTL above the signed one (RFC 4035 5.3.3).
    """

    owner: str
    covered: str
    signer: str
    key_tag: int
    algorithm: int
    labels: int
    original_ttl_s: int
    inception: datetime
    expiration: datetime
    verdict: SignatureVerdict
    wildcard: bool = False
    ttl_lowered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DsRecord:
    """A DS record, or a trust anchor in that form (RFC 4034 5).

    ``matches`` are the key tags of the DNSKEYs whose digest it holds; ``usable`` says whether its
    algorithm and digest type are supported and no stronger digest replaces it (RFC 4509 3).
    """

    key_tag: int
    algorithm: int
    digest_type: int
    digest: str
    usable: bool = True
    matches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A DNSKEY record (RFC 4034 2); ``bits`` is the key's size, 0 where it cannot be told."""

    key_tag: int
    flags: int
    algorithm: int
    bits: int
    matched: bool = False  # a DS record or a trust anchor holds its digest
    signs_keys: bool = False  # its RRSIG over the DNSKEY set is valid

    @property
    def is_entry_point(self) -> bool:
        """The SEP bit: a key-signing key by its owner's intent (RFC 4034 2.1.1)."""
        return bool(self.flags & 0x0001)

    @property
    def is_revoked(self) -> bool:
        """RFC 5011 2.1."""
        return bool(self.flags & 0x0080)


class DenialKind(enum.Enum):
    """What is denied."""

    NO_DATA = noted("the name exists, the type does not")
    EMPTY_NON_TERMINAL = noted("the name exists only through names below it")
    WILDCARD_NO_DATA = noted("a wildcard matches, without the type")
    NO_NAME = noted("neither the name nor a wildcard for it exists")
    NO_EXACT_MATCH = noted("the name itself does not exist, a wildcard answers for it")
    NO_DS = noted("a delegation without DS")
    OPT_OUT = noted("the name may be an unsigned delegation in an opt-out span")


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialRecord:
    """An NSEC or NSEC3 record and what it does in the proof (``matches`` or ``covers`` a name)."""

    owner: str
    following: str
    types: tuple[str, ...]
    role: str
    signatures: tuple[SignatureCheck, ...] = ()
    opt_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A proof that something does not exist; ``kind`` is ``None`` when it proves nothing.

    ``rtype`` is ``NSEC``, ``NSEC3`` or empty when there are no such records; ``iterations`` those
    of NSEC3.  ``note`` is set when the answer says NXDOMAIN and the proof shows that the name
    exists without the type: the type is denied all the same, but resolvers that follow RFC 8020
    will not look below the name.
    """

    name: str
    kind: DenialKind | None
    rtype: str = ""
    records: tuple[DenialRecord, ...] = ()
    closest_encloser: str = ""
    iterations: int = 0
    note: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneLink:
    """A zone cut: from the parent's DS set to the child's DNSKEY set.

    For the first link ``ds`` holds the trust anchors and ``parent`` is empty.  ``denial`` is the
    proof that the parent has no DS.  ``reason`` is empty (``None``) for a secure link.
    """

    zone: str
    parent: str
    status: Status
    reason: Reason | None = None
    sentence: str = ""
    fix: str = ""
    ds: tuple[DsRecord, ...] = ()
    ds_signatures: tuple[SignatureCheck, ...] = ()
    keys: tuple[KeyRecord, ...] = ()
    key_signatures: tuple[SignatureCheck, ...] = ()
    denial: Denial | None = None


class HopKind(enum.Enum):
    """What a hop of the chain is."""

    ANSWER = noted("answer")
    CNAME = "CNAME"
    DNAME = "DNAME"
    NODATA = noted("no data")
    NXDOMAIN = noted("no such name")
    UNKNOWN = noted("no usable answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One name of the chain: ``name`` has the answer, the alias to ``target``, or nothing."""

    name: str
    kind: HopKind
    status: Status
    zone: str = ""
    target: str = ""
    reason: Reason | None = None
    sentence: str = ""
    fix: str = ""
    culprit: Culprit = Culprit.NOBODY
    signatures: tuple[SignatureCheck, ...] = ()
    denial: Denial | None = None
    links: tuple[ZoneLink, ...] = ()

    @property
    def wildcard(self) -> bool:
        """Whether the records came from a wildcard (RFC 4035 5.3.4)."""
        return any(
            check.wildcard for check in self.signatures if check.verdict is SignatureVerdict.VALID
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The status of an answer with its proof.

    ``status``, ``reason``, ``sentence``, ``fix`` and ``culprit`` are those of the weakest hop, whose
    links are ``links``.  ``used`` names the answers it rests on, ``source`` the one that the last hop
    was judged by.  ``ad`` is the resolver's own
    claim in the answer that was validated, to be held beside ours; it means most in an answer
    asked for without CD.
    """

    question: Question
    at: datetime
    hops: tuple[Hop, ...]
    used: tuple[Question, ...] = ()
    source: Question | None = None
    ad: bool = False

    @property
    def weakest(self) -> Hop:
        """The hop that decides: the first of the weakest."""
        return max(self.hops, key=lambda hop: hop.status.weakness)

    @property
    def status(self) -> Status:
        """The status of the answer as a whole."""
        return self.weakest.status

    @property
    def reason(self) -> Reason | None:
        """Why it is not secure; ``None`` when it is."""
        return self.weakest.reason

    @property
    def sentence(self) -> str:
        """The reason with the values met."""
        return self.weakest.sentence

    @property
    def fix(self) -> str:
        """What to do about it; empty when nothing is to be done."""
        return self.weakest.fix

    @property
    def culprit(self) -> Culprit:
        """Who must act."""
        return self.weakest.culprit

    @property
    def links(self) -> tuple[ZoneLink, ...]:
        """The zone cuts from the trust anchor to the zone of the weakest hop."""
        return self.weakest.links

    @property
    def answer_signatures(self) -> tuple[SignatureCheck, ...]:
        """The RRSIGs over the records of the last hop."""
        return self.hops[-1].signatures

    @property
    def denial(self) -> Denial | None:
        """The proof of non-existence behind the last hop."""
        return self.hops[-1].denial

    @property
    def exists(self) -> bool:
        """Whether the chain ends in records of the type asked for."""
        return self.hops[-1].kind is HopKind.ANSWER
