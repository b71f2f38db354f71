"""Postfix with a match list or fingerprints of one's own, written as the id of a sender.

``postfix:verify:LIST`` and ``postfix:secure:LIST`` replace ``smtp_tls_verify_cert_match`` and
``smtp_tls_secure_cert_match``, ``postfix:fingerprint:LIST`` is ``smtp_tls_fingerprint_cert_match`` with
SHA-256 (TLS_README, postconf(5)).  Lists are separated by commas.  What Postfix
would take and never match (an address, a mistyped strategy, a digest of another length) is refused.
"""

import re

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.limits import SENDER_CHARS
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.senders.postfix import PostfixProfile
from mxwalk.senders.postfix_level import STRATEGIES, Level
from mxwalk.text import visible

_DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31}")
_LEVELS = {level.value: level for level in (Level.VERIFY, Level.SECURE, Level.FINGERPRINT)}


def configured_profile(sender: str) -> PostfixProfile | None:
    """Return the profile an id with a list stands for, ``None`` for an id of another form.

    The profile's own id is normal: lower case, A-labels, digests without colons, nothing twice.
    Raises ``UsageError`` saying which entry of the list cannot be used and why.
    """
    family, _, rest = sender.strip().lower().partition(":")
    word, colon, text = rest.partition(":")
    if family != "postfix" or not colon:
        return None
    shown = say("sender {sender}", sender=visible(sender.strip(), 60))
    level = _LEVELS.get(word)
    if level is None:
        raise UsageError(
            say(
                "{shown}: a list can follow postfix: and {levels} alone",
                shown=shown,
                levels=", ".join(_LEVELS),
            )
        )
    if len(sender) > SENDER_CHARS:
        raise UsageError(
            say("{shown}: longer than {most} characters", shown=shown, most=SENDER_CHARS)
        )
    entries = [entry.strip() for entry in text.split(",")]
    if level is Level.FINGERPRINT:
        digests = tuple(dict.fromkeys(_digest(entry, shown) for entry in entries))
        made = PostfixProfile(level, fingerprints=digests)
    else:
        made = PostfixProfile(
            level, match=tuple(dict.fromkeys(_strategy(entry, shown) for entry in entries))
        )
    if len(made.id) > SENDER_CHARS:  # names grow where they become A-labels
        raise UsageError(
            say(
                "{shown}: longer than {most} characters in A-labels", shown=shown, most=SENDER_CHARS
            )
        )
    return made


def _digest(entry: str, shown: str) -> str:
    if not _DIGEST.fullmatch(entry):
        raise UsageError(
            say(
                '{shown}: "{entry}" is no SHA-256 fingerprint of 64 hexadecimal digits;'
                " several are separated by commas",
                shown=shown,
                entry=visible(entry, 80),
            )
        )
    return entry.replace(":", "")


def _strategy(entry: str, shown: str) -> str:
    if entry in STRATEGIES:
        return entry
    said = f'{shown}: "{visible(entry, 80)}"'
    known = say(
        "use {strategies}, .domain or a name, separated by commas", strategies=", ".join(STRATEGIES)
    )
    below = entry.startswith(".")
    try:
        name = parse_name(entry[1:] if below else entry)
    except InvalidNameError as error:
        raise UsageError(f"{said}: {error}; {known}") from error
    if is_address(name.ascii):
        raise UsageError(
            say(
                "{said}: certificates are matched by name, not by address; {known}",
                said=said,
                known=known,
            )
        )
    if len(name.labels) == 1 and not below:
        raise UsageError(
            say(
                "{said} is neither a strategy nor a name of a domain; {known}",
                said=said,
                known=known,
            )
        )
    return f".{name.ascii}" if below else name.ascii
