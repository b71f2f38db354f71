"""A scenario's message as it arrives: written, signed, altered on the way, and signed again there.

Signing is ``mxwalk.mailauth.dkim.sign``, sealing ``mxwalk.mailauth.arc.seal``.  The library behind
them takes long to load and is loaded for messages that are signed only.
"""

from datetime import datetime

from mxwalk.errors import ScenarioError
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.lab.message import AfterSpec, MessageSpec, SealSpec, SignSpec
from mxwalk.lab.message_keys import LabKeys


def make_message(name: str, spec: MessageSpec, keys: LabKeys, now: datetime) -> MessageInput:
    """Return the message of the scenario ``name`` and its envelope.

    Raises ``ScenarioError`` when something that was to be replaced on the way is not there.
    """
    raw = _wire(spec.headers.strip("\n") + "\n\n" + spec.body.removeprefix("\n"))
    for sign in spec.sign:
        raw = _signed(raw, sign, keys, now)
    raw = _after(raw, spec.after, keys, now)
    return MessageInput(
        raw=raw,
        file_name=f"{name}.eml",
        client_ip=spec.client_ip,
        helo=spec.helo,
        mail_from=spec.mail_from,
        receiver=spec.receiver,
    )


def _wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _after(raw: bytes, after: AfterSpec, keys: LabKeys, now: datetime) -> bytes:
    for old, new in after.replace:
        if raw.count(_wire(old)) != 1:
            raise ScenarioError(f"the message has {old[:60]!r} not exactly once to be replaced")
        raw = raw.replace(_wire(old), _wire(new))
    if after.subject_prefix:
        raw = _tagged(raw, after.subject_prefix.encode())
    raw += _wire(after.append_body.removeprefix("\n"))
    raw = _wire(after.prepend_headers.lstrip("\n")) + raw
    for sign in after.sign:
        raw = _signed(raw, sign, keys, now)
    for seal in after.seal:
        raw = _sealed(raw, seal, keys, now)
    return raw


def _tagged(raw: bytes, prefix: bytes) -> bytes:
    header, blank, body = raw.partition(b"\r\n\r\n")
    lines = header.split(b"\r\n")
    for at, line in enumerate(lines):
        field, _, value = line.partition(b":")
        if field.lower() == b"subject":
            lines[at] = field + b": " + prefix + value.lstrip()
            return b"\r\n".join(lines) + blank + body
    raise ScenarioError("the message has no Subject to be tagged")


def _signed(raw: bytes, spec: SignSpec, keys: LabKeys, now: datetime) -> bytes:
    from mxwalk.mailauth.dkim.sign import Signing, sign

    header_canon, _, body_canon = spec.canonicalization.partition("/")
    start = int(now.timestamp())
    signing = Signing(
        domain=spec.domain,
        selector=spec.selector,
        algorithm=spec.algorithm,
        header_canon=header_canon,
        body_canon=body_canon or "simple",
        headers=spec.headers,
        length=-1 if spec.length else None,
        timestamp=start + spec.signed_s,
        expires=None if spec.expires_s is None else start + spec.expires_s,
        identity=spec.identity,
    )
    return sign(raw, keys.key(spec.key).private_pem, signing)


def _sealed(raw: bytes, spec: SealSpec, keys: LabKeys, now: datetime) -> bytes:
    from mxwalk.mailauth.arc.seal import Sealing, seal

    sealing = Sealing(
        domain=spec.domain,
        selector=spec.selector,
        authserv_id=spec.authserv_id,
        results=spec.results,
        timestamp=int(now.timestamp()) + spec.signed_s,
    )
    return seal(raw, keys.key(spec.key).private_pem, sealing)
