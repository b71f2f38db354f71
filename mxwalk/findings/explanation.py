"""All there is to say of a code: its text, recipes, sources, and the codes beside it.

A pure function of the catalogue, in the language spoken; the command, the screens and the pages of the
documentation lay it out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mxwalk.findings.model import Entry
from mxwalk.findings.recipes import Recipe, Side, recipe
from mxwalk.findings.recipes.index import area_of, listed, recipes_for, sources_for
from mxwalk.findings.registry import catalogue
from mxwalk.findings.texts import long_text, sections
from mxwalk.language import noted, per_language

_RELATED = 8
_CODE = re.compile(r"\b[A-Z]{3,6}\d{3}\b")
# Whose severity and owner often depend on what else was found.
_BY_CASE = ("SPF", "DKIM", "DMARC", "AUTH")

AREAS: Mapping[str, str] = {
    "DNS": noted("the resolver used"),
    "DNSSEC": noted("DNSSEC validation"),
    "ROUTE": noted("the way to the hosts: MX, addresses, PTR"),
    "CONN": noted("the connection"),
    "RPLY": noted("greeting and replies"),
    "EHLO": noted("the EHLO response"),
    "STLS": noted("STARTTLS"),
    "TLS": noted("TLS protocol, ciphers and SNI"),
    "CERT": noted("certificate and chain"),
    "REVO": noted("revocation"),
    "IDENT": noted("names in the certificate"),
    "DANE": noted("DANE"),
    "STS": noted("MTA-STS"),
    "RPT": noted("TLS reports"),
    "ENV": noted("sender, recipient and session"),
    "MSG": noted("the message looked at"),
    "SPF": noted("SPF"),
    "DKIM": noted("DKIM"),
    "DMARC": noted("DMARC"),
    "ARC": noted("ARC"),
    "AUTH": noted("Authentication-Results"),
    "ROLL": noted("the way to an enforced DMARC policy"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is shown of a code.

    ``sections`` are the headings and paragraphs of its text; ``fixes`` what who must act does, product
    by product; ``around`` what a sender can do meanwhile.
    """

    entry: Entry
    sections: tuple[tuple[str, str], ...]
    fixes: tuple[Recipe, ...]
    around: tuple[Recipe, ...]
    sources: tuple[str, ...]
    related: tuple[Entry, ...]

    @property
    def by_case(self) -> bool:
        """Whether severity and owner often differ by the case."""
        return self.entry.code.startswith(_BY_CASE)


@per_language(maxsize=512)
def explanation(code: str) -> Explanation:
    """Return what there is to say of a code of the catalogue.  Raises ``KeyError`` for another."""
    entry = catalogue()[code]
    recipes = tuple(recipe(name) for name in recipes_for(code))
    sources = (entry.rfc, *sources_for(code), *(one for each in recipes for one in each.sources))
    return Explanation(
        entry=entry,
        sections=sections(code),
        fixes=tuple(one for one in recipes if one.side is Side.OWNER),
        around=tuple(one for one in recipes if one.side is Side.SENDER),
        sources=listed(sources),
        related=related(code),
    )


def related(code: str) -> tuple[Entry, ...]:
    """Return the codes to read beside this one: those it names, that name it, that mend alike."""
    entries = catalogue()
    named_here = _CODE.findall(long_text(code))
    naming = [other for other in entries if code in long_text(other)]
    first = recipes_for(code)[:1]
    alike = [other for other in entries if first and recipes_for(other)[:1] == first]
    alike.sort(key=lambda other: area_of(other) != area_of(code))
    found = dict.fromkeys((*named_here, *naming, *alike))
    kept = [other for other in found if other != code and other in entries]
    return tuple(entries[other] for other in kept[:_RELATED])
