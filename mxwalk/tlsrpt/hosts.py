"""From a report's failure to a walk: what a stranger wrote is taken only if it names a host."""

import ipaddress

from mxwalk.names import InvalidNameError, parse_name


def walk_domain(name: str) -> str:
    """Return the policy domain to walk or to look up; empty for what is no mail domain."""
    plain = name.strip().rstrip(".")
    try:
        ipaddress.ip_address(plain.strip("[]"))
    except ValueError:
        return walk_target(name).removesuffix(":25")
    return ""


def walk_target(name: str) -> str:
    """Return what a walk of a receiving host is told as its target; empty for what is no host.

    A host is walked at port 25, without its MX records.
    """
    plain = name.strip().rstrip(".")
    try:
        address = ipaddress.ip_address(plain.strip("[]"))
    except ValueError:
        pass
    else:
        return f"[{address}]:25" if not getattr(address, "scope_id", None) else ""
    try:
        host = parse_name(plain).ascii
    except InvalidNameError:
        return ""
    return f"{host}:25" if "." in host and not host.startswith("-") else ""
