"""Adding an ARC set to a message, for the lab and the tests (RFC 8617 5.1): dkimpy signs."""

from base64 import b64encode
from dataclasses import dataclass

from mxwalk.mailauth.arc.chain import read_chain
from mxwalk.mailauth.arc.verify import sealed_fields
from mxwalk.mailauth.dkim.library import canonical_body, hash_of, make_signature
from mxwalk.mailauth.dkim.sign import RECOMMENDED, signing_key
from mxwalk.mailauth.message import read_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """How to seal: whose key, what the hop found (``results``), and what it says of the chain."""

    domain: str
    selector: str
    authserv_id: str
    results: str = "none"
    cv: str = ""
    timestamp: int = 0


def seal(raw: bytes, key_pem: bytes, sealing: Sealing) -> bytes:
    """Return the message with the next ARC set on top.

    ``cv`` is by default ``none`` for the first set and ``pass`` for others.  Raises ``UsageError`` when
    the key cannot be used.
    """
    before = read_chain(read_message(raw)).sets
    instance = before[-1].instance + 1 if before else 1
    algorithm, key = signing_key(key_pem, "")
    common = [("i", str(instance)), ("a", algorithm)]
    where = [("d", sealing.domain), ("s", sealing.selector)]
    if sealing.timestamp:
        where.append(("t", str(sealing.timestamp)))
    results = (
        f"ARC-Authentication-Results: i={instance}; {sealing.authserv_id}; {sealing.results}\r\n"
    ).encode()
    message = read_message(raw)
    have = {field.key for field in message.fields}
    names = [name for name in (*RECOMMENDED, "dkim-signature") if name in have]
    body = b64encode(hash_of(algorithm, canonical_body(message.body, "relaxed"))).decode("ascii")
    tags = [*common, ("c", "relaxed/relaxed"), *where, ("h", " : ".join(names)), ("bh", body)]
    own = make_signature(message.fields, _octets(tags), names, key, "ARC-Message-Signature")
    sets = read_chain(read_message(own + results + raw)).sets
    fields, sealed = sealed_fields(sets, instance)
    cv = sealing.cv or ("pass" if before else "none")
    tags = [*common, ("cv", cv), *where]
    return make_signature(fields, _octets(tags), sealed, key, "ARC-Seal") + own + results + raw


def _octets(tags: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode()) for name, value in tags]
