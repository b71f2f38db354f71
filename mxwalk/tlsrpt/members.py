"""Reading the members of one JSON object leniently: each deviation noted, nothing raised."""

import ipaddress
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import REPORT_TEXT_CHARS, TLSRPT_POLICY_LINES
from mxwalk.reportfiles.collecting import Deviations, shortly
from mxwalk.reportfiles.model import Kind

MOST_SESSIONS = 1 << 53  # integers beyond are not exact in JSON (RFC 8259 6)
_DIGITS = 20
# Names of drafts before the RFC and of the RFC's own figures, which reporters still write.
ALIASES = {
    "mx-host": ("mx-host-pattern",),
    "additional-information": ("additional-info-uri",),
    "failure-reason-code": ("failure-error-code", "failure-code"),
    "failed-session-count": ("session-count",),
    "total-successful-session-count": ("success-aggregate",),
    "total-failure-session-count": ("failure-aggregate",),
    "start-datetime": ("start-date-time",),
    "end-datetime": ("end-date-time",),
}


@dataclass(slots=True)
class Members:
    """The members of one object and where it stands."""

    values: dict[str, object]
    place: str
    deviations: Deviations

    def at(self, name: str) -> str:
        """Return the path of a member."""
        return f"{self.place}.{name}" if self.place else name

    def value(self, name: str, *, required: bool = False) -> object:
        """Return a member under its name or a draft's, ``None`` where there is none."""
        if name in self.values:
            value = self.values[name]
            if value is None:
                self.deviations.add(Kind.NULL, self.at(name), say("is null"))
            return value
        for alias in ALIASES.get(name, ()):
            if alias in self.values:
                words = say("is the name of a draft; the RFC's is {name}", name=name)
                self.deviations.add(Kind.NAME, self.at(alias), words)
                return self.values[alias]
        if required:
            self.deviations.add(Kind.MISSING, self.at(name), say("is missing"))
        return None

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a string, cut to a limit; of a list the first."""
        value = self.value(name, required=required)
        if isinstance(value, list) and value:
            self.deviations.add(Kind.TYPE, self.at(name), say("is an array where a string belongs"))
            value = value[0]
        match value:
            case None:
                return ""
            case str():
                return self.cut(name, value)
            case bool() | int() | float():
                written = shortly(value)
                words = say("is a number where a string belongs")
                self.deviations.add(Kind.TYPE, self.at(name), words, written)
                return written
            case _:
                self.deviations.add(Kind.TYPE, self.at(name), say("is no string"))
                return ""

    def cut(self, name: str, text: str) -> str:
        """Return the text within our limit."""
        if len(text) <= REPORT_TEXT_CHARS:
            return text
        words = say(
            "is longer than {report_text_chars} characters; the rest is left out",
            report_text_chars=REPORT_TEXT_CHARS,
        )
        self.deviations.add(Kind.LIMIT, self.at(name), words)
        return text[:REPORT_TEXT_CHARS]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return an array of strings; a single string, or one of several lines, will do."""
        value = self.value(name)
        if isinstance(value, str):
            lines = [part for part in value.replace("\r\n", "\n").split("\n") if part]
            if (
                name != "mx-host" or len(lines) > 1
            ):  # RFC 8460 4.4 and its example differ on mx-host
                words = say("is a string where an array of strings belongs")
                self.deviations.add(Kind.ARRAY, self.at(name), words)
            value = lines
        if value is None:
            return ()
        if not isinstance(value, list):
            self.deviations.add(Kind.TYPE, self.at(name), say("is no array of strings"))
            return ()
        kept = [item for item in value[:TLSRPT_POLICY_LINES] if isinstance(item, str)]
        if len(value) > TLSRPT_POLICY_LINES:
            words = say(
                "has more than {tlsrpt_policy_lines} elements; the rest is left out",
                tlsrpt_policy_lines=TLSRPT_POLICY_LINES,
            )
            self.deviations.add(Kind.LIMIT, self.at(name), words)
        elif len(kept) != len(value):
            self.deviations.add(Kind.TYPE, self.at(name), say("has elements that are no strings"))
        return tuple(self.cut(name, item) for item in kept)

    def count(self, name: str) -> int:
        """Return a number of sessions, 0 where there is none."""
        value = self.value(name, required=True)
        if value is None:
            return 0
        if type(value) is int and 0 <= value <= MOST_SESSIONS:
            return value
        read = _number(value)
        if read is None:
            self.deviations.add(Kind.VALUE, self.at(name), say("is no number of sessions"), value)
            return 0
        words = (
            say("is a string") if isinstance(value, str) else say("is not written as an integer")
        )
        self.deviations.add(Kind.NUMBER, self.at(name), words, value)
        return read

    def address(self, name: str, *, required: bool = False) -> str:
        """Return an IP address as it is written."""
        text = self.text(name, required=required)
        if text:
            try:
                ipaddress.ip_address(text)
            except ValueError:
                self.deviations.add(Kind.VALUE, self.at(name), say("is no IP address"), text)
        return text


def _number(value: object) -> int | None:
    """Return the number that another form means."""
    if isinstance(value, str):
        digits = value.strip().replace(",", "")
        if digits.isascii() and digits.isdigit() and len(digits) < _DIGITS:
            value = int(digits)
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= MOST_SESSIONS else None
