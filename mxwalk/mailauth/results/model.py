"""What an Authentication-Results field says (RFC 8601 2.2): one receiver's results, by method."""

from dataclasses import dataclass

FIELD = "Authentication-Results"
ARC_FIELD = "ARC-Authentication-Results"


@dataclass(frozen=True, slots=True)
class Property:
    """What a result is about: ``header.from=example.com``; ``ptype`` is empty where none is written.

    RFC 8601 2.3 wants a ``ptype``; the ESA's ``d=`` and Microsoft's ``action=`` have none.
    """

    ptype: str
    name: str
    value: str

    @property
    def key(self) -> str:
        """The name with its type."""
        return f"{self.ptype}.{self.name}" if self.ptype else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """One result; ``result`` is the word as written, in lower case."""

    method: str
    result: str
    version: str = ""
    reason: str = ""
    comments: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()

    def get(self, *keys: str) -> str:
        """Return the value of the first of these properties that is there, or an empty text."""
        for key in keys:
            for one in self.properties:
                if one.key.lower() == key:
                    return one.value
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthResults:
    """A field as read; every text may be shown.

    ``authserv_id`` is empty where the field does not name who wrote it (Exchange Online).
    ``instance`` is that of an ARC-Authentication-Results field.  ``deviations`` tell where it departs
    from RFC 8601.
    """

    authserv_id: str
    results: tuple[MethodResult, ...] = ()
    version: str = ""
    instance: int | None = None
    deviations: tuple[str, ...] = ()

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """Return the results of one method, in order."""
        return tuple(one for one in self.results if one.method == method)
