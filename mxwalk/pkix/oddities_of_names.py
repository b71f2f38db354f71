"""Remarks on the names of a certificate (RFC 9525, RFC 5280 4.1.2.6 and 4.2.1.6)."""

import re
from collections.abc import Iterator

from mxwalk.language import say, say_many
from mxwalk.pkix.model import Oddity, OddityCode
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts

_MANY_NAMES = 100
_PLAIN = re.compile(
    r"(?:\*\.)?(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?))*"
)
_STRANGE_SHOWN = 3


def look(facts: CertificateFacts, *, is_leaf: bool) -> Iterator[Oddity]:
    """Yield the remarks on a readable certificate's names."""
    if not facts.subject_attributes:
        if not is_leaf:
            what = say("its subject is empty, which a CA's may not be (RFC 5280 4.1.2.6)")
        elif ("subjectAltName", True) not in facts.extensions:
            what = say(
                "its subject is empty and its subject alternative names are not critical (RFC 5280"
                " 4.2.1.6)"
            )
        else:
            what = say("its subject is empty")
        yield Oddity(OddityCode.EMPTY_SUBJECT, what)
    if not is_leaf:
        return
    if not facts.has_subject_alt_name:
        sentence = say(
            "it has no subject alternative names; clients that follow RFC 9525 find none in it"
        )
        yield Oddity(OddityCode.NO_SUBJECT_ALT_NAME, sentence)
    number = len(facts.dns_names) + len(facts.other_names)
    if number > _MANY_NAMES:
        sentence = say_many(
            "it holds {n} name; each handshake carries them all",
            "it holds {n} names; each handshake carries them all",
            number,
        )
        yield Oddity(OddityCode.MANY_NAMES, sentence)
    strange = [name for name in facts.dns_names if not _PLAIN.fullmatch(name) or len(name) > 253]
    if strange:
        shown = ", ".join(f'"{visible(name, 80)}"' for name in strange[:_STRANGE_SHOWN])
        sentence = say_many(
            "{n} DNS name of it cannot be a host's: {shown}",
            "{n} DNS names of it cannot be a host's: {shown}",
            len(strange),
            shown=shown,
        )
        yield Oddity(OddityCode.STRANGE_NAME, sentence)
