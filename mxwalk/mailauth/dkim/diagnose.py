"""What happened to a signed message on its way, told by undoing changes (RFC 6376 8, RFC 6377).

Bounded and pure: a body is hashed again, and a signature checked again, at most as often as the
limits say.  What agrees once undone is certain; marks of lists and earlier results are said as such.
"""

from mxwalk.language import noted, per_language, say
from mxwalk.limits import MESSAGE_CLAIMS_READ
from mxwalk.mailauth.dkim.diagnose_body import appended, diagnose_body
from mxwalk.mailauth.dkim.diagnose_header import diagnose_header
from mxwalk.mailauth.dkim.diagnosis import Change, Diagnosis
from mxwalk.mailauth.dkim.library import check_header
from mxwalk.mailauth.dkim.model import KeyRecord, Reason, Signature
from mxwalk.mailauth.dkim.signature import read_signatures
from mxwalk.mailauth.message import Message, read_message
from mxwalk.text import visible

_RESULTS = (
    "ARC-Authentication-Results",
    "Authentication-Results",
    "X-Original-Authentication-Results",
)
_UNTOUCHED = noted("What was changed on the way cannot be told from the message.")


def diagnose(
    message: Message, signature: Signature, key: KeyRecord | None, reason: Reason
) -> tuple[Diagnosis, ...]:
    """Return what explains a signature's result, what is certain first.

    ``reason`` is the verdict's.  For a body hash that fails, the header is looked at too when its
    signature does not agree either.
    """
    if reason not in (Reason.VALID, Reason.BODY_HASH, Reason.HEADER):
        return ()
    return _diagnose(message.raw, message.whole, signature.number, key, reason)


@per_language(maxsize=64)
def _diagnose(
    raw: bytes, whole: bool, number: int, key: KeyRecord | None, reason: Reason
) -> tuple[Diagnosis, ...]:
    message = read_message(raw, whole=whole)
    signature = read_signatures(message)[number - 1]
    if reason is Reason.VALID:
        return appended(message, signature)
    found: list[Diagnosis] = []
    if reason is Reason.BODY_HASH:
        found += diagnose_body(message, signature)
    if key is not None and not key.problem:
        found += _header(message, signature, key, body_too=reason is Reason.BODY_HASH)
    found += _marks(message, signature)
    return tuple(found) or (Diagnosis(Change.UNKNOWN, False, say(_UNTOUCHED)),)


def _header(
    message: Message, signature: Signature, key: KeyRecord, *, body_too: bool
) -> tuple[Diagnosis, ...]:
    if body_too and check_header(message.fields, signature, key).agrees:
        return ()
    return diagnose_header(message, signature, key)


def _marks(message: Message, signature: Signature) -> list[Diagnosis]:
    """Return what the message says of its way: a list's fields, results of earlier hops."""
    found = []
    if message.list_fields:
        name = message.value("List-Id") or message.list_fields[0].value
        found.append(
            Diagnosis(
                Change.LIST,
                False,
                say(
                    "A mailing list passed the message on ({name}); lists add footers and"
                    " subject tags, which breaks signatures (RFC 6377 3.3).",
                    name=visible(name, 80),
                ),
            )
        )
    for name in _RESULTS:
        for field in message.named(name)[:MESSAGE_CLAIMS_READ]:
            if "dkim=pass" in field.value.lower() and signature.domain in field.value.lower():
                by = visible(field.value.split(";")[1 if name.startswith("ARC") else 0].strip(), 80)
                found.append(
                    Diagnosis(
                        Change.PASSED_BEFORE,
                        False,
                        say(
                            "{name} (line {line}) claims that it passed at {by}: if that is"
                            " true, it was changed behind that hop.",
                            name=name,
                            line=field.line,
                            by=by,
                        ),
                    )
                )
                return found
    return found
