"""The mechanisms that need DNS, but for ``include``: ``a``, ``mx``, ``ptr``, ``exists`` (RFC 7208 5).

Each takes the expanded target-name and tells what became of it.  A target DNS cannot hold is not
asked for and does not match (4.8).
"""

from mxwalk.language import say
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
        why = say(
            "{target} has {count} MX records; {most} are allowed",
            target=visible(target, 80),
            count=len(names),
            most=check.limits.names,
        )
        return with_asked(error(SpfResult.PERMERROR, why), exchangers)
    names = tuple(name for name in names if not name_problem(name))
    if not names:
        why = say(
            "{target} has a null MX: there is no host to compare with", target=visible(target, 80)
        )
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
            why = say(
                "{client} is {name}, checked both ways", client=check.client, name=visible(name, 80)
            )
            return with_asked(match(why, name), *pointers.asked)
    if pointers.why:
        why = f"{check.client}: {pointers.why}"
    elif not pointers.names:
        why = say("no name of {client} leads back to it", client=check.client)
    else:
        names = ", ".join(visible(name, 80) for name in pointers.names[:4])
        why = say("{names} is not {target} or below it", names=names, target=visible(target, 80))
    if pointers.ignored:
        why = say("{why}; {count} more names were ignored", why=why, count=pointers.ignored)
    return with_asked(no_match(why), *pointers.asked)


def evaluate_exists(check: Check, term: Term, target: str) -> Asking[Found]:
    """Match if the target has any A record, whatever the client's family (RFC 7208 5.7)."""
    del term
    (looked_up,) = yield from look_up((target,), "A")
    ended = settle(check, looked_up)
    if ended is not None:
        return with_asked(ended, looked_up)
    if looked_up.is_void:
        return with_asked(no_match(void_words(looked_up)), looked_up)
    why = say("{target} has an A record", target=visible(target, 80))
    return with_asked(match(why, target), looked_up)
