"""The mechanisms that need DNS, but for ``include``: ``a``, ``mx``, ``ptr``, ``exists`` (RFC 7208 5).

Each takes the expanded target-name and tells what became of it.  A target DNS cannot hold is not
asked for and does not match (4.8).
"""

from mxwalk.mailauth.asking import Asking
from mxwalk.mailauth.spf.checking import (
    Check,
    Found,
    error,
    look_up,
    match,
    no_match,
    settle,
    void_words,
    with_asked,
)
from mxwalk.mailauth.spf.hosts import among_hosts
from mxwalk.mailauth.spf.macros import validated_names
from mxwalk.mailauth.spf.model import SpfResult, Term
from mxwalk.mailauth.spf.names import name_problem
from mxwalk.text import visible


def evaluate_a(check: Check, term: Term, target: str) -> Asking[Found]:
    """Compare the client with the target's addresses (RFC 7208 5.3)."""
    looked_up = yield from look_up((target,), check.host_type)
    return with_asked(among_hosts(check, term, looked_up), *looked_up)


def evaluate_mx(check: Check, term: Term, target: str) -> Asking[Found]:
    """Compare the client with the addresses of the target's MX hosts (RFC 7208 5.4)."""
    (exchangers,) = yield from look_up((target,), "MX")
    ended = settle(check, exchangers)
    if ended is not None:
        return with_asked(ended, exchangers)
    if exchangers.is_void:  # 5.4: the implicit MX of RFC 5321 MUST NOT be applied
        return with_asked(no_match(void_words(exchangers)), exchangers)
    names = mx_hosts(exchangers.answer)
    if len(names) > check.limits.names:  # RFC 7208 4.6.4
        why = f"{visible(target, 80)} has {len(names)} MX records; {check.limits.names} are allowed"
        return with_asked(error(SpfResult.PERMERROR, why), exchangers)
    names = tuple(name for name in names if not name_problem(name))
    if not names:
        why = f"{visible(target, 80)} has a null MX: there is no host to compare with"
        return with_asked(no_match(why), exchangers)
    looked_up = yield from look_up(names, check.host_type)
    return with_asked(among_hosts(check, term, looked_up), exchangers, *looked_up)


def mx_hosts(records: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hosts of MX records in presentation form, the most preferred first."""
    found: list[tuple[int, str]] = []
    for record in records:
        preference, _, host = record.partition(" ")
        if preference.isascii() and preference.isdecimal() and len(preference) <= 5:
            found.append((int(preference), host.strip().removesuffix(".")))
    found.sort(key=lambda one: one[0])
    return tuple(host for _, host in found)


def evaluate_ptr(check: Check, term: Term, target: str) -> Asking[Found]:
    """Look for a validated name of the client that is the target or below it (RFC 7208 5.5)."""
    del term
    pointers = yield from validated_names(check)
    if pointers.ended is not None:
        return with_asked(pointers.ended, *pointers.asked)
    wanted = target.lower()
    for name in pointers.names:
        if name.lower() == wanted or name.lower().endswith(f".{wanted}"):
            why = f"{check.client} is {visible(name, 80)}, checked both ways"
            return with_asked(match(why, name), *pointers.asked)
    ignored = f"; {pointers.ignored} more names were ignored" if pointers.ignored else ""
    if pointers.why:
        why = f"{check.client}: {pointers.why}"
    elif not pointers.names:
        why = f"no name of {check.client} leads back to it"
    else:
        names = ", ".join(visible(name, 80) for name in pointers.names[:4])
        why = f"{names} is not {visible(target, 80)} or below it"
    return with_asked(no_match(f"{why}{ignored}"), *pointers.asked)


def evaluate_exists(check: Check, term: Term, target: str) -> Asking[Found]:
    """Match if the target has any A record, whatever the client's family (RFC 7208 5.7)."""
    del term
    (looked_up,) = yield from look_up((target,), "A")
    ended = settle(check, looked_up)
    if ended is not None:
        return with_asked(ended, looked_up)
    if looked_up.is_void:
        return with_asked(no_match(void_words(looked_up)), looked_up)
    why = f"{visible(target, 80)} has an A record"
    return with_asked(match(why, target), looked_up)
