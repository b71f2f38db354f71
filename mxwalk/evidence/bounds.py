"""What the types alone cannot refuse in a trace from somewhere else: values out of all bounds.

Readers of evidence may rely on what is checked here: times are finite, addresses are addresses,
names are names, ports are ports, and a step's evidence is of its kind.  What a peer sent is not
judged; it may be anything.
"""

import math
from collections.abc import Iterator

import msgspec

from mxwalk.clock import from_rfc3339
from mxwalk.evidence.bounds_mailauth import EVIDENCE_OF_MAILAUTH, input_faults, mailauth_faults
from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IdentityGathered,
    IssuersFetched,
    LookedAgain,
    PolicyFetched,
    RevocationChecked,
)
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Decided, Evidence, Noted, Step, StepKind
from mxwalk.evidence.trace import Header
from mxwalk.language import say
from mxwalk.limits import (
    ACCEPTABLE_AUTHORITIES,
    ADDRESSES_PER_HOST,
    CHAIN_CERTIFICATES,
    CNAME_HOPS,
    HANDSHAKE_MESSAGES,
    LOCAL_PART_BYTES,
    MAILBOX_BYTES,
    NAME_BYTES,
    NOTE_CHARS,
    PTR_NAMES,
    STS_POLICY_KEPT_BYTES,
    TARGET_CHARS,
    TRUST_STORES_BESIDE,
)
from mxwalk.names import InvalidNameError, is_address, parse_name

# A walk of ten years is no walk; integers beyond 53 bits do not survive other JSON readers.
_SECONDS = 10.0 * 366 * 86_400
_INTEGER = 2**53

EVIDENCE_OF: dict[StepKind, type[msgspec.Struct]] = {
    StepKind.RESOLVER: ResolverChecked,
    StepKind.MX: MxLookedUp,
    StepKind.POLICY_RECORDS: PolicyRecordsLookedUp,
    StepKind.STS_POLICY: PolicyFetched,
    StepKind.ADDRESS: AddressesLookedUp,
    StepKind.TLSA: TlsaLookedUp,
    StepKind.PTR: PtrLookedUp,
    StepKind.CONNECT: Connected,
    StepKind.GREETING: Exchanged,
    StepKind.EHLO: Exchanged,
    StepKind.HELO: Exchanged,
    StepKind.STARTTLS: Exchanged,
    StepKind.HANDSHAKE: Handshaken,
    StepKind.CHAIN: ChainChecked,
    StepKind.ISSUERS: IssuersFetched,
    StepKind.REVOCATION: RevocationChecked,
    StepKind.IDENTITY: IdentityGathered,
    StepKind.EHLO_TLS: Exchanged,
    StepKind.MAIL: Exchanged,
    StepKind.RCPT: Exchanged,
    StepKind.RSET: Exchanged,
    StepKind.QUIT: Exchanged,
    StepKind.CLASSIC_GROUPS: LookedAgain,
    StepKind.LEGACY_TLS: LookedAgain,
    StepKind.WITHOUT_SNI: LookedAgain,
    StepKind.OTHER_LEAF: LookedAgain,
    **EVIDENCE_OF_MAILAUTH,
    StepKind.DECISION: Decided,
    StepKind.NOTE: Noted,
}


def header_fault(header: Header) -> str:
    """Return what is wrong with the header's values, or an empty string."""
    return next(_header_faults(header), "")


def step_fault(step: Step, expected_seq: int) -> str:
    """Return what is wrong with the step's values, or an empty string."""
    return next(_step_faults(step, expected_seq), "")


def _header_faults(header: Header) -> Iterator[str]:
    yield from _numbers(header, "$")
    yield from _time(header.started_at, "$.started_at")
    target, options = header.target, header.options
    if target.domain is not None:
        yield from _name(target.domain.ascii, "$.target.domain.ascii")
    yield from _address(target.address, "$.target.address")
    yield from _port(target.port, "$.target.port")
    for path, text, limit in (
        ("target.text", target.text, TARGET_CHARS),
        ("target.local_part", target.local_part, LOCAL_PART_BYTES),
        ("options.helo", options.helo, NAME_BYTES),
        ("options.mail_from", options.mail_from or "", MAILBOX_BYTES),
        ("options.rcpt_to", options.rcpt_to or "", MAILBOX_BYTES),
        ("since", header.since, NOTE_CHARS),
    ):
        if len(text.encode()) > limit:
            yield say("longer than {limit} octets - at `$.{path}`", limit=limit, path=path)
    yield from input_faults(header)
    if target.domain is None and not target.address and header.message is None:
        yield say("the target has neither a domain nor an address - at `$.target`")
    yield from _port(options.port, "$.options.port")
    for index, route in enumerate(options.routes):
        yield from _port(route.port, f"$.options.routes[{index}].port")
        if not is_address(route.destination):
            yield from _name(route.destination, f"$.options.routes[{index}].destination")
    if options.at:
        yield from _time(options.at, "$.options.at")


def _step_faults(step: Step, expected_seq: int) -> Iterator[str]:
    if step.seq != expected_seq:
        yield say(
            "the step has number {seq} where {expected} must be - at `$.seq`",
            seq=str(step.seq)[:12],
            expected=expected_seq,
        )
    evidence = step.evidence
    if not isinstance(evidence, EVIDENCE_OF[step.kind]):
        yield say(
            "a step of kind {kind} holds other evidence - at `$.evidence`", kind=step.kind.value
        )
    yield from _numbers(step, "$")
    yield from _address(step.scope.address, "$.scope.address")
    yield from _port(step.scope.port, "$.scope.port")
    if isinstance(evidence, Noted):
        yield from _note(evidence, step.seq)
    yield from _evidence_faults(evidence)


def _note(note: Noted, seq: int) -> Iterator[str]:
    """A note is on a step that is there already, and is not longer than a person may write it."""
    if not 1 <= note.about < seq:
        yield say("the note is on no step before it - at `$.evidence.about`")
    if len(note.text) > NOTE_CHARS:
        yield say("longer than {limit} characters - at `$.evidence.text`", limit=NOTE_CHARS)


def _evidence_faults(evidence: Evidence) -> Iterator[str]:
    match evidence:
        case Connected():
            yield from _address(evidence.address, "$.evidence.address")
            yield from _port(evidence.port, "$.evidence.port")
        case PtrLookedUp():
            yield from _address(evidence.address, "$.evidence.address")
            yield from _count(len(evidence.names), PTR_NAMES, "$.evidence.names")
        case AddressesLookedUp():
            yield from _count(len(evidence.answers), ADDRESSES_PER_HOST, "$.evidence.answers")
        case TlsaLookedUp():
            yield from _count(len(evidence.answers), CNAME_HOPS, "$.evidence.answers")
        case Exchanged():
            yield from _count(len(evidence.behind), HANDSHAKE_MESSAGES, "$.evidence.behind")
        case _:
            yield from _tls(evidence)


def _tls(evidence: Evidence) -> Iterator[str]:
    """Check the evidence of TLS and of certificates."""
    match evidence:
        case Handshaken():
            yield from _handshake(evidence, "$.evidence")
        case LookedAgain():
            yield from _shown(evidence)
        case ChainChecked():
            yield from _chain(evidence, "$.evidence")
        case PolicyFetched():
            yield from _count(len(evidence.body), STS_POLICY_KEPT_BYTES, "$.evidence.body")
            yield from _shown(evidence)
        case IssuersFetched():
            number = len(evidence.certificates)
            yield from _count(number, CHAIN_CERTIFICATES, "$.evidence.certificates")
        case RevocationChecked():
            yield from _time(evidence.checked_at, "$.evidence.checked_at")
            number = len(evidence.certificates)
            yield from _count(number, CHAIN_CERTIFICATES, "$.evidence.certificates")
        case _:
            yield from mailauth_faults(evidence)


def _shown(evidence: LookedAgain | PolicyFetched) -> Iterator[str]:
    """Check what a server showed on a connection that is not the walk's own."""
    if evidence.handshake is not None:
        yield from _handshake(evidence.handshake, "$.evidence.handshake")
    if evidence.chain is not None:
        yield from _chain(evidence.chain, "$.evidence.chain")


def _handshake(evidence: Handshaken, path: str) -> Iterator[str]:
    yield from _count(len(evidence.presented), CHAIN_CERTIFICATES, f"{path}.presented")
    yield from _count(len(evidence.messages), HANDSHAKE_MESSAGES, f"{path}.messages")
    if (asked := evidence.facts.client_certificate) is not None:
        where = f"{path}.facts.client_certificate.authorities"
        yield from _count(len(asked.authorities), ACCEPTABLE_AUTHORITIES, where)


def _chain(evidence: ChainChecked, path: str) -> Iterator[str]:
    yield from _time(evidence.evaluated_at, f"{path}.evaluated_at")
    yield from _count(len(evidence.path), CHAIN_CERTIFICATES, f"{path}.path")
    yield from _count(len(evidence.beside), TRUST_STORES_BESIDE, f"{path}.beside")
    for index, other in enumerate(evidence.beside):
        yield from _count(len(other.path), CHAIN_CERTIFICATES, f"{path}.beside[{index}].path")


def _numbers(value: object, path: str) -> Iterator[str]:
    """Walk the whole value; every number in it must be a plain one."""
    match value:
        case bool() | None:
            pass
        case float():
            if not (math.isfinite(value) and 0 <= value <= _SECONDS):
                yield say(
                    "{value:g} is no number of seconds a walk can take - at `{path}`",
                    value=value,
                    path=path,
                )
        case int():
            if abs(value) > _INTEGER:
                yield say("the integer is out of bounds - at `{path}`", path=path)
        case tuple():
            for index, item in enumerate(value):
                yield from _numbers(item, f"{path}[{index}]")
        case msgspec.Struct():
            for field in value.__struct_fields__:
                yield from _numbers(getattr(value, field), f"{path}.{field}")
        case _:
            pass


def _time(text: str, path: str) -> Iterator[str]:
    try:
        from_rfc3339(text)
    except (ValueError, OverflowError):
        yield say("not an RFC 3339 time - at `{path}`", path=path)


def _name(text: str, path: str) -> Iterator[str]:
    try:
        plain = parse_name(text).ascii
    except InvalidNameError as error:
        yield say("{error} - at `{path}`", error=error, path=path)
        return
    if plain != text:
        yield say("the name is not in lower-case A-labels - at `{path}`", path=path)


def _address(text: str, path: str) -> Iterator[str]:
    if text and not is_address(text):
        yield say("not an IP address - at `{path}`", path=path)


def _port(number: int, path: str) -> Iterator[str]:
    if not 0 <= number <= 65_535:
        yield say("not a port number - at `{path}`", path=path)


def _count(number: int, limit: int, path: str) -> Iterator[str]:
    if number > limit:
        yield say(
            "{number} entries where at most {limit} are kept - at `{path}`",
            number=number,
            limit=limit,
            path=path,
        )
