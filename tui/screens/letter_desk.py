"""A letter in the making, without a widget: what is chosen, what was written, what was typed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.trace import Trace
from mxwalk.language import language, say
from mxwalk.letters.compose import write_letters
from mxwalk.letters.eml import draft
from mxwalk.letters.model import Letter, Party, Suggestion
from mxwalk.text import visible
from tui.screens.file_dialog import file_name
from tui.screens.letter_choices import Asked, Parties

Texts = tuple[str, str]  # subject and body
_SOA_TIMEOUT_S = 5.0


class Desk:
    """One letter at a time; what was typed into another one is kept with its choices."""

    def __init__(self, trace: Trace, sender: str, parties: Parties, code: str = "") -> None:
        self._trace, self._sender, self.parties = trace, sender, parties
        self.asked = _asked(parties, code)
        self.letter: Letter | None = None
        self._changed: dict[tuple[object, ...], Texts] = {}  # by the choices it was typed under
        self._written: Texts = ("", "")
        self._key = self.asked.key  # of the choices it was written under
        self._soa: tuple[DnsAnswer, ...] = ()

    @property
    def to(self) -> Sequence[Suggestion]:
        """The addresses that are suggested."""
        return self.letter.to if self.letter is not None else ()

    @property
    def path(self) -> str:
        """The file that is proposed."""
        party = self.asked.party
        parts = ("letter", party.key, file_name(party.name, 60), self.asked.language)
        return "-".join(part for part in parts if part) + ".txt"

    async def write(self) -> Texts:
        """Compose beside the interface the letter that is asked for.

        What was typed under these choices is returned in its place.  Raises ``MxwalkError``.
        """
        asked = self.asked.copy()
        letter = await asyncio.to_thread(self._composed, asked, self._soa)
        self.letter, self._key = letter, asked.key
        self._written = (letter.subject, letter.body) if letter is not None else ("", "")
        return self._changed.get(asked.key, self._written)

    def _composed(self, asked: Asked, soa: tuple[DnsAnswer, ...]) -> Letter | None:
        if not asked.chosen_codes:
            return None
        post = write_letters(
            self._trace,
            self._sender,
            asked.language,
            codes=asked.chosen_codes,
            redacted=asked.redacted,
            more=soa,
        )
        same_key = [one for one in post.letters if one.party.key == asked.party.key]
        exact = (one for one in same_key if one.party == asked.party)
        return next(exact, None) or next(iter(same_key), None)

    def keep(self, texts: Texts) -> bool:
        """Keep what was typed with the choices it was typed under; say whether anything ever was."""
        if texts != self._written:
            self._changed[self._key] = texts
        return bool(self._changed)

    def document(self, texts: Texts, path: Path) -> Callable[[], str]:
        """Return what makes the text of the file, as the letter is chosen and addressed now.

        It raises ``MxwalkError``.
        """
        letter = self.letter
        to = self.asked.to(letter.to) if letter is not None else ()
        return partial(_document, letter, to, texts, path)

    async def ask(self) -> str:
        """Ask the DNS who keeps the zone that the letter is about; return what it said.

        Raises ``MxwalkError`` where it cannot be asked.
        """
        from mxwalk.commands.letter import ask_soa
        from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers

        name, header = self.asked.party.name, self._trace.header
        if not self.asked.has_zone:
            raise UsageError(say("Only a letter to a DNS operator is about a zone."))
        if header.scenario or header.redacted:
            raise UsageError(say("The zones of this walk are nowhere in the DNS."))
        own = header.options.resolver
        servers = (parse_resolver(own),) if own else system_servers()
        answers = await ask_soa(StubResolver(tuple(servers), _SOA_TIMEOUT_S), (name,))
        self._soa = (*self._soa, *answers)
        return say("{name} SOA: {status}", name=visible(name, 120), status=answers[0].status.value)


def _document(letter: Letter | None, to: tuple[str, ...], texts: Texts, path: Path) -> str:
    subject, body = texts
    if letter is None:
        return body
    if path.suffix.lower() != ".eml":
        head = [f"To: {visible(', '.join(to))}"] if to else []
        return "\n".join([*head, f"Subject: {visible(subject)}", "", body])
    return draft(replace(letter, subject=subject, body=body), to=to)


def _asked(parties: Parties, code: str) -> Asked:
    """Return the first choices: about one finding, or about what matters."""
    party = _first(parties, code)
    codes = {one: {each.code for each in found if each.chosen} for one, found in parties.items()}
    if code:
        codes[party] = {code}
    elif not any(codes.values()):  # what concerns other senders is better than an empty letter
        worst = min(each.severity.rank for each in parties[party])
        codes[party] = {each.code for each in parties[party] if each.severity.rank == worst}
    return Asked(party=party, codes=codes, language=language())


def _first(parties: Parties, code: str) -> Party:
    """Return the party that the code is for, or the first."""
    for party, offered in parties.items():
        if any(one.code == code for one in offered):
            return party
    return next(iter(parties))
