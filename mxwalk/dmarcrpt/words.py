"""Words about reports that the command and the screen share."""

import ipaddress
import shlex

from mxwalk.dmarcrpt.model import PolicyPublished
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source
from mxwalk.language import say, say_many
from mxwalk.names import InvalidNameError, parse_name

_TAGS = (
    ("p", "p"),
    ("sp", "sp"),
    ("np", "np"),
    ("adkim", "adkim"),
    ("aspf", "aspf"),
    ("testing", "t"),
    ("fo", "fo"),
)


def messages(number: int) -> str:
    """Return a number of messages in words."""
    return say_many("{n:,} message", "{n:,} messages", number)


def gaps(cut_off: int, unreadable: int) -> str:
    """Return what is missing in the numbers; empty where nothing is."""
    parts = []
    if cut_off:
        parts.append(say_many("{n:,} report is cut off", "{n:,} reports are cut off", cut_off))
    if unreadable:
        parts.append(say_many("{n:,} row is unreadable", "{n:,} rows are unreadable", unreadable))
    return say(" and ").join(parts)


def policy_words(policy: PolicyPublished) -> str:
    """Return a policy as the tags of a record, as far as the report has them."""
    found = [f"{tag}={value}" for name, tag in _TAGS if (value := getattr(policy, name))]
    if policy.pct is not None:
        found.append(f"pct={policy.pct}")
    if policy.discovery:
        found.append(say("(found by {discovery})", discovery=policy.discovery))
    return " ".join(found) or say("(no policy in the report)")


def who(source: Source, name: SourceName | None = None) -> str:
    """Say who a source is, and how that is known; empty when nothing is known."""
    parts = []
    if source.named:
        parts.append(say("known to you as {named}", named=source.named))
    if name is not None and name.name:
        sure = f"{name.organisation}, " if name.organisation else ""
        parts.append(
            say("{sure}by its PTR name {name} (confirmed)", sure=sure, name=name.name)
            if name.confirmed
            else say(
                "{sure}by its PTR name {name} (not confirmed: it does not lead back)",
                sure=sure,
                name=name.name,
            )
        )
    elif name is not None:
        parts.append(f"PTR: {name.problem}")
    if source.organisation:
        parts.append(
            say("{organisation}, for which SPF passes", organisation=source.organisation)
            if source.organisation_from == "SPF"
            else say(
                "{organisation}, for which a DKIM signature passes",
                organisation=source.organisation,
            )
        )
    return "; ".join(parts)


def spf_wanted(source: Source) -> tuple[str, str] | None:
    """Return the domain and address for "what does SPF say of it"; ``None`` where one is none.

    What a report names is a stranger's text: it is taken only if it is a name and an address.
    """
    try:
        address = ipaddress.ip_address(source.ip)
        domain = parse_name(source.domain).ascii
    except (ValueError, InvalidNameError):
        return None
    if "." not in domain or domain.startswith("-") or getattr(address, "scope_id", None):
        return None
    return domain, str(address)


def spf_command(source: Source) -> str:
    """Return the command that says what SPF says of a source; empty where there is none."""
    wanted = spf_wanted(source)
    if wanted is None:
        return ""
    domain, address = wanted
    return f"mxwalk spf {shlex.quote(domain)} --ip {address}"
