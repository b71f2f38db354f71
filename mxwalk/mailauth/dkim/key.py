"""Reading key records by every rule of RFC 6376 3.6.1 and 6.1.2, RFC 8301 and RFC 8463.

Total: a record that cannot be used has a problem and a reason.  The key's size comes from
``cryptography``; a failed look-up is told from a name without a record (RFC 6376 6.1.2).
"""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import noted, say
from mxwalk.limits import (
    DKIM_KEY_BYTES,
    DKIM_KEY_RECORDS,
    DKIM_RSA_BITS,
    DKIM_RSA_EXPONENT_BITS,
    DKIM_RSA_LARGE_BITS,
)
from mxwalk.mailauth.dkim.model import KeyRecord, Reason, Strength
from mxwalk.mailauth.dkim.values import compact, decode_base64, decode_quoted
from mxwalk.mailauth.tags import TagList, read_tags
from mxwalk.text import visible

RSA_MINIMUM_BITS = 1_024  # RFC 8301 3.2: verifiers must not accept less
RSA_GOOD_BITS = 2_048  # RFC 8301 3.2: signers should use at least this
_ED25519_OCTETS = 32  # RFC 8463 4
_NOTHING_THERE = (DnsStatus.NODATA, DnsStatus.NXDOMAIN)


def read_key(name: str, answer: DnsAnswer, key_type: str = "") -> KeyRecord:
    """Return the key record at ``name`` that a verifier would use.

    Of several the first usable one counts, of ``key_type`` (``rsa``, ``ed25519``) if there is one
    (RFC 6376 6.1.2 leaves the choice open); without a usable one the first.
    """
    keys = read_keys(name, answer)
    usable = [key for key in keys if not key.problem]
    wanted = [key for key in usable if key.key_type == key_type]
    return (wanted or usable or keys)[0]


def read_keys(name: str, answer: DnsAnswer) -> tuple[KeyRecord, ...]:
    """Return what is published at ``name``: at least one entry, which may tell why there is no key."""
    if answer.status is not DnsStatus.OK:
        if answer.status in _NOTHING_THERE:
            what = (
                say("there is no such name at {name}", name=name)
                if answer.status is DnsStatus.NXDOMAIN
                else say("there is no TXT record at {name}", name=name)
            )
            return (_without(name, answer, what, Reason.KEY_MISSING),)
        why = no_answer_words(answer.error, 200) or answer.status.value
        what = say("the look-up of {name} failed: {why}", name=name, why=why)
        return (_without(name, answer, what, Reason.KEY_UNREACHABLE),)
    records = txt_records(answer)
    if not records:
        return (
            _without(
                name, answer, say("there is no TXT record at {name}", name=name), Reason.KEY_MISSING
            ),
        )
    return tuple(
        _read(name, answer, strings, len(records)) for strings in records[:DKIM_KEY_RECORDS]
    )


def read_key_text(octets: bytes, name: str = "") -> KeyRecord:
    """Return a key record given by its octets, as typed or about to be published."""
    answer = DnsAnswer(qname=name, rtype="TXT", status=DnsStatus.OK)
    return _read(name, answer, (octets,), 1)


def strength(key: KeyRecord) -> Strength:
    """Return how good a key is (RFC 8301 3.2, RFC 8463)."""
    if not key.bits:
        return Strength.UNKNOWN
    if key.key_type == "ed25519" or key.bits >= RSA_GOOD_BITS:
        return Strength.GOOD
    return Strength.WEAK if key.bits >= RSA_MINIMUM_BITS else Strength.UNACCEPTABLE


def _without(name: str, answer: DnsAnswer, problem: str, reason: Reason) -> KeyRecord:
    return KeyRecord(
        name=name,
        status=answer.status,
        problem=problem,
        reason=reason,
        cname_hops=answer.cname_hops,
    )


def _read(name: str, answer: DnsAnswer, strings: tuple[bytes, ...], records: int) -> KeyRecord:
    octets = b"".join(strings)  # RFC 6376 3.6.2.2: joined with nothing between
    tags = read_tags(octets[:DKIM_KEY_BYTES])
    key_type = (tags.get("k") or "rsa").lower()
    key = decode_base64(tags.get("p") or "") or b""
    bits, unreadable = _size(key_type, key)
    problem, reason = _problem(tags, len(octets), key_type, key)
    if not problem and unreadable:
        problem, reason = unreadable, Reason.KEY_SYNTAX
    return KeyRecord(
        name=name,
        status=answer.status,
        tags=tags,
        text=tags.text,
        strings=tuple(len(one) for one in strings),
        key_type=key_type,
        key=key,
        bits=bits,
        hashes=_words(tags, "h"),
        services=_words(tags, "s"),
        flags=_words(tags, "t"),
        notes=decode_quoted(tags.get("n") or ""),
        records=records,
        problem=problem,
        reason=reason,
        cname_hops=answer.cname_hops,
        remarks=tuple(_remarks(tags, records)),
    )


def _words(tags: TagList, name: str) -> tuple[str, ...]:
    value = tags.get(name)
    return () if value is None else tuple(compact(one).lower() for one in value.split(":"))


def _problem(tags: TagList, size: int, key_type: str, key: bytes) -> tuple[str, Reason]:
    """Return why a record cannot be used, in the order of RFC 6376 6.1.2."""
    syntax = Reason.KEY_SYNTAX
    if size > DKIM_KEY_BYTES:
        return say("the record has {size} octets, more than is read", size=size), syntax
    if tags.faults:
        fault = tags.faults[0]
        return say("{what} (octet {start})", what=fault.what, start=fault.start + 1), syntax
    version = tags.get("v")
    if version not in (None, "DKIM1"):  # RFC 6376 3.6.1: any other value must be discarded
        return say("v={version} is not DKIM1", version=visible(version or "", 40)), syntax
    if tags.get("p") is None:
        return say("the required tag p= is missing"), syntax
    if not compact(tags.get("p") or ""):  # RFC 6376 3.6.1: an empty value
        return say("p= is empty: the key has been revoked"), Reason.KEY_REVOKED
    if key_type not in ("rsa", "ed25519"):
        return say(
            "k={key_type} is an unknown key type", key_type=visible(key_type, 40)
        ), Reason.KEY_TYPE
    if not key:
        return say("p= is no base64"), syntax
    services = _words(tags, "s")
    if services and not {"*", "email"} & set(services):  # RFC 6376 3.6.1, s=
        said = visible(":".join(services), 60)
        return say("s={said} does not allow the key for e-mail", said=said), Reason.KEY_SERVICE
    return "", Reason.VALID


def _size(key_type: str, key: bytes) -> tuple[int, str]:
    """Return the key's size in bits, and why it is no key of its type."""
    if not key or key_type not in ("rsa", "ed25519"):
        return 0, ""
    if key_type == "ed25519":
        if len(key) == _ED25519_OCTETS:
            return 256, ""
        text = (
            noted(
                "p= has {octets} octets, an Ed25519 key has {right}: RFC 8463 4 wants the key alone,"
                " without ASN.1 around it"
            )
            if len(key) == 44
            else noted("p= has {octets} octets, an Ed25519 key has {right}")
        )
        return 0, say(text, octets=len(key), right=_ED25519_OCTETS)
    try:
        public = load_der_public_key(key)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if len(key) == _ED25519_OCTETS:
            return 0, say("p= holds no RSA public key (32 octets: an Ed25519 key needs k=ed25519)")
        return 0, say("p= holds no RSA public key")
    if not isinstance(public, RSAPublicKey):
        return 0, say("p= holds a public key that is not RSA")
    bits, exponent = public.key_size, public.public_numbers().e.bit_length()
    if bits > DKIM_RSA_BITS or (bits > DKIM_RSA_LARGE_BITS and exponent > DKIM_RSA_EXPONENT_BITS):
        return bits, say(
            "an RSA key of {bits} bits with an exponent of {exponent} is not computed",
            bits=bits,
            exponent=exponent,
        )
    return bits, ""


def _remarks(tags: TagList, records: int) -> list[str]:
    """Return departures that verifiers tolerate."""
    remarks = []
    if tags.get("v") is None:
        remarks.append(say("v=DKIM1 is recommended and missing"))
    elif tags.tags[0].name != "v":
        remarks.append(say("v= must be the first tag; some verifiers discard the record"))
    if tags.get("g") is not None:
        remarks.append(say("g= is obsolete since RFC 6376 and is ignored"))
    if records > 1:
        remarks.append(
            say(
                "{records} TXT records stand at the name; which one counts is up to the verifier",
                records=records,
            )
        )
    return remarks
