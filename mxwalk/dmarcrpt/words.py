"""Words about reports that the command and the screen share."""

import ipaddress
import shlex

from mxwalk.dmarcrpt.model import PolicyPublished
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.sources import Source
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
    return f"{number:,} message" + ("" if number == 1 else "s")


def gaps(cut_off: int, unreadable: int) -> str:
    """Return what is missing in the numbers; empty where nothing is."""
    parts = []
    if cut_off:
        parts.append("1 report is cut off" if cut_off == 1 else f"{cut_off:,} reports are cut off")
    if unreadable:
        rows = "1 row is" if unreadable == 1 else f"{unreadable:,} rows are"
        parts.append(f"{rows} unreadable")
    return " and ".join(parts)


def policy_words(policy: PolicyPublished) -> str:
    """Return a policy as the tags of a record, as far as the report has them."""
    found = [f"{tag}={value}" for name, tag in _TAGS if (value := getattr(policy, name))]
    if policy.pct is not None:
        found.append(f"pct={policy.pct}")
    if policy.discovery:
        found.append(f"(found by {policy.discovery})")
    return " ".join(found) or "(no policy in the report)"


def who(source: Source, name: SourceName | None = None) -> str:
    """Say who a source is, and how that is known; empty when nothing is known."""
    parts = []
    if source.named:
        parts.append(f"known to you as {source.named}")
    if name is not None and name.name:
        sure = f"{name.organisation}, " if name.organisation else ""
        state = "confirmed" if name.confirmed else "not confirmed: it does not lead back"
        parts.append(f"{sure}by its PTR name {name.name} ({state})")
    elif name is not None:
        parts.append(f"PTR: {name.problem}")
    if source.organisation:
        told_by = {"DKIM": "a DKIM signature", "SPF": "SPF"}[source.organisation_from]
        parts.append(f"{source.organisation}, for which {told_by} passes")
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
