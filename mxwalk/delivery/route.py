"""The delivery hosts in the sender's order, and where they come from (RFC 5321 5.1)."""

import enum
from dataclasses import dataclass

from mxwalk.language import noted, say


class RouteKind(enum.Enum):
    """Where the delivery hosts come from, or why there are none."""

    PENDING = noted("not looked up yet")
    MX = noted("MX records")
    IMPLICIT = noted("no MX record: the domain itself")
    ROUTES = noted("configured SMTP routes")
    TARGET = noted("the host named as target")
    NULL_MX = noted("null MX: the domain accepts no mail")
    NO_DOMAIN = noted("the domain does not exist")
    LOOKUP_FAILED = noted("the MX lookup failed")


class HostOrigin(enum.Enum):
    """How a delivery host came into the list."""

    MX = "MX"
    ROUTE = "route"
    IMPLICIT = noted("implicit MX")
    TARGET = noted("target")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHost:
    """A host the sender would connect to: ``name`` in A-labels, or an address when ``is_literal``.

    ``display`` is the U-label form; ``preference`` the MX preference or the route's priority.
    """

    name: str
    display: str
    port: int
    preference: int
    origin: HostOrigin
    is_literal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """The delivery hosts in the sender's order.  ``problem`` says why there are none."""

    kind: RouteKind
    hosts: tuple[PlannedHost, ...] = ()
    mx_hosts: tuple[str, ...] = ()
    problem: str = ""

    @property
    def words(self) -> str:
        """Where the hosts come from, or why there are none, in the language spoken."""
        return self.problem or say(self.kind.value)
