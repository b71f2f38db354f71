"""What a file is, by its first octets: gzip, ZIP, or an e-mail."""

import re

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
SPACE = b" \t\r\n"
SNIFFED = 65_536
_LINE_END = re.compile(rb"\r*\n|\r")
_MAIL = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]{1,100}:[^\n]*\n(?:[ \t][^\n]*\n){0,200}){2}")


def looks_like_mail(begins: bytes) -> bool:
    """Say whether it begins with two header fields (RFC 5322 2.2); JSON with a key a line is none."""
    return (
        not begins.startswith(b"{")
        and _MAIL.match(_LINE_END.sub(b"\n", begins[:SNIFFED])) is not None
    )
