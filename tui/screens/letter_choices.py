"""What can be chosen for a letter: the party, addresses, findings, language and redaction, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from mxwalk.language import LANGUAGES, say
from mxwalk.letters.model import Party, Suggestion
from mxwalk.letters.offered import Offered
from mxwalk.text import visible
from widgets.glyphs import glyphs
from widgets.plain import Look, line, mark, severity_mark
from widgets.text_pane import Choice

Key = tuple[str, object]
Parties = Mapping[Party, tuple[Offered, ...]]


@dataclass(slots=True, kw_only=True)
class Asked:
    """What is chosen; ``addresses`` are those of parties where others than the first were."""

    party: Party
    codes: dict[Party, set[str]]
    language: str
    redacted: bool = False
    addresses: dict[Party, set[str]] = field(default_factory=dict)

    @property
    def chosen_codes(self) -> frozenset[str]:
        """The findings that the letter is about."""
        return frozenset(self.codes[self.party])

    @property
    def has_zone(self) -> bool:
        """Whether the letter is for those who keep a zone."""
        return self.party.key in ("dns", "domain-dns") and bool(self.party.name)

    @property
    def key(self) -> tuple[object, ...]:
        """By what a letter is known again."""
        return (self.party, self.chosen_codes, self.language, self.redacted)

    def copy(self) -> "Asked":
        """Return the choices as they are now."""
        return Asked(
            party=self.party,
            codes={party: set(codes) for party, codes in self.codes.items()},
            language=self.language,
            redacted=self.redacted,
            addresses={party: set(each) for party, each in self.addresses.items()},
        )

    def to(self, suggested: Sequence[Suggestion]) -> tuple[str, ...]:
        """Return the addresses chosen, by default the first, in the order suggested."""
        first = {one.mailbox for one in suggested[:1]}
        chosen = self.addresses.get(self.party, first)
        return tuple(one.mailbox for one in suggested if one.mailbox in chosen)

    def switch(self, key: Key, suggested: Sequence[Suggestion] = ()) -> bool:
        """Choose or switch; return whether the letter becomes another one."""
        kind, value = key
        match kind, value:
            case "party", Party():
                self.party = value
            case "code", str():
                self.codes[self.party] ^= {value}
            case "language", str():
                self.language = value
            case "redact", _:
                self.redacted = not self.redacted
            case "to", str():
                self.addresses[self.party] = set(self.to(suggested)) ^ {value}
                return False
            case _:
                return False
        return True


def choices(asked: Asked, parties: Parties, to: Sequence[Suggestion]) -> list[Choice]:
    """Return the rows."""
    return list(_choices(asked, parties, to))


def _choices(asked: Asked, parties: Parties, to: Sequence[Suggestion]) -> Iterator[Choice]:
    yield _heading(say("to whom"))
    for party in parties:
        yield _one_of(("party", party), str(party), chosen=party == asked.party)
    yield from _group(say("address"))
    chosen = asked.to(to)
    for one in to:
        why = f"{one.reason} ({one.source.value})"
        yield _switch(("to", one.mailbox), one.mailbox, why, on=one.mailbox in chosen)
    if not to:
        yield _heading(say("none stands in the evidence"), Look.DIM)
    yield from _group(say("about"))
    for finding in parties[asked.party]:
        symbol, look = mark(severity_mark(finding.severity))
        words = line((f"{symbol} ", look), f"{finding.code}  {visible(say(finding.title), 200)}")
        on = finding.code in asked.chosen_codes
        yield _switch(("code", finding.code), words, "", on=on)
    yield from _group(say("how"))
    for code, name in LANGUAGES.items():
        yield _one_of(("language", code), name, chosen=code == asked.language)
    yield _switch(("redact", ""), say("redact names and addresses"), "", on=asked.redacted)


def _group(words: str) -> Iterator[Choice]:
    yield Choice(key=("gap", words), words=Content(), heading=True)
    yield _heading(words)


def _heading(words: str, look: Look = Look.HEADING) -> Choice:
    return Choice(key=("heading", words), words=line((words, look)), heading=True)


def _one_of(key: Key, words: str, *, chosen: bool) -> Choice:
    sign = (f"{glyphs().next} " if chosen else "  ", Look.ACCENT)
    return Choice(key=key, words=line(sign, (words, Look.STRONG if chosen else Look.PLAIN)))


def _switch(key: Key, words: str | Content, detail: str, *, on: bool) -> Choice:
    sign = glyphs().ok if on else " "
    box = line(("[", Look.DIM), (sign, Look.OK), ("] ", Look.DIM), words)
    return Choice(key=key, words=box, detail=detail, copy=str(key[1]))


def keys(asked: Asked, *, typing: bool = False) -> Content:
    """Return the line of keys below: those that do something in the part in use."""
    if typing:
        shown = [
            ("F8", say("copies")),
            ("Ctrl+S", say("writes")),
            ("Tab", say("to whom, about what, file")),
            ("Esc", say("closes")),
        ]
    else:
        shown = [
            ("Space", say("chooses")),
            ("y", say("copies")),
            ("Tab", say("text, file")),
            ("Ctrl+S", say("writes")),
            *([("a", say("asks for the SOA"))] if asked.has_zone else []),
            ("Esc", say("closes")),
        ]
    return line(*(part for key, words in shown for part in ((key, Look.ACCENT), f" {words}   ")))
