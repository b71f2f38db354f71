"""The certificates of a pasted text, and what our own verification makes of them.

OpenSSL verifies what was pasted as of now, against the system's trust store: what the tool's own run
said is a clue, not evidence.  A chain that the text holds only in part is not verified at all.
"""

import base64
import binascii
import re
from datetime import datetime

from mxwalk.clock import to_rfc3339
from mxwalk.clues.dialogue.parts import TlsTold
from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.limits import CLUE_CERTIFICATES
from mxwalk.tls.pem import pem_certificates
from mxwalk.tls.store import LoadedStore

_LABEL = re.compile(rb"-----[A-Z0-9 ]+-----")
_SEQUENCE = b"\x30"  # X.690 8.9: a certificate is one


def certificates_in(text: str) -> tuple[bytes, ...]:
    """Return the certificates in DER in the order of the text, each once; bounded."""
    found: dict[bytes, None] = {}
    for block in pem_certificates(text.encode("ascii", "replace")):
        body = re.sub(rb"[\s>|]+", b"", _LABEL.sub(b"", block))
        try:
            der = base64.b64decode(body, validate=True)
        except binascii.Error:
            continue
        if der.startswith(_SEQUENCE):
            found[der] = None
        if len(found) >= CLUE_CERTIFICATES:
            break
    return tuple(found)


def handshake_of(told: TlsTold) -> Handshaken:
    """Return the handshake as far as the text tells of it."""
    ending = None
    if told.failure:
        ending = Ending(kind=EndingKind.TLS_ERROR, detail=told.failure)
    return Handshaken(
        sni=told.sni,
        protocol=told.protocol,
        cipher=told.cipher,
        cipher_bits=told.bits,
        group=told.group,
        signature=told.signature,
        presented=told.certificates,
        presented_count=max(told.chain_length, len(told.certificates)),
        unseen=not told.certificates,
        ending=ending,
    )


def is_whole(told: TlsTold) -> bool:
    """Say whether the text holds every certificate that the tool counted.

    Where it counts none, one certificate may be the first of several that were not printed, unless
    its issuer is itself.
    """
    if told.chain_length or len(told.certificates) != 1:
        return bool(told.certificates) and len(told.certificates) >= told.chain_length
    from mxwalk.tls.certificate import read_certificate

    return read_certificate(told.certificates[0]).self_issued


def chain_of(told: TlsTold, store: LoadedStore, now: datetime) -> ChainChecked:
    """Verify the pasted chain against a trust store as of now."""
    from mxwalk.pkix.openssl import (
        verify_again,
    )  # a dialogue without certificates does without OpenSSL

    errors, path = verify_again(told.certificates, store.ders, now)
    return ChainChecked(
        store=store.evidence, evaluated_at=to_rfc3339(now), path=path, errors=errors
    )
