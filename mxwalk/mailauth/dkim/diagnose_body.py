"""Why the body hash of a signature does not agree: changes undone until it does, or what is likely."""

from mxwalk.language import noted, say, say_many
from mxwalk.limits import DKIM_BLOCK_LINES, DKIM_BODIES_TRIED, DKIM_BODY_BYTES_TRIED
from mxwalk.mailauth.dkim.body_blocks import block, footer, inner_part, two_footers
from mxwalk.mailauth.dkim.body_changes import undone
from mxwalk.mailauth.dkim.diagnosis import Budget, Change, Diagnosis
from mxwalk.mailauth.dkim.library import canonical_body, hash_of
from mxwalk.mailauth.dkim.model import Signature
from mxwalk.mailauth.message import Message
from mxwalk.text import visible

_DONE_BY = {
    Change.WHITE_SPACE: noted("white space was changed on the way"),
    Change.LINE_ENDS: noted("line ends were changed on the way"),
    Change.REWRAPPED: noted("a system with a limit of line length broke them"),
    Change.ENCODING: noted("a relay converted the transfer encoding"),
    Change.CHARSET: noted("the character set was converted on the way"),
    Change.FROM_QUOTED: noted("a mailbox file quoted them"),
    Change.DOTS: noted("a relay did not undo SMTP's dot-stuffing (RFC 5321 4.5.2)"),
}


def diagnose_body(message: Message, signature: Signature) -> tuple[Diagnosis, ...]:
    """Return what was done to the body; the first is what counts."""
    if not message.whole or not signature.body_hash:
        return ()
    certain = _signed_otherwise(message, signature) or _by_undoing(message, signature)
    return (certain,) if certain else tuple(_likely(message, signature))


def appended(message: Message, signature: Signature) -> tuple[Diagnosis, ...]:
    """Return what follows the octets that ``l=`` covers (RFC 6376 8.2)."""
    if signature.length is None or not message.whole:
        return ()
    canonical = canonical_body(message.body, signature.body_canon)
    rest = canonical[signature.length :]
    if not rest.strip():
        return ()
    shown = visible(rest.strip()[:60].decode("utf-8", "replace"))
    size = say_many("{n} octet", "{n} octets", len(rest))
    return (
        Diagnosis(
            Change.APPENDED,
            True,
            say(
                "{size} follow the {length} that l= covers, and nobody signed them: '{shown}'.",
                size=size,
                length=signature.length,
                shown=shown,
            ),
        ),
    )


def _signed_otherwise(message: Message, signature: Signature) -> Diagnosis | None:
    """Return what the signer did that no relay needs to have touched."""
    body, digest, algorithm = message.body, signature.body_hash, signature.algorithm
    canonical = canonical_body(body, signature.body_canon)
    if signature.length is not None and signature.length > len(canonical):
        missing = signature.length - len(canonical)
        return Diagnosis(
            Change.TRUNCATED,
            True,
            say(
                "l= covers {length} octets and the body has {canonical}: the body was cut short by "
                "{missing} on the way.",
                length=signature.length,
                canonical=len(canonical),
                missing=say_many("{n} octet", "{n} octets", missing),
            ),
        )
    if body.strip() and digest in (hash_of(algorithm, b""), hash_of(algorithm, b"\r\n")):
        return Diagnosis(
            Change.EMPTY,
            True,
            say(
                "bh= is the hash of an empty body: the signer signed before the text was"
                " there, or all of the text was added on the way."
            ),
        )
    other = "relaxed" if signature.body_canon == "simple" else "simple"
    if hash_of(algorithm, canonical_body(body, other, signature.length)) == digest:
        if other == "relaxed":
            return Diagnosis(
                Change.WHITE_SPACE,
                True,
                say(
                    "The body hash agrees once spaces are single and none stands at a line's"
                    " end: white space was added on the way, or the signer used relaxed and"
                    " says simple in c=."
                ),
            )
        return Diagnosis(
            Change.CANONICAL,
            True,
            say(
                "The body hash agrees by the simple canonicalization: the signer used simple"
                " and says relaxed in c=."
            ),
        )
    return None


def _by_undoing(message: Message, signature: Signature) -> Diagnosis | None:
    digest, algorithm, canon = signature.body_hash, signature.algorithm, signature.body_canon
    budget = Budget(DKIM_BODY_BYTES_TRIED)
    canonical = canonical_body(message.body, canon)
    if signature.length is None and (found := footer(canonical, digest, algorithm)):
        return found
    lines = canonical.count(b"\r\n")
    for number, (change, words, candidate) in enumerate(undone(message)):
        # A hash taken at every line costs about as much as 64 octets more.
        if number >= DKIM_BODIES_TRIED or not budget.spend(2 * len(candidate) + 64 * lines):
            break
        tried = canonical_body(candidate, canon, signature.length)
        by = say(_DONE_BY[change])
        if hash_of(algorithm, tried) == digest:
            said = say("The body hash agrees {words}: {by}.", words=words, by=by)
            return Diagnosis(change, True, said)
        if signature.length is None and (found := footer(tried, digest, algorithm)):
            without = found.sentence.removesuffix(".")
            said = say("{without}, and {words}: {by}.", without=without, words=words, by=by)
            return Diagnosis(found.change, True, said)
    if signature.length is not None or lines > DKIM_BLOCK_LINES:
        return None
    wrapped = inner_part(canonical, digest, algorithm, budget)
    if wrapped or (found := block(canonical, digest, algorithm, budget)):
        return wrapped or found
    return two_footers(canonical, digest, algorithm, Budget(DKIM_BODY_BYTES_TRIED))


def _likely(message: Message, signature: Signature) -> list[Diagnosis]:
    """Return what the message itself shows, where no undoing helps."""
    found: list[Diagnosis] = []
    converted = message.value("X-MIME-Autoconverted")
    if converted:
        said = visible(converted, 120)
        found.append(
            Diagnosis(
                Change.ENCODING,
                False,
                say("Likely: a relay converted the body ('{said}').", said=said),
            )
        )
    boundary = _boundary(message)
    if boundary and b"--" + boundary + b"--" not in message.body:
        found.append(
            Diagnosis(
                Change.TRUNCATED,
                False,
                say(
                    "Likely: the body was cut short: the closing boundary of the multipart body is"
                    " missing."
                ),
            )
        )
    if signature.body_canon == "simple" and not found:
        found.append(
            Diagnosis(
                Change.UNKNOWN,
                False,
                say("What was changed cannot be told; with c=simple a single space is enough."),
            )
        )
    return found


def _boundary(message: Message) -> bytes:
    kind = message.value("Content-Type")
    if not kind.lower().startswith("multipart/"):
        return b""
    at = kind.lower().find("boundary=")
    value = kind[at + 9 :].strip() if at >= 0 else ""
    end = value.find('"', 1) if value.startswith('"') else len(value.split(";")[0])
    return value[:end].strip('" ').encode("utf-8", "surrogateescape")
