"""One list of hostile inputs, fed to every parser, every report and every widget."""

HOSTILE: tuple[bytes, ...] = (
    b"\x1b[31mred\x1b[0m",
    b"\x1b]0;title\x07",
    b"\x1b]8;;https://evil.example/\x1b\\click\x1b]8;;\x1b\\",
    b"\x9b2J\xc2\x9b31m",
    b"\x00\x01\x02\x7f\x08\x0b\x0c",
    "\u202egnp.exe\u2066\u2069\u200b\u200f\ufeff\u2028\u2029".encode(),
    b"[/x][@click=app.quit]quit[/][bold]bold[/bold][link=https://evil.example/]l[/link]",
    b"<script>alert(1)</script><img src=x onerror=alert(1)>",
    b"\"'><svg onload=alert(1)>&lt;&#x3c;&amp;",
    b"</pre></code></td></table></style></title><h1>owned</h1><!-- ",
    b"| a | b |",
    b"`code` ``` fence ``` ~~~ fence ~~~",
    b"[link](https://evil.example/) ![img](https://evil.example/i.png) <https://evil.example/>",
    b"https://evil.example/ www.evil.example evil@evil.example",
    b"# heading\r\n## heading\r\n\r\n- list\r\n1. list\r\n> quote\r\n***bold*** __b__ ~~s~~ \\ $x$",
    b"{{ 7*7 }}{% raw %}{# c #}{%- endraw -%}",
    b"%s%n%d{0}{__class__}",
    b"\r\n250 injected\r\nQUIT\r\n",
    b"\xff\xfe\xed\xa0\x80\xc0\xaf",
    "\U000e0041\U0001f600\u0301\u0301\u0301\u0301".encode(),
    b"A" * 9_000,
    b"=cmd|' /C calc'!A0",
    b"../../../../etc/passwd\x00.txt",
    b"",
)

HOSTILE_TEXTS: tuple[str, ...] = tuple(item.decode("utf-8", "replace") for item in HOSTILE)
