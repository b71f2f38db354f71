"""The one list of hostile byte strings that every parser and every widget is fed with."""

HOSTILE: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"\r",
    b"\n",
    b"\r\r\n\n\r",
    b" ",
    b"\t",
    b"\x1b[2J\x1b[31mred\x1b[0m",  # CSI: clear the screen, change the colour
    b"\x1b]0;owned\x07",  # OSC 0: set the window title
    b"\x1b]52;c;cm0gLXJmIH4=\x07",  # OSC 52: write to the clipboard
    b"\x1b]8;;http://example.com/\x1b\\click\x1b]8;;\x1b\\",  # OSC 8: a link
    b"\x1bP1$r0m\x1b\\",  # DCS
    b"\x9b31m\x9d52;c;AAAA\x9c",  # C1 controls as single octets
    "\x9b31mC1 in UTF-8\x85\x84".encode(),
    b"\x08\x08\x08overwritten\x7f\x7f",
    b"\x0e\x0fshifted\x07\x0b\x0c",
    "exam\u202eelpmaxe.\u202ccom".encode(),  # right-to-left override
    "\u2066isolate\u2069 \u200b\u200e\u200f\ufeff zero width".encode(),
    "\u2028line\u2029paragraph\x85next".encode(),
    b"[/x]",
    b"[@click=app.quit]click me[/]",
    b"[bold red on blink]markup[/bold]",
    b"[link=http://example.com/]link[/link] \\[escaped]",
    b"{{ 7 * 7 }} {% raw %} ${x} %s %n %(name)s {0.__class__}",
    b"<script>alert(1)</script><img src=x onerror=alert(1)>&lt;\"'`",
    b"| markdown | table |\n|---|---|\n# heading\n```\n![x](http://example.com/)",
    b"=cmd|' /C calc'!A0",
    b"../../../../etc/passwd\x00.txt",
    b"\xff\xfe\x80\xc0\xaf",  # not UTF-8, and an overlong form
    b"\xed\xa0\x80\xed\xbf\xbf",  # lone surrogates
    b"\xf4\x90\x80\x80",  # beyond U+10FFFF
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f0\U0001f1f7 e\u0301\u0327".encode(),
    ("z" + "\u0334\u0351\u0489" * 40).encode(),  # a stack of combining marks
    "\u5bbd\uff11\u3000\u2800\U000e0041\ue000\ufffe\uffff".encode(),
    b"250-" + b"A" * 9_000 + b"\r\n",
    b"A" * 70_000,
    b"250-x\r\n" * 200,
    b"250 " + b"\x1b[A" * 100 + b"\r\n",
    b"220 ready\r\n250 injected\r\n",
    b"9" * 400,
    b"-1",
    b"1e999",
    b"xn--" + b"a" * 60 + b".xn--zzzzzz",
    b"." * 300,
    b"%n%s%x" * 10,
    b'{"a":' * 500,
)
