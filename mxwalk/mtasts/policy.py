"""The policy file, read line by line by the grammar of RFC 8461 3.2.

Unknown fields are kept, of a field given twice the first counts, and LF ends a line as well as CRLF.
What many senders let pass although the grammar forbids it (blank lines, blanks at the beginning) is
let pass here too, and told.
"""

from collections.abc import Iterator

from mxwalk.language import per_language, say
from mxwalk.limits import STS_DEVIATIONS, STS_LINE_BYTES, STS_POLICY_KEPT_BYTES, STS_POLICY_LINES
from mxwalk.mtasts.model import (
    MxPattern,
    Policy,
    PolicyDeviation,
    PolicyFault,
    PolicyLine,
    Weight,
)
from mxwalk.mtasts.pattern_syntax import BadPattern, read_pattern
from mxwalk.mtasts.policy_lines import KNOWN, NAME_CHARS, WSP, Lines
from mxwalk.mtasts.policy_values import Judge
from mxwalk.text import visible

_VALUE_CHARS = 300
_BOM = b"\xef\xbb\xbf"


@per_language(maxsize=16)
def read_policy(body: bytes) -> Policy:
    """Read a policy file; total over any bytes, at most ``STS_POLICY_KEPT_BYTES`` of them."""
    return _Reader(body).policy()


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._read = Lines(self._add)
        self._lines: list[PolicyLine] = []
        self._deviations: list[PolicyDeviation] = []
        self._values: dict[str, tuple[str, int]] = {}
        self._patterns: dict[str, MxPattern] = {}
        self._extensions: list[PolicyLine] = []
        self._has_mx = False

    def policy(self) -> Policy:
        """Read all lines, then judge the whole."""
        body = self._body[:STS_POLICY_KEPT_BYTES]
        if len(self._body) > STS_POLICY_KEPT_BYTES:
            self._add(
                PolicyFault.TOO_LONG,
                Weight.BREAKS,
                0,
                "",
                say(
                    "the file has {body} octets; {sts_policy_kept_bytes} are read (RFC 8461"
                    " 3.3 lets senders draw the line there)",
                    body=len(self._body),
                    sts_policy_kept_bytes=STS_POLICY_KEPT_BYTES,
                ),
            )
        if body.startswith(_BOM):
            self._add(
                PolicyFault.BYTE_ORDER_MARK,
                Weight.DIFFERS,
                1,
                "U+FEFF",
                say(
                    "a byte order mark stands before the first field: some readers take it"
                    " for a part of the field's name"
                ),
            )
            body = body.removeprefix(_BOM)
        self._endings(body)
        for number, raw in enumerate(_split(body), 1):
            if number > STS_POLICY_LINES:
                self._add(
                    PolicyFault.TOO_MANY_LINES,
                    Weight.BREAKS,
                    0,
                    "",
                    say(
                        "the file has more than {sts_policy_lines} lines",
                        sts_policy_lines=STS_POLICY_LINES,
                    ),
                )
                break
            self._line(number, raw)
        judged = Judge(self._values, self._add)
        first = next((line.number for line in self._lines if line.field), 0)
        version, mode, max_age = judged.version(first), judged.mode(), judged.max_age()
        judged.mx(mode, any_given=self._has_mx, any_usable=bool(self._patterns))
        if not self._lines:
            self._deviations = [
                PolicyDeviation(
                    fault=PolicyFault.EMPTY,
                    weight=Weight.BREAKS,
                    line=0,
                    value="",
                    sentence=say("the file is empty"),
                )
            ]
        order = list(Weight)
        return Policy(
            raw=self._body[:STS_POLICY_KEPT_BYTES],
            lines=tuple(self._lines),
            version=version,
            mode=mode,
            max_age_s=max_age,
            patterns=tuple(self._patterns.values()),
            extensions=tuple(self._extensions),
            deviations=tuple(
                sorted(self._deviations, key=lambda one: (order.index(one.weight), one.line))
            ),
        )

    def _add(
        self, fault: PolicyFault, weight: Weight, line: int, value: str | bytes, sentence: str
    ) -> None:
        if len(self._deviations) >= STS_DEVIATIONS and weight is not Weight.BREAKS:
            return
        if len(self._deviations) >= 2 * STS_DEVIATIONS:
            return
        self._deviations.append(
            PolicyDeviation(
                fault=fault,
                weight=weight,
                line=line,
                value=visible(value, _VALUE_CHARS),
                sentence=sentence,
            )
        )

    def _endings(self, body: bytes) -> None:
        """sts-policy-term is LF or CRLF; both may stand in one file."""
        crlf = body.count(b"\r\n")
        if crlf and crlf != body.count(b"\n"):
            self._add(
                PolicyFault.MIXED_ENDINGS,
                Weight.ODD,
                0,
                "",
                say("some lines end with LF and some with CRLF: both are allowed (RFC 8461 3.2)"),
            )

    def _line(self, number: int, raw: bytes) -> None:
        if not raw.strip(b" \t"):
            self._lines.append(PolicyLine(number=number, raw=raw))
            self._add(
                PolicyFault.EMPTY_LINE,
                Weight.DIFFERS,
                number,
                raw,
                say(
                    "line {number} is empty, which the grammar does not have; most readers skip it",
                    number=number,
                ),
            )
            return
        cut = raw
        if len(raw) > STS_LINE_BYTES:
            cut = raw[:STS_LINE_BYTES]
            self._add(
                PolicyFault.LONG_LINE,
                Weight.DIFFERS,
                number,
                raw[:40],
                say(
                    "line {number} has {raw} octets; {sts_line_bytes} are read",
                    number=number,
                    raw=len(raw),
                    sts_line_bytes=STS_LINE_BYTES,
                ),
            )
        text = self._read.text(number, cut, whole=cut is raw)
        field, colon, value = text.partition(":")
        if not colon:
            self._lines.append(PolicyLine(number=number, raw=raw))
            self._add(
                PolicyFault.NO_COLON,
                Weight.BREAKS,
                number,
                raw,
                say(
                    'line {number}, "{raw}", is no "field: value"',
                    number=number,
                    raw=visible(raw, 60),
                ),
            )
            return
        name = self._read.name(number, field)
        shown = value.strip(WSP)
        line = PolicyLine(
            number=number,
            raw=raw,
            field=visible(name, NAME_CHARS + 8),
            value=visible(shown, _VALUE_CHARS),
            used=self._take(number, name, shown),
        )
        self._lines.append(line)
        if name not in KNOWN:
            self._extensions.append(line)
            self._read.extension(number, name, shown)

    def _take(self, number: int, name: str, value: str) -> bool:
        """Put a known field's value aside; say whether senders use it."""
        if name == "mx":
            self._has_mx = True
            return self._pattern(number, value)
        if name not in KNOWN:
            return False
        if name in self._values:  # RFC 8461 3.2: all but the first are ignored
            first = self._values[name][1]
            self._add(
                PolicyFault.DUPLICATE_FIELD,
                Weight.ODD,
                number,
                value,
                say(
                    'line {number}: {name} is given again; line {first} counts, "{value}" is'
                    " ignored",
                    number=number,
                    name=name,
                    first=first,
                    value=visible(value, 40),
                ),
            )
            return False
        self._values[name] = (value, number)
        return True

    def _pattern(self, number: int, value: str) -> bool:
        read = read_pattern(value, number)
        for fault, sentence in read.remarks:
            self._add(
                fault,
                Weight.DIFFERS,
                number,
                value,
                say("line {number}: {sentence}", number=number, sentence=sentence),
            )
        if isinstance(read, BadPattern):
            return False
        key = str(read.pattern)
        if key in self._patterns:
            self._add(
                PolicyFault.MX_DUPLICATE,
                Weight.ODD,
                number,
                value,
                say(
                    "line {number}: {key} stands in line {line} already",
                    number=number,
                    key=visible(key, 100),
                    line=self._patterns[key].line,
                ),
            )
            return False
        self._patterns[key] = read.pattern
        return True


def _split(body: bytes) -> Iterator[bytes]:
    """Yield the lines; a terminator at the end begins no further one."""
    at = 0
    while at < len(body):
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        yield body[at:end].removesuffix(b"\r") if end < len(body) else body[at:end]
        at = end + 1
