"""Enhanced status codes: their structure (RFC 3463 2), IANA's entries, and Exchange Online's own.

A code is ``class.subject.detail``.  A code that nobody registered still says its class and subject.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from mxwalk.clues.exchange_codes import EXCHANGE
from mxwalk.clues.status_registry import REGISTERED, Registered
from mxwalk.language import noted, say
from mxwalk.walk.plan import label_of

# RFC 3463 2: subject and detail have up to three digits.
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
_ANY_CLASS = re.compile(r"(?:[xX]|[245]/[245])\.(\d{1,3})\.(\d{1,3})")

CLASSES = {  # RFC 3463 2, class
    "2": noted("success"),
    "4": noted("persistent transient failure: the sender tries again"),
    "5": noted("permanent failure: the sender gives up and returns the message"),
}
SUBJECTS = {  # RFC 3463 2, subject
    0: noted("other or undefined"),
    1: noted("addressing"),
    2: noted("mailbox"),
    3: noted("the mail system"),
    4: noted("network and routing"),
    5: noted("the delivery protocol"),
    6: noted("the message's content"),
    7: noted("security or policy"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """A code taken apart; ``klass`` is empty where any class is meant (``X.7.30``, ``4/5.7.323``)."""

    klass: str
    subject: int
    detail: int

    @property
    def text(self) -> str:
        """The code as it is written."""
        return f"{self.klass or 'X'}.{self.key}"

    @property
    def key(self) -> str:
        """Subject and detail, by which the tables are kept."""
        return f"{self.subject}.{self.detail}"

    @property
    def registered(self) -> Registered | None:
        """IANA's entry."""
        return _registered().get(self.key)

    @property
    def exchange(self) -> Registered | None:
        """Exchange Online's entry, where it has a meaning of its own."""
        return _exchange().get(self.key)


@lru_cache(maxsize=8)  # one for each language
def _registered() -> dict[str, Registered]:
    return {one.detail: one for one in REGISTERED}


@lru_cache(maxsize=8)  # one for each language
def _exchange() -> dict[str, Registered]:
    return {one.detail: one for one in EXCHANGE}


def parse_status(text: str) -> Status | None:
    """Return the code that ``text`` is: ``5.7.323``, ``X.7.30``, ``4/5.7.323``; else ``None``."""
    plain = text.strip().lstrip("#")
    if match := STATUS.fullmatch(plain):
        return Status(match[1], int(match[2]), int(match[3]))
    if match := _ANY_CLASS.fullmatch(plain):
        return Status("", int(match[1]), int(match[2]))
    return None


def meaning_of(status: Status) -> str:
    """Return what the registry's code means to an administrator, in one or two sentences."""
    entry = status.registered
    if entry is not None:
        return say(entry.meaning)
    subject = say(SUBJECTS.get(status.subject, SUBJECTS[0]))
    return say("A code of its own of that system, about: {subject}.", subject=subject)


def explain_status(status: Status) -> list[str]:
    """Return the explanation of a code as paragraphs: structure, IANA's meaning, Exchange Online's."""
    klass, entry, own = status.klass, status.registered, status.exchange
    title = entry.title if entry else (own.title if own else say("not in the IANA registry"))
    parts = [f"{status.text}  {title}"]
    subject = say(SUBJECTS.get(status.subject, noted("a subject that RFC 3463 does not know")))
    if klass:
        words = say(
            "class {klass}: {what}; subject {number}: {subject}",
            klass=klass,
            what=say(CLASSES[klass]),
            number=status.subject,
            subject=subject,
        )
    else:
        words = say(
            "any class; subject {number}: {subject}", number=status.subject, subject=subject
        )
    parts.append(f"{words}   (RFC 3463 2)")
    if entry is not None:
        parts += _entry(say("In the IANA registry"), entry)
    elif own is None:
        parts.append(meaning_of(status))
    if own is not None:
        parts += _entry(say("At Exchange Online"), own)
        if own.detail.startswith("7.32") or own.detail in ("4.312", "4.8", "7.5"):
            parts.append(
                say(
                    "4.{code} is said while Exchange Online tries again, for 24 hours; 5.{code} is in"
                    " the final report.",
                    code=own.detail,
                )
            )
    return parts


def _entry(where: str, entry: Registered) -> list[str]:
    head = f"{where}: {entry.title} ({entry.reference}). {say(entry.meaning)}"
    more = []
    if entry.step is not None:
        more.append(say("The step of a walk to look at: {step}.", step=label_of(entry.step)))
    if entry.findings:
        more.append(say("Findings that fit: {codes}.", codes=", ".join(entry.findings)))
    return [head, *([" ".join(more)] if more else [])]
